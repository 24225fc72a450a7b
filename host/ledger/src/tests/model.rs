//! The real ledger beside a naive one: for any list of commands both give the same answers, hold
//! the same money, and the auditor is content after each.
//!
//! The naive ledger is written from the rules as people read them: balances in a map, orders in a
//! list, no table, no counters, no transactions.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use souk_core::limits::{ORDER_WAITS_MS_DEFAULT, ORDER_WAITS_MS_MAX, SHEETS_WAITING_MAX};
use souk_core::{Currency, MINOR_MAX, Money, OrderId};

use super::book::{Book, holder, name_of, no_order, one, tea};
use super::engines;
use crate::Refusal;
use crate::entry::{Entry, EntryKind};
use crate::order::{Order, OrderState};

const PEOPLE: [&str; 2] = ["ana", "ben"];
const APPS: [&str; 2] = ["tea", "spice"];
const CURRENCIES: [&str; 2] = ["USD", "JPY"];

/// Something somebody asks of the ledger. Orders are named by the place they were opened at.
#[derive(Clone, Debug)]
enum Command {
    Deposit {
        who: &'static str,
        amount: Money,
        id: String,
    },
    Open {
        app: &'static str,
        who: &'static str,
        amount: Money,
        key: String,
        waits: Option<u64>,
        ceiling: Option<Money>,
        memo: &'static str,
    },
    Pay {
        order: usize,
        who: &'static str,
        id: String,
    },
    Decline {
        order: usize,
        who: &'static str,
    },
    Cancel {
        order: usize,
        app: &'static str,
    },
    Expire {
        order: usize,
    },
    Refund {
        order: usize,
        app: &'static str,
        key: String,
        amount: Money,
        reason: &'static str,
    },
    Wait {
        millis: u64,
    },
}

fn who() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&PEOPLE[..])
}

fn app() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&APPS[..])
}

/// Few different amounts, so that sums meet their bounds exactly.
fn amount() -> impl Strategy<Value = Money> {
    let minor = prop_oneof![
        1 => Just(0),
        8 => prop::sample::select(vec![100, 250, 500, 1_000]),
        1 => Just(MINOR_MAX - 500),
    ];
    let currency = prop_oneof![4 => Just(CURRENCIES[0]), 1 => Just(CURRENCIES[1])];
    (minor, currency)
        .prop_map(|(minor, currency)| Money::new(minor, currency.parse().unwrap()).unwrap())
}

/// Few different ids, so that they meet again.
fn name(letter: &'static str, count: usize) -> impl Strategy<Value = String> {
    (0..count).prop_map(move |number| format!("{letter}{number}"))
}

fn command() -> impl Strategy<Value = Command> {
    let order = || 0..8usize;
    let id = || name("t", 24);
    let waits = prop_oneof![
        6 => Just(None),
        2 => Just(Some(1_000)),
        1 => Just(Some(999)),
        1 => Just(Some(ORDER_WAITS_MS_DEFAULT)),
        1 => Just(Some(ORDER_WAITS_MS_MAX + 1)),
    ];
    let ceiling = prop_oneof![5 => Just(None), 1 => amount().prop_map(Some)];
    let reason = prop::sample::select(&["", "cold", "late"][..]);
    let key = prop_oneof![1 => Just(String::new()), 20 => name("k", 8)];
    let refund_key = prop_oneof![1 => Just(String::new()), 20 => name("r", 4)];
    let memo = prop::sample::select(&["", "", "Enjoy"][..]);
    prop_oneof![
        4 => (who(), amount(), id())
            .prop_map(|(who, amount, id)| Command::Deposit { who, amount, id }),
        6 => (app(), who(), amount(), key, waits, ceiling, memo).prop_map(
            |(app, who, amount, key, waits, ceiling, memo)| {
                Command::Open { app, who, amount, key, waits, ceiling, memo }
            }
        ),
        6 => (order(), who(), id()).prop_map(|(order, who, id)| Command::Pay { order, who, id }),
        1 => (order(), who()).prop_map(|(order, who)| Command::Decline { order, who }),
        1 => (order(), app()).prop_map(|(order, app)| Command::Cancel { order, app }),
        2 => order().prop_map(|order| Command::Expire { order }),
        6 => (order(), app(), refund_key, amount(), reason).prop_map(
            |(order, app, key, amount, reason)| {
                Command::Refund { order, app, key, amount, reason }
            }
        ),
        1 => prop::sample::select(vec![1, 999, 1_000, ORDER_WAITS_MS_DEFAULT])
            .prop_map(|millis| Command::Wait { millis }),
    ]
}

/// What a command answers, in words.
type Answer = Result<String, Refusal>;

/// A movement of money, as the naive ledger remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moved {
    from: &'static str,
    to: &'static str,
    amount: Money,
    order: Option<usize>,
    kind: EntryKind,
}

#[derive(Clone, Debug)]
struct NaiveOrder {
    app: &'static str,
    payer: &'static str,
    key: String,
    memo: &'static str,
    total: Money,
    refunded: u64,
    state: OrderState,
    revision: u64,
    expires: u64,
    opened: u64,
}

/// The naive ledger.
#[derive(Default)]
struct Naive {
    now: u64,
    have: BTreeMap<(&'static str, Currency), i128>,
    moved: Vec<Moved>,
    /// Which transfer ids made which movement.
    ids: BTreeMap<String, usize>,
    /// Which refunds were given, by order and key: the movement and the reason.
    refunds: BTreeMap<(usize, String), (usize, &'static str)>,
    orders: Vec<NaiveOrder>,
}

impl Naive {
    fn command(&mut self, command: &Command) -> Answer {
        match command.clone() {
            Command::Deposit { who, amount, id } => self.deposit(who, amount, &id),
            Command::Open { .. } => self.open(command),
            Command::Pay { order, who, id } => self.pay(order, who, &id),
            Command::Decline { order, who } => {
                self.close(order, |order| order.payer == who, OrderState::Declined)
            }
            Command::Cancel { order, app } => {
                self.close(order, |order| order.app == app, OrderState::Canceled)
            }
            Command::Expire { order } => self.expire(order),
            Command::Refund {
                order,
                app,
                key,
                amount,
                reason,
            } => self.refund(order, app, &key, amount, reason),
            Command::Wait { millis } => {
                self.now += millis;
                Ok("later".to_owned())
            }
        }
    }

    fn has(&self, who: &'static str, currency: Currency) -> i128 {
        self.have.get(&(who, currency)).copied().unwrap_or(0)
    }

    fn transfer(&mut self, moved: Moved) -> Result<usize, Refusal> {
        let (currency, minor) = (moved.amount.currency(), i128::from(moved.amount.minor()));
        if minor == 0 {
            return Err(Refusal::AmountZero);
        }
        if moved.from != "bank" && self.has(moved.from, currency) < minor {
            return Err(Refusal::Funds);
        }
        if self.has(moved.to, currency) + minor > i128::from(MINOR_MAX) {
            return Err(Refusal::Overflow);
        }
        *self.have.entry((moved.from, currency)).or_default() -= minor;
        *self.have.entry((moved.to, currency)).or_default() += minor;
        self.moved.push(moved);
        Ok(self.moved.len() - 1)
    }

    fn deposit(&mut self, who: &'static str, amount: Money, id: &str) -> Answer {
        let kind = EntryKind::Deposit;
        let moved = Moved {
            from: "bank",
            to: who,
            amount,
            order: None,
            kind,
        };
        if let Some(done) = self.ids.get(id) {
            return if self.moved[*done] == moved {
                self.told(*done)
            } else {
                Err(Refusal::IdReused)
            };
        }
        let done = self.transfer(moved)?;
        self.ids.insert(id.to_owned(), done);
        self.told(done)
    }

    fn open(&mut self, command: &Command) -> Answer {
        let Command::Open {
            app,
            who,
            amount,
            key,
            waits,
            ceiling,
            memo,
        } = command.clone()
        else {
            unreachable!("only called with Open")
        };
        if key.is_empty() {
            return Err(Refusal::KeyLength);
        }
        let known = self
            .orders
            .iter()
            .position(|order| order.app == app && order.key == key);
        if let Some(place) = known {
            let order = &self.orders[place];
            // Without a word about time it is two hours from when it was opened.
            let expires = waits.map_or(order.opened + ORDER_WAITS_MS_DEFAULT, |ms| self.now + ms);
            let same = order.payer == who && order.total == amount && order.memo == memo;
            return if same && expires == order.expires {
                self.shown(place)
            } else {
                Err(Refusal::KeyReused)
            };
        }
        if amount.is_zero() {
            return Err(Refusal::AmountZero);
        }
        let waits = waits.unwrap_or(ORDER_WAITS_MS_DEFAULT);
        if !(1_000..=ORDER_WAITS_MS_MAX).contains(&waits) {
            return Err(Refusal::Expiry);
        }
        if let Some(ceiling) = ceiling
            && (ceiling.currency() != amount.currency() || ceiling.minor() < amount.minor())
        {
            return Err(Refusal::OverCeiling { ceiling });
        }
        let waiting = self.orders.iter().filter(|order| {
            order.app == app && order.payer == who && order.state == OrderState::Pending
        });
        if waiting.count() >= SHEETS_WAITING_MAX {
            return Err(Refusal::SheetsWaiting);
        }
        self.orders.push(NaiveOrder {
            app,
            payer: who,
            key,
            memo,
            total: amount,
            refunded: 0,
            state: OrderState::Pending,
            revision: 1,
            expires: self.now + waits,
            opened: self.now,
        });
        self.shown(self.orders.len() - 1)
    }

    /// The state that counts now: who comes too late finds the order expired.
    fn state(&self, order: &NaiveOrder) -> OrderState {
        let late = order.state == OrderState::Pending && order.expires <= self.now;
        if late {
            OrderState::Expired
        } else {
            order.state
        }
    }

    fn pay(&mut self, place: usize, who: &'static str, id: &str) -> Answer {
        if let Some(done) = self.ids.get(id) {
            let moved = &self.moved[*done];
            let same = moved.kind == EntryKind::Payment && moved.from == who;
            return if same && moved.order == Some(place) {
                Ok(format!("{}, {}", self.shown(place)?, self.told(*done)?))
            } else {
                Err(Refusal::IdReused)
            };
        }
        let order = self.orders.get(place).filter(|order| order.payer == who);
        let order = order.ok_or(Refusal::UnknownOrder)?;
        let state = self.state(order);
        if state != OrderState::Pending {
            return Err(Refusal::OrderIs(state));
        }
        let (to, amount, kind) = (order.app, order.total, EntryKind::Payment);
        let done = self.transfer(Moved {
            from: who,
            to,
            amount,
            order: Some(place),
            kind,
        })?;
        self.ids.insert(id.to_owned(), done);
        self.change(place, OrderState::Paid);
        Ok(format!("{}, {}", self.shown(place)?, self.told(done)?))
    }

    fn close(&mut self, place: usize, may: impl Fn(&NaiveOrder) -> bool, to: OrderState) -> Answer {
        let order = self.orders.get(place).filter(|order| may(order));
        let state = self.state(order.ok_or(Refusal::UnknownOrder)?);
        if state == OrderState::Pending {
            self.change(place, to);
        } else if state != to {
            return Err(Refusal::OrderIs(state));
        }
        self.shown(place)
    }

    fn expire(&mut self, place: usize) -> Answer {
        let order = self.orders.get(place).ok_or(Refusal::UnknownOrder)?;
        if order.state != OrderState::Pending || order.expires > self.now {
            return Ok("nothing to do".to_owned());
        }
        self.change(place, OrderState::Expired);
        self.shown(place)
    }

    fn refund(
        &mut self,
        place: usize,
        app: &'static str,
        key: &str,
        amount: Money,
        reason: &'static str,
    ) -> Answer {
        if key.is_empty() {
            return Err(Refusal::KeyLength);
        }
        let order = self
            .orders
            .get(place)
            .filter(|order| order.app == app)
            .cloned();
        let known = self.refunds.get(&(place, key.to_owned())).copied();
        if let (Some(_), Some((done, why))) = (&order, known) {
            return if self.moved[done].amount == amount && why == reason {
                Ok(format!("{}, {}", self.shown(place)?, self.told(done)?))
            } else {
                Err(Refusal::KeyReused)
            };
        }
        if amount.is_zero() {
            return Err(Refusal::AmountZero);
        }
        let order = order.ok_or(Refusal::UnknownOrder)?;
        let state = self.state(&order);
        if state != OrderState::Paid {
            return Err(Refusal::OrderIs(state));
        }
        let left = order.total.minor() - order.refunded;
        if amount.currency() != order.total.currency() || amount.minor() > left {
            let left = Money::new(left, order.total.currency()).unwrap();
            return Err(Refusal::OverRefund { left });
        }
        let (to, kind) = (order.payer, EntryKind::Refund);
        let done = self.transfer(Moved {
            from: app,
            to,
            amount,
            order: Some(place),
            kind,
        })?;
        self.refunds.insert((place, key.to_owned()), (done, reason));
        self.orders[place].refunded += amount.minor();
        let whole = amount.minor() == left;
        self.change(
            place,
            if whole {
                OrderState::Refunded
            } else {
                OrderState::Paid
            },
        );
        Ok(format!("{}, {}", self.shown(place)?, self.told(done)?))
    }

    fn change(&mut self, place: usize, to: OrderState) {
        self.orders[place].state = to;
        self.orders[place].revision += 1;
    }

    fn told(&self, place: usize) -> Answer {
        let Moved {
            from, to, amount, ..
        } = &self.moved[place];
        Ok(format!("entry {place}: {amount} from {from} to {to}"))
    }

    fn shown(&self, place: usize) -> Answer {
        let order = &self.orders[place];
        let (state, revision, refunded) = (order.state, order.revision, order.refunded);
        Ok(format!(
            "order {place}: {state}, revision {revision}, {refunded} refunded"
        ))
    }
}

/// The real ledger, answering in the same words.
struct Real {
    book: Book,
    orders: Vec<OrderId>,
    entries: Vec<Entry>,
}

impl Real {
    async fn command(&mut self, command: &Command) -> Answer {
        match command.clone() {
            Command::Deposit { who, amount, id } => {
                let entry = self.book.deposit(who, &amount.to_string(), &id).await?;
                Ok(self.told(&entry))
            }
            Command::Open {
                app,
                who,
                amount,
                key,
                waits,
                ceiling,
                memo,
            } => {
                let mut ask = tea(who, &amount.to_string(), &key);
                ask.app = super::book::app(app);
                ask.details = one("Something", &amount.to_string());
                ask.details.memo = memo.to_owned();
                ask.expires = waits.map(|millis| self.book.store.now().after_millis(millis));
                ask.ceiling = ceiling;
                let order = self.book.open(&ask).await?;
                Ok(self.shown(&order))
            }
            Command::Pay { order, who, id } => {
                let paid = self.book.pay(self.id(order), who, &id).await?;
                Ok(format!(
                    "{}, {}",
                    self.shown(&paid.order),
                    self.told(&paid.entry)
                ))
            }
            Command::Decline { order, who } => {
                let order = self.book.decline(self.id(order), who).await?;
                Ok(self.shown(&order))
            }
            Command::Cancel { order, app } => {
                let order = self.book.cancel(self.id(order), app, "").await?;
                Ok(self.shown(&order))
            }
            Command::Expire { order } => match self.book.expire(self.id(order)).await? {
                Some(order) => Ok(self.shown(&order)),
                None => Ok("nothing to do".to_owned()),
            },
            Command::Refund {
                order,
                app,
                key,
                amount,
                reason,
            } => {
                let (id, amount) = (self.id(order), amount.to_string());
                let done = self.book.refund(id, app, &key, &amount, reason).await?;
                Ok(format!(
                    "{}, {}",
                    self.shown(&done.order),
                    self.told(&done.entry)
                ))
            }
            Command::Wait { millis } => {
                self.book.wait(millis);
                Ok("later".to_owned())
            }
        }
    }

    fn id(&self, place: usize) -> OrderId {
        self.orders.get(place).copied().unwrap_or(no_order())
    }

    fn told(&mut self, entry: &Entry) -> String {
        if !self.entries.contains(entry) {
            self.entries.push(entry.clone());
        }
        let place = self
            .entries
            .iter()
            .position(|known| known == entry)
            .unwrap();
        let (from, to) = (name_of(&entry.debit), name_of(&entry.credit));
        format!("entry {place}: {} from {from} to {to}", entry.amount)
    }

    fn shown(&mut self, order: &Order) -> String {
        if !self.orders.contains(&order.id) {
            self.orders.push(order.id);
        }
        let place = self
            .orders
            .iter()
            .position(|known| *known == order.id)
            .unwrap();
        let (state, revision, refunded) = (order.state, order.revision, order.refunded.minor());
        format!("order {place}: {state}, revision {revision}, {refunded} refunded")
    }
}

async fn compare(commands: Vec<Command>) -> Result<(), TestCaseError> {
    let mut naive = Naive::default();
    let mut real = Real {
        book: Book::new(),
        orders: Vec::new(),
        entries: Vec::new(),
    };
    for command in commands {
        let expected = naive.command(&command);
        let answer = real.command(&command).await;
        prop_assert_eq!(answer, expected, "{:?}", command);

        for name in ["bank", "ana", "ben", "tea", "spice"] {
            for currency in CURRENCIES {
                let has = real.book.balance(&holder(name), currency).await.available;
                let expected = naive.has(name, currency.parse().unwrap());
                prop_assert_eq!(i128::from(has), expected, "{} of {}", currency, name);
            }
        }
        let audit = real.book.audit().await;
        prop_assert_eq!(&audit.faults, &vec![]);
        prop_assert_eq!(audit.entries, naive.moved.len() as u64);
        prop_assert_eq!(audit.orders, naive.orders.len() as u64);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: engines::cases(300), ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_answers_as_a_naive_one_does(commands in vec(command(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(compare(commands))?;
    }
}

/// The commands reach what they are meant to reach: otherwise the comparison would be an empty one.
#[test]
fn the_commands_meet_every_refusal_of_the_rules() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let commands = vec(command(), 1..80)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let mut naive = Naive::default();
        for command in &commands {
            match naive.command(command) {
                Ok(_) => {}
                Err(refusal) => {
                    let words = format!("{refusal:?}");
                    let end = words.find([' ', '{']).unwrap_or(words.len());
                    met.insert(words[..end].to_owned());
                }
            }
        }
    }
    let met: Vec<_> = met.into_iter().collect();
    let expected = [
        "AmountZero",
        "Expiry",
        "Funds",
        "IdReused",
        "KeyLength",
        "KeyReused",
        "OrderIs(Canceled)",
        "OrderIs(Declined)",
        "OrderIs(Expired)",
        "OrderIs(Paid)",
        "OrderIs(Pending)",
        "OrderIs(Refunded)",
        "OverCeiling",
        "OverRefund",
        "Overflow",
        "SheetsWaiting",
        "UnknownOrder",
    ];
    assert_eq!(met, expected);
}
