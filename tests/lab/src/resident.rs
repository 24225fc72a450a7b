//! How much memory of the machine a process has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::Wrong;

/// What stands in `/proc` is in KiB.
const UNIT: u64 = 1 << 10;
/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(5);

/// Returns a figure of a process's memory, like `VmRSS`, in bytes; 0 when it is gone.
pub(crate) fn of(process: &str, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(figure));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kibibytes.unwrap_or(0_u64).saturating_mul(UNIT)
}

/// Returns what this process has, in bytes.
pub(crate) fn here() -> u64 {
    of("self", "VmRSS")
}

/// Watches the most of something until it is asked.
pub(crate) struct Watch {
    done: Arc<AtomicBool>,
    most: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// Looks at a figure again and again.
    pub(crate) fn start(look: impl Fn() -> u64 + Send + 'static) -> Self {
        let (done, most) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let (until, found) = (Arc::clone(&done), Arc::clone(&most));
        let thread = thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                found.fetch_max(look(), Ordering::Relaxed);
                thread::sleep(EVERY);
            }
        });
        Self { done, most, thread }
    }

    /// Returns the most there was.
    pub(crate) fn most(self) -> Result<u64, Wrong> {
        self.done.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| "nobody watched")?;
        Ok(self.most.load(Ordering::Relaxed))
    }
}

/// The most memory that any child of this process has, in bytes.
pub(crate) fn children() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let lists = tasks.flatten().map(|task| task.path().join("children"));
    let lists = lists.filter_map(|path| std::fs::read_to_string(path).ok());
    let children = lists.flat_map(|list| {
        let children = list.split_whitespace().map(str::to_owned);
        children.collect::<Vec<_>>()
    });
    // Until it runs a program of its own, a child has what this process has.
    let program = |process: &str| std::fs::read_link(format!("/proc/{process}/exe")).ok();
    let own = program("self");
    let children = children.filter(|child| program(child) != own);
    children.map(|child| of(&child, "VmHWM")).max().unwrap_or(0)
}
