//! The last look: an app that wants it is asked once more when the payer approves its order, inside
//! the approval's own commit.
//!
//! First it is found out whether the payment can happen at all: an app is not asked in vain. Then
//! it looks, in its lane's turn, after all that waits there. Only if it is content does the money
//! move, in one commit with what it staged. Each try has an id of its own, which follows from the
//! call: the same call is the same look, and is answered as before.

use std::time::Duration;

use souk_core::Timestamp;
use souk_core::limits::LAST_LOOK_WAITS_MS_MAX;
use souk_events::{Cause, Event, Lane, Outcome, done};
use souk_identity::ties;
use souk_ledger::entry::Entry;
use souk_ledger::order::Order;
use souk_store::{StoreError, Txn};
use tokio::time::timeout;

use crate::aftermath::Ran;
use crate::events::same;
use crate::invoke::{Turn, seed};
use crate::{Call, Happened, Market, MarketError, lanes};

/// When to try again after an app had too much to do to look.
const RETRY_MS: u64 = 1_000;

/// One try to approve an order.
struct Try<'a> {
    call: &'a Call,
    order: &'a Order,
    nonce: &'a str,
    /// When: however often it runs, it happens then.
    at: Timestamp,
}

/// What came of an approval, and what is kept of the look once that has committed.
struct Looked {
    ran: Option<Ran>,
    answer: Result<Entry, MarketError>,
}

impl Market {
    /// Approves an order once its app has looked at it.
    ///
    /// # Errors
    /// As [`approve`](Market::approve).
    pub(crate) async fn approve_looked_at(
        &self,
        call: &Call,
        order: &Order,
        nonce: &str,
    ) -> Result<Entry, MarketError> {
        let lane = Lane {
            app: order.app.clone(),
            chat: Some(order.chat),
        };
        let _turn = self.turn_in_time(&lane).await?;
        let seed = seed(self.store(), call.id(), Turn::AtOnce);
        let tried = &Try {
            call,
            order,
            nonce,
            at: self.store().now(),
        };
        let approve = |txn: Txn| async move { self.look_last(&txn, tried).await };
        let looked = self.store().transact_seeded(seed, approve).await?;
        if let Some(ran) = looked.ran {
            self.kept(ran);
        }
        looked.answer
    }

    /// Waits for a lane's turn and runs what waits in it, as long as a payer can be kept waiting.
    async fn turn_in_time(&self, lane: &Lane) -> Result<lanes::Turn<'_>, MarketError> {
        let turn = async {
            let turn = self.0.lanes.turn(lane).await;
            self.catch_up(lane).await.map(|()| turn)
        };
        let retry_ms = RETRY_MS;
        match timeout(Duration::from_millis(LAST_LOOK_WAITS_MS_MAX), turn).await {
            Ok(turn) => turn,
            Err(_) => Err(StoreError::Busy { retry_ms }.into()),
        }
    }

    async fn look_last(&self, txn: &Txn, tried: &Try<'_>) -> Result<Looked, MarketError> {
        let call = tried.call;
        if let Some(mark) = done::mark(txn, call.id()).await? {
            let outcome = same(txn, call, mark)?;
            let answer = self.pay_if_done(txn, tried, outcome).await?;
            return Ok(Looked { ran: None, answer });
        }
        let before = txn.savepoint()?;
        if let Err(refusal) = self.pay(txn, call, tried.order.id, tried.nonce).await? {
            let answer = Err(refusal.into());
            return Ok(Looked { ran: None, answer });
        }
        txn.roll_back(before)?;
        let event = tried.event(txn).await?;
        let ran = self.run(txn, &event, call.digest(txn)).await?;
        let answer = self.pay_if_done(txn, tried, ran.outcome.clone()).await?;
        let ran = Some(ran);
        Ok(Looked { ran, answer })
    }

    /// Has the money move if the app was content. The inner result is an answer to commit, also
    /// when it is a refusal.
    async fn pay_if_done(
        &self,
        txn: &Txn,
        Try {
            call, order, nonce, ..
        }: &Try<'_>,
        outcome: Outcome,
    ) -> Result<Result<Entry, MarketError>, MarketError> {
        if matches!(outcome, Outcome::Done) {
            let paid = self.pay(txn, call, order.id, nonce).await?;
            return Ok(paid.map_err(MarketError::from));
        }
        let app = order.app.clone();
        let event = call.id();
        Ok(Err(MarketError::Stopped(Box::new(Happened {
            event,
            app,
            outcome,
        }))))
    }
}

impl Try<'_> {
    /// The look at the order.
    async fn event(&self, txn: &Txn) -> Result<Event, MarketError> {
        let Self { call, order, .. } = self;
        Ok(Event {
            id: call.id(),
            app: order.app.clone(),
            chat: Some(order.chat),
            user: Some(order.payer),
            left: ties::asked_as(txn, order.id).await?,
            at: self.at,
            tries: 0,
            locale: call.locale.clone(),
            cause: Cause::LastLook(order.id),
        })
    }
}
