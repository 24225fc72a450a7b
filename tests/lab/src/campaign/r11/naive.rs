//! The naive order of R11: a state, what was held, paid and given back, and who has what.

use std::collections::BTreeMap;

/// How long an order waits, and how long an authorization stands, in milliseconds.
const WAITS_MS: u64 = 2 * 60 * 60 * 1_000;
const HELD_MS: u64 = 7 * 24 * 60 * 60 * 1_000;
/// What the order is about, in minor units.
pub(super) const TOTAL: u64 = 1_000;

/// What somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Under an id of its own.
    Approve(u64),
    Capture(u64),
    Void,
    Decline,
    Expire,
    /// Under a key of its own.
    Refund(u64, u64),
}

/// What somebody answers: the state from then on, or the words of the refusal.
pub(super) type Answer = Result<String, String>;

/// What the payer and the app have, and what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Money {
    pub(super) payer: u64,
    pub(super) held: u64,
    pub(super) app: u64,
}

pub(super) struct Naive {
    pub(super) now: u64,
    authorize_only: bool,
    state: &'static str,
    expires: u64,
    held_until: u64,
    paid: u64,
    refunded: u64,
    tries: BTreeMap<u64, Option<String>>,
    refunds: BTreeMap<u64, u64>,
}

impl Naive {
    pub(super) fn new(authorize_only: bool, now: u64) -> Self {
        Self {
            now,
            authorize_only,
            state: "pending",
            expires: now + WAITS_MS,
            held_until: 0,
            paid: 0,
            refunded: 0,
            tries: BTreeMap::new(),
            refunds: BTreeMap::new(),
        }
    }

    pub(super) fn money(&self) -> Money {
        let held = if self.state == "authorized" { TOTAL } else { 0 };
        Money {
            payer: TOTAL - held - self.paid + self.refunded,
            held,
            app: self.paid - self.refunded,
        }
    }

    /// The state that counts now.
    fn state(&self) -> &'static str {
        match self.state {
            "pending" if self.now >= self.expires => "expired",
            "authorized" if self.now >= self.held_until => "voided",
            state => state,
        }
    }

    pub(super) fn ask(&mut self, request: Request) -> Answer {
        match request {
            Request::Approve(id) => self.approve(id),
            Request::Capture(amount) => self.capture(amount),
            Request::Void => match self.state() {
                "pending" => self.turn("canceled"),
                "authorized" => self.turn("voided"),
                // It lapsed, and nobody has come round to it yet: then it is so already.
                "canceled" | "voided" => Ok(self.state.to_owned()),
                _ => self.refuse(),
            },
            Request::Decline => match self.state() {
                "pending" => self.turn("declined"),
                "declined" => Ok(self.state.to_owned()),
                _ => self.refuse(),
            },
            Request::Expire => match (self.state, self.state()) {
                ("pending", "expired") => self.turn("expired"),
                ("authorized", "voided") => self.turn("voided"),
                _ => Ok("nothing".to_owned()),
            },
            Request::Refund(key, amount) => self.refund(key, amount),
        }
    }

    fn refuse(&self) -> Answer {
        Err(format!("the order is {}", self.state()))
    }

    fn turn(&mut self, state: &'static str) -> Answer {
        self.state = state;
        Ok(state.to_owned())
    }

    fn approve(&mut self, id: u64) -> Answer {
        if let Some(before) = self.tries.get(&id) {
            return match before {
                Some(words) => Err(words.clone()),
                None => Ok(self.state.to_owned()),
            };
        }
        if self.state() != "pending" {
            let refused = self.refuse();
            self.tries.insert(id, refused.clone().err());
            return refused;
        }
        self.tries.insert(id, None);
        if self.authorize_only {
            self.held_until = self.now + HELD_MS;
            return self.turn("authorized");
        }
        self.paid = TOTAL;
        self.turn("paid")
    }

    fn capture(&mut self, amount: u64) -> Answer {
        let was_captured = matches!(self.state, "paid" | "refunded");
        if was_captured && self.authorize_only && self.paid == amount {
            return Ok(self.state.to_owned());
        }
        if self.state() != "authorized" {
            return self.refuse();
        }
        if amount > TOTAL {
            return Err("at most 10.00 USD is there to capture".to_owned());
        }
        self.paid = amount;
        self.turn("paid")
    }

    fn refund(&mut self, key: u64, amount: u64) -> Answer {
        if let Some(before) = self.refunds.get(&key) {
            return if *before == amount {
                Ok(self.state.to_owned())
            } else {
                Err("the key was already used with other contents".to_owned())
            };
        }
        if self.state() != "paid" {
            return self.refuse();
        }
        let left = self.paid - self.refunded;
        if amount > left {
            return Err(format!(
                "at most {}.{:02} USD is left to refund",
                left / 100,
                left % 100
            ));
        }
        self.refunds.insert(key, amount);
        self.refunded += amount;
        self.turn(if amount == left { "refunded" } else { "paid" })
    }
}
