//! The real ledger of R11, answering in the words of the naive order.

use std::sync::Arc;

use souk_core::{AppId, OrderId, TransferId, TypedId, UserId};
use souk_ledger::account::{self, Balance};
use souk_ledger::once::once;
use souk_ledger::{Holder, Policy, Refusal, order, rail};
use souk_store::{CommitError, Engine, Txn};

use super::naive::{Answer, Money, Request, TOTAL};
use crate::Wrong;
use crate::campaign::books::{Book, app, ask, person};

pub(super) struct Real {
    book: Book,
    number: u64,
    order: OrderId,
}

impl Real {
    pub(super) fn new(engine: Arc<dyn Engine>) -> Result<Self, Wrong> {
        let (book, order) = (Book::on(engine, Policy::default())?, OrderId::from_bits(0));
        Ok(Self {
            book,
            number: 0,
            order,
        })
    }

    pub(super) fn now(&self) -> u64 {
        self.book.now()
    }

    pub(super) fn set(&self, now: u64) {
        self.book.set(now);
    }

    /// Begins a sequence: a person with just enough money, and an order for all of it.
    pub(super) async fn open(&mut self, number: u32, authorize_only: bool) -> Result<(), Wrong> {
        self.number = number.into();
        let total = souk_core::Money::new(TOTAL, "USD".parse()?)?;
        let mut ask = ask(self.number, self.payer(), "order".to_owned(), total)?;
        ask.authorize_only = authorize_only;
        let (ask, policy, payer) = (&ask, &self.book.policy, self.payer());
        let deposit = TransferId::from_bits(u128::from(self.number) << 8);
        let begin = |txn: Txn| async move {
            rail::deposit(&txn, policy, payer, total, deposit).await?;
            order::open(&txn, policy, ask).await
        };
        self.order = self.book.store.transact(begin).await?.id;
        Ok(())
    }

    pub(super) async fn ask(&self, request: Request) -> Result<Answer, Wrong> {
        let asked = |txn: Txn| async move { self.decide(&txn, request).await };
        answer(self.book.store.transact(asked).await)
    }

    /// Asks two things at once: both decide before either commits. The one that finds its ground
    /// gone is asked again.
    pub(super) async fn race(&self, one: Request, two: Request) -> Result<[Answer; 2], Wrong> {
        let (first, second) = (self.book.store.begin()?, self.book.store.begin()?);
        let decided = self.decide(&first, one).await;
        let other = self.decide(&second, two).await;
        self.end(&first, &decided).await?;
        let lost = match self.end(&second, &other).await {
            Ok(()) => return Ok([answer(decided)?, answer(other)?]),
            Err(lost) => lost,
        };
        match lost {
            CommitError::Conflict => Ok([answer(decided)?, self.ask(two).await?]),
            CommitError::Store(error) => Err(error.into()),
        }
    }

    /// Commits a decision; of a refusal, only that what it rests on was so.
    async fn end(&self, txn: &Txn, decided: &Decided) -> Result<(), CommitError> {
        if decided.is_err() {
            txn.roll_back(souk_store::Savepoint::default())?;
        }
        self.book.store.commit(txn).await.map(drop)
    }

    async fn decide(&self, txn: &Txn, request: Request) -> Decided {
        let (id, app) = (self.order, &self.app()?);
        let usd =
            |minor| souk_core::Money::new(minor, self.usd()?).map_err(|_| Refusal::AmountLarge);
        let state = match request {
            Request::Approve(number) => return self.approve(txn, number).await,
            Request::Capture(amount) => {
                order::capture(txn, app, id, usd(amount)?)
                    .await?
                    .order
                    .state
            }
            Request::Void => order::void(txn, app, id, "").await?.state,
            Request::Decline => order::decline(txn, id, self.payer()).await?.state,
            Request::Expire => match order::expire(txn, id).await? {
                Some(order) => order.state,
                None => return Ok(Ok("nothing".to_owned())),
            },
            Request::Refund(key, amount) => {
                let key = format!("refund {key}");
                let refunded = order::refund(txn, app, id, &key, usd(amount)?, "").await?;
                refunded.order.state
            }
        };
        Ok(Ok(state.to_string()))
    }

    async fn approve(&self, txn: &Txn, number: u64) -> Decided {
        let attempt = (u128::from(self.number) << 8) + u128::from(number) + 1;
        let (id, by) = (TransferId::from_bits(attempt), self.payer());
        let contents = order::approval_contents(self.order, by);
        let decide = order::approve(txn, &self.book.policy, self.order, by, id);
        let answer = once(txn, id, contents, decide).await?;
        Ok(answer.map(|paid| paid.order.state.to_string()))
    }

    pub(super) async fn money(&self) -> Result<Money, Wrong> {
        let (payer, app) = (&Holder::Person(self.payer()), &Holder::App(self.app()?));
        let usd = self.usd()?;
        let read = |txn: Txn| async move {
            let payer = account::balance(&txn, payer, usd).await?;
            Ok::<_, Refusal>((payer, account::balance(&txn, app, usd).await?))
        };
        let (payer, app): (Balance, Balance) = self.book.store.transact(read).await?;
        Ok(Money {
            payer: u64::try_from(payer.available)?,
            held: payer.debits_pending,
            app: u64::try_from(app.available)?,
        })
    }

    /// Lets the auditor look.
    pub(super) async fn audit(&self) -> Result<Option<String>, Wrong> {
        let audit = self.book.audit().await?;
        let first = audit.faults.first().map(ToString::to_string);
        Ok(first.map(|fault| format!("{audit}: {fault}")))
    }

    fn payer(&self) -> UserId {
        person(self.number)
    }

    fn app(&self) -> Result<AppId, Refusal> {
        app(self.number).map_err(|_| Refusal::KeyLength)
    }

    fn usd(&self) -> Result<souk_core::Currency, Refusal> {
        "USD".parse().map_err(|_| Refusal::Currencies)
    }
}

/// A decision to commit, a refusal that uses its id up among them, or one that commits nothing.
type Decided = Result<Result<String, Refusal>, Refusal>;

/// What was decided, in words.
fn answer(decided: Decided) -> Result<Answer, Wrong> {
    match decided.and_then(|decided| decided) {
        Ok(state) => Ok(Ok(state)),
        Err(refusal @ (Refusal::Broken(_) | Refusal::Store(_))) => Err(refusal.into()),
        Err(refusal) => Ok(Err(refusal.to_string())),
    }
}
