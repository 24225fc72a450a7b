//! What the campaigns about money share: a ledger in memory, a clock set by hand, chance with a
//! seed, and engines with a defect planted.

mod ground;
pub(super) mod mutant;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_core::{AppId, ChatId, Clock, Money, Timestamp, TypedId, UserId};
use souk_ledger::audit::{self, Audit};
use souk_ledger::order::{Ask, Details, Item};
use souk_ledger::{Policy, Refusal};
use souk_store::{Engine, Keyring, Store};

pub use self::ground::Ground;
use self::ground::Kept;
use self::mutant::{Defect, Mutant};
use super::{Args, TOLD_TIMES, Tally};
use crate::{Wrong, report};

/// When every book begins: 2026-11-22T09:00:00Z.
const START_MS: u64 = 1_795_338_000_000;

/// A clock that only moves when told to.
struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A ledger on an engine of its own.
pub(super) struct Book {
    pub(super) store: Store,
    pub(super) policy: Policy,
    clock: Arc<HandClock>,
}

impl Book {
    pub(super) fn on(engine: Arc<dyn Engine>, policy: Policy) -> Result<Self, Wrong> {
        let clock = Arc::new(HandClock(AtomicU64::new(START_MS)));
        let told: Arc<dyn Clock> = clock.clone();
        let keyring = Arc::new(Keyring::ephemeral()?);
        let store = Store::new(engine, keyring, told);
        Ok(Self {
            store,
            policy,
            clock,
        })
    }

    pub(super) fn now(&self) -> u64 {
        self.clock.0.load(Ordering::SeqCst)
    }

    pub(super) fn set(&self, millis: u64) {
        self.clock.0.store(millis, Ordering::SeqCst);
    }

    pub(super) async fn audit(&self) -> Result<Audit, Wrong> {
        let audit = |txn| async move { Ok::<_, Refusal>(audit::audit(&txn).await?) };
        Ok(self.store.transact(audit).await?)
    }
}

/// Chance that is the same again for the same seed (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is small.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// One of several; they are not empty.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let place = self.below(u64::try_from(all.len()).unwrap_or(1));
        all.get(usize::try_from(place).unwrap_or(0)).copied()
    }
}

pub(super) fn person(number: u64) -> UserId {
    UserId::from_bits(u128::from(number) + 1)
}

pub(super) fn app(number: u64) -> Result<AppId, Wrong> {
    Ok(format!("com.example.shop{number}").parse()?)
}

pub(super) fn chat() -> ChatId {
    ChatId::from_bits(1)
}

/// An ask of an app for one thing.
pub(super) fn ask(of: u64, payer: UserId, key: String, total: Money) -> Result<Ask, Wrong> {
    let item = Item {
        id: None,
        label: "Tea".to_owned(),
        quantity: 1,
        unit: total,
    };
    Ok(Ask {
        app: app(of)?,
        chat: chat(),
        payer,
        key,
        details: Details {
            items: vec![item],
            totals: Vec::new(),
            memo: String::new(),
        },
        total,
        authorize_only: false,
        last_look: false,
        expires: None,
        ceiling: None,
    })
}

/// Goes through books of a size, each with a seed and a ledger of its own, until as much was tried
/// as asked. Tells in how many of them something was bad.
pub(super) async fn go_through<F>(
    (args, ground): (Args, Ground),
    due: u32,
    size: u32,
    defect: Defect,
    book: impl Fn(Arc<dyn Engine>, u64, u32) -> F,
) -> Result<Tally, Wrong>
where
    F: Future<Output = Result<Option<String>, Wrong>>,
{
    let (n, mut seed, mut tally) = (args.n(due), args.seed, Tally::default());
    let told_every = size * (n / size / TOLD_TIMES).max(1);
    while tally.tried < n {
        let count = size.min(n - tally.tried);
        let kept = ground.open()?;
        let engine = spoilt(&kept, args.unprotected.then_some(defect));
        let found = book(engine, seed, count).await;
        tally.tried += count;
        // A ledger that breaks is as bad as one that differs.
        if let Some(difference) = found.unwrap_or_else(|wrong| Some(wrong.to_string())) {
            tally.bad += 1;
            report::tell(format_args!("seed {seed}: {difference}"));
        }
        if tally.tried.is_multiple_of(told_every) {
            report::tell(format_args!("{} of {n}: {} bad", tally.tried, tally.bad));
        }
        seed = seed.wrapping_add(1);
    }
    Ok(tally)
}

/// An engine, with a defect planted if it is to lack something.
fn spoilt(kept: &Kept, defect: Option<Defect>) -> Arc<dyn Engine> {
    let engine = Arc::clone(&kept.engine);
    match defect {
        Some(defect) => Arc::new(Mutant::of(engine, defect)),
        None => engine,
    }
}

/// An engine in memory, for the tests.
#[cfg(test)]
pub(super) fn engine(unprotected: bool, defect: Defect) -> Arc<dyn Engine> {
    let memory = Arc::new(souk_store::memory::Memory::default());
    if unprotected {
        Arc::new(Mutant::of(memory, defect))
    } else {
        memory
    }
}
