//! Clients that call again and again for a while, each call timed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Wrong;
use crate::bench::figures::Figures;
use crate::stopwatch::Stopwatch;

/// Lets so many clients call for a while. Every call has a number of its own.
pub(super) async fn measure<C, F>(clients: usize, time: Duration, call: C) -> Result<Figures, Wrong>
where
    C: Fn(u64) -> F + Clone + Send + 'static,
    F: Future<Output = Result<(), Wrong>> + Send + 'static,
{
    let (numbers, all) = (Arc::new(AtomicU64::new(0)), Stopwatch::start());
    let mut running = JoinSet::new();
    for _ in 0..clients {
        let (numbers, call) = (Arc::clone(&numbers), call.clone());
        running.spawn(async move {
            let mut took = Vec::new();
            while all.elapsed() < time {
                let one = Stopwatch::start();
                call(numbers.fetch_add(1, Ordering::Relaxed)).await?;
                took.push(one.elapsed());
            }
            Ok::<_, Wrong>(took)
        });
    }
    let took: Result<Vec<_>, Wrong> = running.join_all().await.into_iter().collect();
    let elapsed = all.elapsed();
    Ok(Figures::of(took?.concat(), elapsed))
}
