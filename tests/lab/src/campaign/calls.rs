//! Deposits under keys, by many clients at once, in any order and more than once each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;
use souk::client::{Client, ClientError};
use souk_core::Money;
use souk_server::wire::passages::Arrival;
use souk_server::wire::wallet::DepositAsk;

/// What became of one call.
#[derive(Debug)]
pub(super) enum Came {
    /// It was acknowledged.
    Done(Arrival),
    /// There was no answer: it may have happened.
    Cut,
    /// The host was too busy and did nothing.
    Busy,
    /// The host said no, by this name.
    No(String),
    /// Something answered that no host says.
    Foreign(String),
}

/// Deposits an amount under a key.
pub(super) async fn deposit(client: &Client, key: &str, amount: Money) -> Came {
    let ask = DepositAsk { amount };
    match client.post_once("/v1/wallet/deposits", key, &ask).await {
        Ok(entry) => Came::Done(entry),
        Err(ClientError::Refused(refused)) if refused.is("busy") => Came::Busy,
        Err(ClientError::Refused(refused)) => Came::No(refused.to_string()),
        Err(ClientError::Unreachable(_)) => Came::Cut,
        Err(other @ (ClientError::Stream(_) | ClientError::Foreign(_))) => {
            Came::Foreign(other.to_string())
        }
    }
}

/// Works through a schedule with many clients at once, until it is done or something is cut off.
/// Returns each piece of work that was begun, with what came of it, and how far they got.
pub(super) async fn work_through<W: Copy, F: Future<Output = Came>>(
    schedule: &[W],
    clients: usize,
    at: &AtomicUsize,
    call: impl Fn(W) -> F,
) -> Vec<(W, Came)> {
    let done = Mutex::new(Vec::with_capacity(schedule.len()));
    let client = || async {
        while let Some(work) = schedule.get(at.fetch_add(1, Ordering::Relaxed)) {
            let came = call(*work).await;
            let cut = matches!(came, Came::Cut);
            done.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((*work, came));
            if cut {
                return;
            }
        }
    };
    join_all((0..clients).map(|_| client())).await;
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}
