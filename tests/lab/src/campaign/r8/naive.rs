//! The naive ledger of R8, written from the rules as people read them: balances in a map, no
//! counters, no holds, no transactions.

use std::collections::BTreeMap;

use souk_core::limits::SHEETS_WAITING_MAX;

/// A day of UTC, in milliseconds.
const DAY_MS: u64 = 86_400_000;
/// The most any account holds, in minor units.
const MOST: i64 = (1 << 53) - 1;

/// Somebody with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Bank,
    Person(u64),
    App(u64),
    Merchant,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// From the first to the second, at once.
    Move(Who, Who),
    /// Both of them, or none: the same amount to the second, and on to the third.
    Relay(Who, Who, Who),
    /// A person pays the order at this place.
    Pay(u64, usize),
}

/// A request with an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) id: u64,
    pub(super) what: What,
    pub(super) amount: i64,
    pub(super) usd: bool,
}

impl Request {
    /// What its id names: relays have names of their own.
    pub(super) fn name(&self) -> (u64, bool) {
        (self.id, matches!(self.what, What::Relay(..)))
    }
}

/// What somebody answers: which movement it was, or the words of the refusal.
pub(super) type Answer = Result<usize, String>;

pub(super) struct Order {
    pub(super) payer: u64,
    pub(super) app: u64,
    amount: i64,
    usd: bool,
    pub(super) expires: u64,
    pub(super) state: &'static str,
}

/// The most there may be, in US dollars; in yen there is no limit.
pub(super) struct Limits {
    pub(super) order: i64,
    pub(super) day: i64,
    pub(super) app: i64,
    pub(super) balance: i64,
}

pub(super) struct Naive {
    pub(super) limits: Limits,
    pub(super) now: u64,
    pub(super) have: BTreeMap<(Who, bool), i64>,
    pub(super) moved: usize,
    pub(super) orders: Vec<Order>,
    ids: BTreeMap<(u64, bool), (Request, Answer)>,
    spent: BTreeMap<(u64, bool, u64), i64>,
    spent_at: BTreeMap<(u64, u64, bool, u64), i64>,
}

impl Naive {
    pub(super) fn new(limits: Limits, now: u64) -> Self {
        Self {
            limits,
            now,
            have: BTreeMap::new(),
            moved: 0,
            orders: Vec::new(),
            ids: BTreeMap::new(),
            spent: BTreeMap::new(),
            spent_at: BTreeMap::new(),
        }
    }

    /// Opens an order that waits `waits` milliseconds, and tells whether it could.
    pub(super) fn open(
        &mut self,
        payer: u64,
        app: u64,
        amount: i64,
        usd: bool,
        waits: u64,
    ) -> bool {
        let waiting = self
            .orders
            .iter()
            .filter(|order| order.state == "pending" && (order.payer, order.app) == (payer, app));
        if waiting.count() >= SHEETS_WAITING_MAX {
            return false;
        }
        let expires = self.now + waits;
        self.orders.push(Order {
            payer,
            app,
            amount,
            usd,
            expires,
            state: "pending",
        });
        true
    }

    /// What was asked under this name before.
    pub(super) fn before(&self, name: (u64, bool)) -> Option<Request> {
        self.ids.get(&name).map(|(request, _)| *request)
    }

    /// Does what is asked, once.
    pub(super) fn ask(&mut self, request: Request) -> Answer {
        let name = request.name();
        if let Some((before, answer)) = self.ids.get(&name) {
            return if *before == request {
                answer.clone()
            } else {
                Err("the transfer id was already used with other terms".to_owned())
            };
        }
        let answer = self.decide(request);
        self.ids.insert(name, (request, answer.clone()));
        answer
    }

    fn decide(&mut self, request: Request) -> Answer {
        let Request {
            what, amount, usd, ..
        } = request;
        match what {
            What::Move(from, to) => self.post(from, to, amount, usd),
            What::Relay(from, over, to) => {
                let before = (self.have.clone(), self.moved);
                let spent = (self.spent.clone(), self.spent_at.clone());
                let first = self.post(from, over, amount, usd)?;
                if let Err(words) = self.post(over, to, amount, usd) {
                    (self.have, self.moved) = before;
                    (self.spent, self.spent_at) = spent;
                    return Err(words);
                }
                Ok(first)
            }
            What::Pay(by, place) => self.pay(by, place),
        }
    }

    fn pay(&mut self, by: u64, place: usize) -> Answer {
        let order = self.orders.get(place).filter(|order| order.payer == by);
        let order = order.ok_or("there is no such order")?;
        let late = order.state == "pending" && self.now >= order.expires;
        let state = if late { "expired" } else { order.state };
        if state != "pending" {
            return Err(format!("the order is {state}"));
        }
        let (app, amount, usd) = (order.app, order.amount, order.usd);
        let moved = self.post(Who::Person(by), Who::App(app), amount, usd)?;
        if let Some(order) = self.orders.get_mut(place) {
            order.state = "paid";
        }
        Ok(moved)
    }

    fn has(&self, who: Who, usd: bool) -> i64 {
        self.have.get(&(who, usd)).copied().unwrap_or(0)
    }

    fn post(&mut self, from: Who, to: Who, amount: i64, usd: bool) -> Answer {
        if amount == 0 {
            return Err("the amount must be more than zero".to_owned());
        }
        self.within(from, to, amount, usd)?;
        if from != Who::Bank && self.has(from, usd) < amount {
            return Err("the balance is too low".to_owned());
        }
        let room = self.has(to, usd) + amount;
        let limited = usd && matches!(to, Who::Person(_));
        if limited && room > self.limits.balance {
            return Err("an account may hold at most 300.00 USD".to_owned());
        }
        if to != Who::Bank && room > MOST {
            return Err("the account cannot hold that much".to_owned());
        }
        *self.have.entry((from, usd)).or_default() -= amount;
        *self.have.entry((to, usd)).or_default() += amount;
        self.count(from, to, amount, usd);
        self.moved += 1;
        Ok(self.moved - 1)
    }

    /// The limits on what people spend: on each other and at apps.
    fn within(&self, from: Who, to: Who, amount: i64, usd: bool) -> Result<(), String> {
        let (Who::Person(by), Who::Person(_) | Who::App(_), true) = (from, to, usd) else {
            return Ok(());
        };
        let day = self.now / DAY_MS;
        if amount > self.limits.order {
            return Err("at most 80.00 USD may be spent at once".to_owned());
        }
        let spent = self.spent.get(&(by, usd, day)).copied().unwrap_or(0);
        if spent + amount > self.limits.day {
            return Err("at most 200.00 USD may be spent in one day".to_owned());
        }
        let Who::App(app) = to else { return Ok(()) };
        let at = self.spent_at.get(&(by, app, usd, day)).copied();
        if at.unwrap_or(0) + amount > self.limits.app {
            return Err("at most 120.00 USD may be spent at one app in one day".to_owned());
        }
        Ok(())
    }

    /// Counts what was spent.
    fn count(&mut self, from: Who, to: Who, amount: i64, usd: bool) {
        let (Who::Person(by), Who::Person(_) | Who::App(_)) = (from, to) else {
            return;
        };
        let day = self.now / DAY_MS;
        *self.spent.entry((by, usd, day)).or_default() += amount;
        if let Who::App(app) = to {
            *self.spent_at.entry((by, app, usd, day)).or_default() += amount;
        }
    }
}
