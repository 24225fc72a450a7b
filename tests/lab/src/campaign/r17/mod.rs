//! R17: thousands who try to get over a limit at the same moment get to the limit, and not one unit
//! over.
//!
//! Each limit is a case of `Limit`. All tries of a limit start together on the ledger in this
//! process, and each has read what there is before the first of them commits. Whoever is told that
//! others changed the same data tries again, as a client would.

mod limit;

use std::sync::Arc;

use souk_ledger::Refusal;
use souk_store::{Store, StoreError};
use tokio::task::JoinSet;

use self::limit::{LIMITS, Limit, Trial};
use super::{Args, Tally};
use crate::till::{self, Till};
use crate::unprotected::Unsynced;
use crate::{Wrong, report};

/// How many try at each limit.
const TRIES: u32 = 10_000;

/// Tries each limit as often as asked, and tells how many units it came out wrong by.
///
/// # Errors
/// When the limits cannot be tried at all.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    for limit in LIMITS {
        let wrong = units_wrong(limit, u64::from(n), args.unprotected).await;
        let wrong = wrong.unwrap_or_else(|bad| {
            report::tell(format_args!("{limit:?}: {}", report::causes(&*bad)));
            1
        });
        if args.unprotected && wrong == 0 {
            return Err(format!("{limit:?} cannot fail: nobody got over it unprotected").into());
        }
        tally.tried = tally.tried.saturating_add(n);
        let wrong = u32::try_from(wrong).unwrap_or(u32::MAX);
        tally.bad = tally.bad.saturating_add(wrong);
    }
    Ok(tally)
}

/// Tries a limit, and returns how many units it came out wrong by.
async fn units_wrong(limit: Limit, tries: u64, unprotected: bool) -> Result<u64, Wrong> {
    let room = till::folder()?;
    let till = Till::open(&till::options(room.path(), Arc::new(Unsynced)))?;
    let trial = Arc::new(Trial::prepare(limit, &till.store, tries, unprotected).await?);
    let crowded = till.crowded(usize::try_from(tries)?, !unprotected);
    let (came, most) = (rush(&trial, &crowded, tries).await?, limit.most(tries));
    report::result(format_args!(
        "{limit:?}: {} of {tries} tries and the first came through, the limit is {most}; {} were \
         tried again because others were first",
        came.granted, came.again
    ));
    // Books that cannot be read are one thing wrong.
    let fault = came.fault(&trial, &till.store).await;
    let fault = fault.unwrap_or_else(|bad| {
        report::tell(format_args!("{limit:?}: {}", report::causes(&*bad)));
        1
    });
    Ok(came.granted.abs_diff(most) + fault)
}

/// What came of all tries at a limit, the first one included.
struct Came {
    granted: u64,
    again: u64,
}

impl Came {
    /// Counts what the books say otherwise.
    async fn fault(&self, trial: &Trial, store: &Store) -> Result<u64, Wrong> {
        let txn = store.begin()?;
        let audit = souk_ledger::audit::audit(&txn).await?;
        audit.faults.iter().for_each(report::tell);
        let booked = trial.booked(&txn).await?;
        Ok(u64::try_from(audit.faults.len())? + booked.abs_diff(self.granted))
    }
}

/// Lets everybody start together, and counts.
async fn rush(trial: &Arc<Trial>, store: &Store, tries: u64) -> Result<Came, Wrong> {
    let mut all = JoinSet::new();
    for number in 1..=tries {
        let (store, trial) = (store.clone(), Arc::clone(trial));
        all.spawn(async move { attempt(&trial, &store, number).await });
    }
    let mut came = Came {
        granted: 1,
        again: 0,
    };
    for one in all.join_all().await {
        let (granted, again) = one?;
        came.granted += u64::from(granted);
        came.again += again;
    }
    Ok(came)
}

/// Tries until there is an answer. Returns whether it was yes, and how often it was put off.
async fn attempt(trial: &Trial, store: &Store, number: u64) -> Result<(bool, u64), Refusal> {
    let mut again = 0;
    loop {
        match trial.attempt(store, number).await {
            Ok(()) => return Ok((true, again)),
            Err(refusal) if trial.limit.says_no(&refusal) => return Ok((false, again)),
            Err(Refusal::Store(StoreError::Contended | StoreError::Busy { .. })) => again += 1,
            Err(other) => return Err(other),
        }
    }
}
