//! The real ledger of R8, answering in the words of the naive one.

use std::collections::BTreeMap;
use std::sync::Arc;

use souk_core::{EntryId, Money, OrderId, Timestamp, TransferId, TypedId};
use souk_ledger::once::once;
use souk_ledger::policy::{Caps, Limits};
use souk_ledger::transfer::{self, Transfer};
use souk_ledger::{EntryKind, Holder, Policy, Rail, Refusal, account, order};
use souk_store::{Engine, Txn};

use super::naive::{Answer, Naive, Request, What, Who};
use crate::Wrong;
use crate::campaign::books::{Book, app, ask, person};

pub(super) struct Real {
    book: Book,
    orders: Vec<OrderId>,
    /// The movements, in the order they were made in.
    moved: BTreeMap<EntryId, usize>,
}

impl Real {
    pub(super) fn new(engine: Arc<dyn Engine>) -> Result<Self, Wrong> {
        let caps = |text: &str| Ok::<_, Wrong>(Caps(vec![text.parse()?]));
        let limits = Limits {
            order: caps("80.00 USD")?,
            day: caps("200.00 USD")?,
            app: caps("120.00 USD")?,
            balance: caps("300.00 USD")?,
        };
        let policy = Policy {
            limits,
            ..Policy::default()
        };
        Ok(Self {
            book: Book::on(engine, policy)?,
            orders: Vec::new(),
            moved: BTreeMap::new(),
        })
    }

    pub(super) fn now(&self) -> u64 {
        self.book.now()
    }

    pub(super) fn set(&self, now: u64) {
        self.book.set(now);
    }

    /// Opens an order, and tells whether it could.
    pub(super) async fn open(
        &mut self,
        payer: u64,
        app: u64,
        amount: i64,
        usd: bool,
        waits: u64,
    ) -> Result<bool, Wrong> {
        let key = format!("order {}", self.orders.len());
        let mut ask = ask(app, person(payer), key, money(amount, usd)?)?;
        ask.expires = Some(Timestamp::from_millis(self.now() + waits));
        let (ask, policy) = (&ask, &self.book.policy);
        let open = |txn: Txn| async move { order::open(&txn, policy, ask).await };
        match self.book.store.transact(open).await {
            Ok(order) => self.orders.push(order.id),
            Err(Refusal::SheetsWaiting) => return Ok(false),
            Err(other) => return Err(other.into()),
        }
        Ok(true)
    }

    pub(super) async fn expire(&self, place: usize) -> Result<(), Wrong> {
        let id = self.order(place);
        let expire = |txn: Txn| async move { order::expire(&txn, id).await };
        self.book.store.transact(expire).await?;
        Ok(())
    }

    /// Does what is asked, the way a use case does: a refusal uses the id up.
    pub(super) async fn ask(&mut self, request: Request) -> Result<Answer, Wrong> {
        let made = match request.what {
            What::Pay(by, place) => self.pay(request.id, by, place).await,
            What::Move(from, to) => self.post(request, &[(from, to)]).await?,
            What::Relay(from, over, to) => self.post(request, &[(from, over), (over, to)]).await?,
        };
        match made {
            Ok(made) => Ok(Ok(self.number(&made))),
            Err(refusal @ (Refusal::Broken(_) | Refusal::Store(_))) => Err(refusal.into()),
            Err(refusal) => Ok(Err(refusal.to_string())),
        }
    }

    async fn pay(&self, id: u64, by: u64, place: usize) -> Result<Vec<EntryId>, Refusal> {
        let (id, by, order) = (transfer_id(id, 0), person(by), self.order(place));
        let contents = order::approval_contents(order, by);
        let pay = |txn: Txn| async move {
            let decide = order::approve(&txn, &self.book.policy, order, by, id);
            once(&txn, id, contents, decide).await
        };
        let paid = self.book.store.transact(pay).await??;
        Ok(vec![paid.entry.id])
    }

    async fn post(
        &self,
        request: Request,
        legs: &[(Who, Who)],
    ) -> Result<Result<Vec<EntryId>, Refusal>, Wrong> {
        let amount = money(request.amount, request.usd)?;
        // Relays have names of their own.
        let first = if legs.len() > 1 { 1 } else { 0 };
        let legs = (first..).zip(legs).map(|(leg, (from, to))| {
            let id = transfer_id(request.id, leg);
            transfer(id, holder(*from)?, holder(*to)?, amount)
        });
        let legs = &legs.collect::<Result<Vec<_>, Wrong>>()?;
        let contents = contents(legs);
        let id = transfer_id(request.id, first);
        let post = |txn: Txn| async move {
            let decide = transfer::post_linked(&txn, &self.book.policy, legs);
            once(&txn, id, contents, decide).await
        };
        let done = self.book.store.transact(post).await;
        let done = done.and_then(|done| done);
        Ok(done.map(|made| made.iter().map(|entry| entry.id).collect()))
    }

    /// The number of the first of these movements.
    fn number(&mut self, made: &[EntryId]) -> usize {
        for id in made {
            let next = self.moved.len();
            self.moved.entry(*id).or_insert(next);
        }
        let first = made.first().and_then(|id| self.moved.get(id));
        first.copied().unwrap_or(usize::MAX)
    }

    fn order(&self, place: usize) -> OrderId {
        let known = self.orders.get(place).copied();
        known.unwrap_or(OrderId::from_bits(404))
    }

    /// Compares what everybody has, and lets the auditor look.
    pub(super) async fn compare(&self, naive: &Naive) -> Result<Option<String>, Wrong> {
        for ((who, usd), expected) in &naive.have {
            let (holder, currency) = (&holder(*who)?, money(0, *usd)?.currency());
            let read = |txn: Txn| async move { account::balance(&txn, holder, currency).await };
            let has = self.book.store.transact(read).await?.available;
            if has != *expected {
                return Ok(Some(format!(
                    "{who:?} has {has} {currency}, not {expected}"
                )));
            }
        }
        let audit = self.book.audit().await?;
        if audit.is_balanced() && audit.entries == u64::try_from(naive.moved)? {
            return Ok(None);
        }
        let first = audit.faults.first().map(ToString::to_string);
        Ok(Some(format!("{audit}: {}", first.unwrap_or_default())))
    }
}

fn transfer_id(number: u64, leg: u128) -> TransferId {
    TransferId::from_bits(u128::from(number) * 4 + leg + 1)
}

fn money(minor: i64, usd: bool) -> Result<Money, Wrong> {
    let currency = if usd { "USD" } else { "JPY" };
    Ok(Money::new(u64::try_from(minor)?, currency.parse()?)?)
}

fn holder(who: Who) -> Result<Holder, Wrong> {
    Ok(match who {
        Who::Bank => Holder::Rail(Rail::Bank),
        Who::Person(number) => Holder::Person(person(number)),
        Who::App(number) => Holder::App(app(number)?),
        Who::Merchant => Holder::Merchant(person(99)),
    })
}

/// What all legs ask, in one: the first says how many follow by its own digest.
fn contents(legs: &[Transfer]) -> [u8; 32] {
    let digests = legs.iter().map(Transfer::contents);
    digests.fold([0; 32], |sum, digest| {
        let mut bytes = sum.iter().zip(digest).map(|(a, b)| a.rotate_left(1) ^ b);
        std::array::from_fn(|_| bytes.next().unwrap_or(0))
    })
}

fn transfer(
    id: TransferId,
    debit: Holder,
    credit: Holder,
    amount: Money,
) -> Result<Transfer, Wrong> {
    let kind = match (&debit, &credit) {
        (Holder::Rail(_), _) => EntryKind::Deposit,
        (_, Holder::Rail(_)) => EntryKind::Withdrawal,
        (Holder::Person(_), _) => EntryKind::Gift,
        (Holder::App(_), _) => EntryKind::Settlement,
        (Holder::Merchant(_) | Holder::Host(_), _) => EntryKind::Recall,
    };
    Ok(Transfer {
        id,
        debit,
        credit,
        amount,
        kind,
        order: None,
        terms: None,
        note: None,
    })
}
