//! The dispatcher: runs what follows from commits, and what is due, as long as the host lives.
//!
//! Everything it does is in the store before it does it: after a crash, the next dispatcher finds
//! the same lanes and the same due list, and the cursor says what has happened already.

use std::future::Future;
use std::time::Duration;

use souk_core::limits::{DUE_BUSY_MS, HTTP_AT_ONCE_REQUESTS_MAX, RUNS_AT_ONCE_MAX};
use souk_events::{
    Due, Event, Lane, Outgoing, done, due, lane, lease, outbox, parked, reads, timer,
};
use souk_ledger::gift;
use souk_store::{Key, StoreError, Txn};
use tokio::task::JoinSet;

use crate::aftermath::Ran;
use crate::forgetting::forget_more;
use crate::invoke::{Turn, seed};
use crate::under_way::UnderWay;
use crate::{Market, MarketError, leaving};

/// How often the due list is read. An expiry is at most this late.
const DUE_EVERY: Duration = Duration::from_millis(100);
/// How long a letter waits when too many are under way.
const SEND_BUSY_MS: u64 = 1_000;
/// How often old answers are looked for; a few too many do no harm.
const FORGET_EVERY: Duration = Duration::from_hours(1);

impl Market {
    /// Runs follow-ups, expiries and retries until `stop` completes, then lets those under way
    /// finish.
    pub async fn dispatch(&self, stop: impl Future<Output = ()>) {
        let lanes = self.store().changes_under(lane::all());
        let mut running = JoinSet::new();
        let mut sending = JoinSet::new();
        let mut under_way = UnderWay::default();
        let mut tick = tokio::time::interval(DUE_EVERY);
        let mut forgetting = tokio::time::interval(FORGET_EVERY);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = tick.tick() => self.settle_due(&mut sending).await,
                _ = forgetting.tick() => self.forget().await,
                () = lanes.grew() => {}
                Some(_) = sending.join_next() => {}
                Some(ended) = running.join_next() => {
                    if let Ok(lane) = ended {
                        under_way.end(&lane);
                    }
                }
            }
            self.start_lanes(&mut running, &mut under_way).await;
        }
        // Letters under way are cut off: whoever comes next sends them again, under the same ids.
        while running.join_next().await.is_some() {}
    }

    async fn start_lanes(&self, running: &mut JoinSet<Lane>, under_way: &mut UnderWay) {
        let begun = under_way.begin(self.store()).await;
        for lane in begun.unwrap_or_default() {
            let market = self.clone();
            running.spawn(async move {
                market.work_on(&lane).await;
                lane
            });
        }
    }

    /// Runs everything that waits in a lane, under a lease. What fails is tried again later.
    async fn work_on(&self, lane: &Lane) {
        let worked = async {
            let claim = |txn: Txn| async move { lease::claim(&txn, lane, self.0.node).await };
            if self.store().transact(claim).await? {
                let _turn = self.0.lanes.turn(lane).await;
                self.catch_up(lane).await?;
                let rest = |txn: Txn| async move {
                    lane::rest(&txn, lane).await?;
                    lease::release(&txn, lane)
                };
                self.store().transact(rest).await?;
            }
            Ok::<_, MarketError>(())
        };
        if let Err(error) = worked.await {
            tracing::warn!(app = %lane.app, chat = ?lane.chat, "a lane is held up: {error}");
        }
    }

    /// Runs the waiting events of a lane, in order. The caller holds the lane's turn.
    pub(crate) async fn catch_up(&self, lane: &Lane) -> Result<(), MarketError> {
        while self
            .store()
            .view(|txn| async move { lane::has_waiting(&txn, lane).await })
            .await?
        {
            self.run_next(lane).await?;
        }
        Ok(())
    }

    async fn run_next(&self, lane: &Lane) -> Result<(), MarketError> {
        let next = self
            .store()
            .view(|txn| async move { lane::next(&txn, lane).await })
            .await?;
        let Some((place, event)) = next else {
            return Ok(());
        };
        let Some(event) = event else {
            return self.skip(lane, place).await;
        };
        let event = &event;
        let run = |txn: Txn| async move {
            // Another node may have run it since: then the cursor is beyond it.
            match lane::next(&txn, lane).await? {
                Some((now, _)) if now == place => {
                    self.run_waiting(&txn, lane, place, event).await.map(Some)
                }
                Some(_) | None => Ok(None),
            }
        };
        let seed = seed(self.store(), event.id, Turn::InLane(place));
        if let Some(ran) = self.store().transact_seeded(seed, run).await? {
            drop(self.kept(ran));
        }
        Ok(())
    }

    async fn run_waiting(
        &self,
        txn: &Txn,
        lane: &Lane,
        place: u64,
        event: &Event,
    ) -> Result<Ran, MarketError> {
        let contents = done::mark(txn, event.id)
            .await?
            .map_or([0; 32], |mark| mark.contents);
        let ran = self.run(txn, event, contents).await?;
        lane::advance(txn, lane, place)?;
        Ok(ran)
    }

    /// Passes over an event whose words were erased while it waited.
    async fn skip(&self, lane: &Lane, place: u64) -> Result<(), MarketError> {
        self.store()
            .transact(|txn| async move { Ok(lane::advance(&txn, lane, place)?) })
            .await
    }

    async fn settle_due(&self, sending: &mut JoinSet<()>) {
        let due = self
            .store()
            .view(|txn| async move { due::by_now(&txn, RUNS_AT_ONCE_MAX).await });
        for (key, due) in due.await.unwrap_or_default() {
            match self.settle_one(&key, &due, sending.len()).await {
                Ok(None) => {}
                Ok(Some(letter)) => {
                    let market = self.clone();
                    sending.spawn(async move { market.deliver(&letter).await });
                }
                Err(error) => tracing::warn!("what is due is held up: {error}"),
            }
        }
    }

    async fn forget(&self) {
        if let Err(error) = self.forget_answers().await {
            tracing::warn!("old answers are still kept: {error}");
        }
        if let Some(traces) = &self.0.traces {
            traces.sweep(self.store().now());
        }
    }

    /// Does one thing that is due. A letter is only taken here, and sent by whoever called.
    async fn settle_one(
        &self,
        key: &Key,
        what: &Due,
        under_way: usize,
    ) -> Result<Option<Outgoing>, MarketError> {
        let settle = |txn: Txn| async move {
            if !due::clear(&txn, key).await? {
                return Ok(None);
            }
            let before = txn.savepoint()?;
            match self.come_due(&txn, what, under_way).await {
                // A full lane holds up its own, and nobody else's.
                Err(MarketError::Store(StoreError::Busy { .. })) => {
                    txn.roll_back(before)?;
                    due::set(&txn, txn.now().after_millis(DUE_BUSY_MS), what)?;
                    Ok(None)
                }
                settled => settled,
            }
        };
        self.store().transact(settle).await
    }

    async fn come_due(
        &self,
        txn: &Txn,
        what: &Due,
        under_way: usize,
    ) -> Result<Option<Outgoing>, MarketError> {
        match what {
            Due::OrderExpiry(order) => self.expire(txn, *order).await?,
            Due::GiftExpiry(gift) => drop(gift::expire(txn, *gift).await?),
            Due::Arrival(id) => self.step_in(txn, *id).await?,
            Due::Departure(id) => self.step_out(txn, *id).await?,
            Due::Erasure(user) => leaving::erase(txn, *user).await?,
            Due::Retry(event) => drop(parked::resume(txn, *event).await?),
            Due::Timer(place) => {
                let grants = self.grants_now(txn, &place.app, None).await?;
                timer::go_off(txn, place, grants.schedule.granted().is_some()).await?;
            }
            Due::Reads(event) => reads::forget(txn, *event).await?,
            Due::Forget(forgotten) => forget_more(txn, forgotten).await?,
            Due::Values(place) => souk_runtime::expire(txn, place).await?,
            Due::Send(letter) if under_way < HTTP_AT_ONCE_REQUESTS_MAX => {
                return Ok(outbox::take(txn, *letter).await?);
            }
            Due::Send(letter) => outbox::again(txn, *letter, SEND_BUSY_MS, false).await?,
        }
        Ok(None)
    }
}
