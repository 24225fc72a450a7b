//! Threads of low priority: a run that takes long goes on there, so that it is never in the way of
//! one that does not.
//!
//! Every run starts on the thread of whoever asked for it, where most end within a fraction of a
//! millisecond. One that has computed for a while moves here. A run gives its
//! thread up at every tick, here as there, so those that are here share what the others leave.

use std::future::{Future, poll_fn};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime as Threads};
use tokio::task::{JoinError, JoinHandle};

/// How much these threads give way (setpriority(2)): a tenth of a core is theirs when all others
/// want it, so that a run still sees its deadline. At the lowest priority there is, it does not.
const NICE: i32 = 10;

/// A run, or whatever else may take long.
type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// It panicked, or was cut off with the threads it ran on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// The threads. There are as many as cores.
pub(crate) struct SlowThreads {
    threads: Option<Threads>,
    /// How long something may compute before it moves here.
    after: Duration,
    /// Whether a panic ends what panics and nothing else.
    catches: bool,
}

impl SlowThreads {
    /// Starts them.
    pub(crate) fn start(after: Duration, catches: bool) -> io::Result<Self> {
        let threads = Builder::new_multi_thread()
            .thread_name("souk-slow")
            .on_thread_start(give_way)
            .enable_all()
            .build()?;
        let threads = Some(threads);
        Ok(Self {
            threads,
            after,
            catches,
        })
    }

    /// Runs something to its end: here and now, and on the slow threads once it has computed for
    /// so long. It ends when this is dropped, at its next tick.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        running: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = Result<T, Broken>> {
        // In its box before anybody waits: whoever waits is moved about, with all it has.
        self.finish(Box::pin(running))
    }

    async fn finish<T: Send + 'static>(&self, mut running: Running<T>) -> Result<T, Broken> {
        let mut computed = Duration::ZERO;
        let briskly = poll_fn(|context| {
            let polled = timed(&mut computed, || self.poll(&mut running, context));
            match polled {
                Poll::Ready(ended) => Poll::Ready(Some(ended)),
                Poll::Pending if computed < self.after => Poll::Pending,
                Poll::Pending => Poll::Ready(None),
            }
        });
        if let Some(ended) = briskly.await {
            return ended;
        }
        match &self.threads {
            Some(threads) => match Moved(threads.spawn(running)).await {
                Err(error) if error.is_panic() && !self.catches => {
                    resume_unwind(error.into_panic())
                }
                ended => ended.map_err(|_| Broken),
            },
            None => Err(Broken),
        }
    }

    /// Polls once. A panic is an end like another.
    fn poll<T>(
        &self,
        running: &mut Running<T>,
        context: &mut Context<'_>,
    ) -> Poll<Result<T, Broken>> {
        if !self.catches {
            return running.as_mut().poll(context).map(Ok);
        }
        let polled = catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(context)));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(_) => Poll::Ready(Err(Broken)),
        }
    }
}

impl Drop for SlowThreads {
    fn drop(&mut self) {
        if let Some(threads) = self.threads.take() {
            // Whoever drops the last handle may not be allowed to wait.
            threads.shutdown_background();
        }
    }
}

/// Does something, and counts the time it took.
#[expect(
    clippy::disallowed_methods,
    reason = "it measures how long a run computes; no run sees it"
)]
fn timed<T>(computed: &mut Duration, something: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let came = something();
    *computed = computed.saturating_add(began.elapsed());
    came
}

/// Something that has moved to the slow threads; it ends there when nobody waits for it any more.
struct Moved<T>(JoinHandle<T>);

impl<T> Future for Moved<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for Moved<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Gives this thread its low priority. Where that is refused, it has the usual one.
fn give_way() {
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::warn!(%error, "slow runs have the same priority as others");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use tokio::task::JoinSet;

    use super::*;

    const AFTER: Duration = Duration::from_millis(5);

    /// Where something ran, at each of its steps of 3 ms.
    async fn steps(count: usize) -> Vec<Option<String>> {
        let mut names = Vec::new();
        for _ in 0..count {
            thread::sleep(Duration::from_millis(3));
            names.push(thread::current().name().map(str::to_owned));
            tokio::task::yield_now().await;
        }
        names
    }

    #[tokio::test]
    async fn what_takes_long_goes_on_on_slow_threads() {
        let slow = SlowThreads::start(AFTER, true).unwrap();
        let here = thread::current().name().map(str::to_owned);
        assert_eq!(slow.run(steps(1)).await, Ok(vec![here.clone()]));
        let names = slow.run(steps(5)).await.unwrap();
        let there = Some("souk-slow".to_owned());
        assert_eq!(
            names,
            [&here, &here, &there, &there, &there].map(Clone::clone)
        );
        let nice = async { rustix::process::getpriority_process(None).unwrap() };
        let moved = slow.run(async {
            drop(steps(3).await);
            nice.await
        });
        assert_eq!(moved.await, Ok(NICE));
    }

    #[tokio::test]
    async fn a_panic_is_an_end_like_another() {
        let slow = SlowThreads::start(AFTER, true).unwrap();
        assert_eq!(
            slow.run(async { panic!("at once") }).await,
            Err::<(), _>(Broken)
        );
        let later = async {
            drop(steps(4).await);
            panic!("later")
        };
        assert_eq!(slow.run(later).await, Err::<(), _>(Broken));
        assert_eq!(slow.run(async { 7 }).await, Ok(7));
    }

    #[tokio::test]
    async fn without_the_catching_whoever_waits_panics_too() {
        let slow = Arc::new(SlowThreads::start(AFTER, false).unwrap());
        for count in [0, 4] {
            let slow = Arc::clone(&slow);
            let mut waiting = JoinSet::new();
            waiting.spawn(async move {
                let panics = async move {
                    drop(steps(count).await);
                    panic!("after {count} steps")
                };
                slow.run(panics).await
            });
            let ended = waiting.join_next().await.unwrap();
            assert!(ended.unwrap_err().is_panic(), "{count}");
        }
    }

    #[tokio::test]
    async fn what_nobody_waits_for_ends() {
        let slow = SlowThreads::start(AFTER, true).unwrap();
        let (alive, gone) = tokio::sync::oneshot::channel::<()>();
        let endless = async move {
            let _alive = alive;
            steps(usize::MAX).await;
        };
        let given_up = tokio::time::timeout(Duration::from_millis(50), slow.run(endless)).await;
        assert!(given_up.is_err());
        assert!(
            tokio::time::timeout(Duration::from_secs(1), gone)
                .await
                .is_ok()
        );
    }
}
