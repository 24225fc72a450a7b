//! R17: thousands who try to get over a limit at the same moment get to the limit, and not one unit
//! over.
//!
//! Each limit is a case of [`Limit`]: how it is made ready, what one try does, what says no. All
//! tries of a limit wait at a barrier and start together, on the ledger in this process. Whoever is
//! told that others changed the same data tries again, as a client would.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use souk_core::limits::SHEETS_WAITING_MAX;
use souk_core::{AppId, ChatId, Money, OrderId, TransferId, TypedId, UserId};
use souk_ledger::order::{self, Ask, Details, Item};
use souk_ledger::{Holder, Policy, Refusal, account, rail};
use souk_store::{Store, StoreError};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{Args, Tally};
use crate::till::{self, Till};
use crate::unprotected::Unsynced;
use crate::{Wrong, report};

/// How many try at each limit.
const TRIES: u32 = 10_000;
/// How many prepare at once.
const AT_ONCE: usize = 64;
/// A hundredth of a dollar: what each try would take.
const CENT: &str = "0.01 USD";

/// A limit, and how it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// What a person has: half as many units as there are tries to pay one.
    Balance,
    /// Sheets of one app that wait for one person.
    SheetsWaiting,
}

/// All limits there are.
// WHEN ADDING A LIMIT: a case of `Limit`, its place here, and the compiler leads to the rest.
const LIMITS: [Limit; 2] = [Limit::Balance, Limit::SheetsWaiting];

/// Tries each limit as often as asked, and tells how many units it came out wrong by.
///
/// # Errors
/// When there is no ledger.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(TRIES), Tally::default());
    for limit in LIMITS {
        let wrong = units_wrong(limit, u64::from(n), args.unprotected).await;
        let wrong = wrong.unwrap_or_else(|bad| {
            report::tell(format_args!("{limit:?}: {}", report::causes(&*bad)));
            1
        });
        tally.tried = tally.tried.saturating_add(n);
        tally.bad = tally
            .bad
            .saturating_add(u32::try_from(wrong).unwrap_or(u32::MAX));
    }
    Ok(tally)
}

/// Tries a limit, and returns how many units it came out wrong by.
async fn units_wrong(limit: Limit, tries: u64, unprotected: bool) -> Result<u64, Wrong> {
    let room = till::folder()?;
    let till = Till::open(&till::options(room.path(), Arc::new(Unsynced)))?;
    let store = till.crowded(!unprotected);
    let (came, most) = (rush(limit, &store, tries).await?, limit.most(tries));
    report::result(format_args!(
        "{limit:?}: {} of {tries} tries came through, the limit is {most}; {} were tried again \
         because others were first",
        came.granted, came.again
    ));
    Ok(came.granted.abs_diff(most) + came.fault(limit, &store, most).await?)
}

/// What came of all tries at a limit.
#[derive(Default)]
struct Came {
    granted: u64,
    again: u64,
}

impl Came {
    /// Counts what the books say otherwise.
    async fn fault(&self, limit: Limit, store: &Store, most: u64) -> Result<u64, Wrong> {
        let txn = store.begin()?;
        let audit = souk_ledger::audit::audit(&txn).await?;
        audit.faults.iter().for_each(report::tell);
        let faults = u64::try_from(audit.faults.len())?;
        Ok(match limit {
            Limit::Balance => {
                let left = balance(store).await?;
                faults + (left + self.granted).abs_diff(most)
            }
            Limit::SheetsWaiting => {
                let waiting = order::waiting(&txn, payer()).await?.len();
                faults + u64::try_from(waiting)?.abs_diff(self.granted)
            }
        })
    }
}

/// Prepares a limit, lets everybody start together, and counts.
async fn rush(limit: Limit, store: &Store, tries: u64) -> Result<Came, Wrong> {
    let work = limit.prepare(store, tries).await?;
    let (start, mut all) = (Arc::new(Barrier::new(work.len())), JoinSet::new());
    for (work, number) in work.into_iter().zip(0..) {
        let (store, start) = (store.clone(), Arc::clone(&start));
        all.spawn(async move {
            start.wait().await;
            attempt(limit, &store, work, number).await
        });
    }
    let mut came = Came::default();
    for one in all.join_all().await {
        let (granted, again) = one?;
        came.granted += u64::from(granted);
        came.again += again;
    }
    Ok(came)
}

/// Tries until there is an answer. Returns whether it was yes, and how often it was put off.
async fn attempt(
    limit: Limit,
    store: &Store,
    work: Work,
    number: u64,
) -> Result<(bool, u64), Wrong> {
    let mut again = 0;
    loop {
        match work.clone().do_once(store, number).await {
            Ok(()) => return Ok((true, again)),
            Err(refusal) if limit.says_no(&refusal) => return Ok((false, again)),
            Err(Refusal::Store(StoreError::Contended | StoreError::Busy { .. })) => again += 1,
            Err(other) => return Err(other.into()),
        }
    }
}

/// What one try does.
#[derive(Clone)]
enum Work {
    /// Pays an order.
    Pay(OrderId),
    /// Opens one.
    Open(Box<Ask>),
}

impl Work {
    async fn do_once(self, store: &Store, number: u64) -> Result<(), Refusal> {
        let (attempt, policy) = (
            TransferId::from_bits(u128::from(number) + 2),
            &Policy::default(),
        );
        match self {
            Self::Pay(order) => {
                let pay = |txn| async move {
                    order::approve(&txn, policy, order, payer(), attempt).await
                };
                store.transact(pay).await.map(drop)
            }
            Self::Open(ask) => {
                let ask = &*ask;
                let open = |txn| async move { order::open(&txn, policy, ask).await };
                store.transact(open).await.map(drop)
            }
        }
    }
}

impl Limit {
    /// How many of so many tries may come through.
    fn most(self, tries: u64) -> u64 {
        match self {
            Self::Balance => tries / 2,
            Self::SheetsWaiting => u64::try_from(SHEETS_WAITING_MAX).unwrap_or(u64::MAX),
        }
    }

    fn says_no(self, refusal: &Refusal) -> bool {
        match self {
            Self::Balance => *refusal == Refusal::Funds,
            Self::SheetsWaiting => *refusal == Refusal::SheetsWaiting,
        }
    }

    /// Returns the work of each try.
    async fn prepare(self, store: &Store, tries: u64) -> Result<Vec<Work>, Wrong> {
        match self {
            Self::Balance => {
                fund(store, self.most(tries)).await?;
                open_all(store, tries).await
            }
            Self::SheetsWaiting => (0..tries)
                .map(|number| Ok(Work::Open(Box::new(ask(number, 0)?))))
                .collect(),
        }
    }
}

/// Gives the payer so many cents.
async fn fund(store: &Store, cents: u64) -> Result<(), Wrong> {
    let amount = Money::new(cents, CENT.parse::<Money>()?.currency())?;
    let (policy, id) = (&Policy::default(), TransferId::from_bits(1));
    let deposit = |txn| async move { rail::deposit(&txn, policy, payer(), amount, id).await };
    store.transact(deposit).await?;
    Ok(())
}

/// Opens an order for each try, of as many apps as it takes.
async fn open_all(store: &Store, tries: u64) -> Result<Vec<Work>, Wrong> {
    let per_app = u64::try_from(SHEETS_WAITING_MAX)?;
    let opening = (0..tries).map(|number| async move {
        let ask = ask(number, number / per_app)?;
        let (ask, policy) = (&ask, &Policy::default());
        let open = |txn| async move { order::open(&txn, policy, ask).await };
        Ok::<_, Wrong>(Work::Pay(store.transact(open).await?.id))
    });
    stream::iter(opening).buffered(AT_ONCE).try_collect().await
}

/// An app asks the payer for a cent.
fn ask(number: u64, app: u64) -> Result<Ask, Wrong> {
    let total: Money = CENT.parse()?;
    let item = Item {
        label: "One sweet".to_owned(),
        quantity: 1,
        unit: total,
    };
    let details = Details {
        items: vec![item],
        totals: Vec::new(),
        memo: String::new(),
    };
    Ok(Ask {
        authorize_only: false,
        app: format!("com.example.shop-{app}").parse::<AppId>()?,
        chat: ChatId::from_bits(1),
        payer: payer(),
        key: number.to_string(),
        details,
        total,
        expires: None,
        ceiling: None,
    })
}

/// What the payer has, in cents.
async fn balance(store: &Store) -> Result<u64, Wrong> {
    let txn = store.begin()?;
    let currency = CENT.parse::<Money>()?.currency();
    let balance = account::balance(&txn, &Holder::Person(payer()), currency).await?;
    Ok(balance.available().minor())
}

fn payer() -> UserId {
    UserId::from_bits(1)
}
