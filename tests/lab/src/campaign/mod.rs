//! Campaigns: one file for each row of the targets that is tried again and again.

mod books;
mod calls;
pub mod crowd;
pub mod devices;
mod place;
pub mod r1;
pub mod r10;
pub mod r11;
pub mod r13;
pub mod r15;
pub mod r17;
pub mod r2;
pub mod r3;
pub mod r4;
pub mod r5;
pub mod r6;
pub mod r7;
pub mod r8;
pub mod replay;
pub mod s10;
pub mod s2;
pub mod s3;
pub mod s4;
pub mod s5;
pub mod s6;
pub mod s7;
pub mod s8;
pub mod s9;
mod site;
pub mod ssrf;

use std::fmt;

use crate::{Wrong, report};

/// How often progress is told when single tries are too short to tell of.
const TOLD_TIMES: u32 = 20;

/// How a campaign is run.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// How often it is tried [default: as often as the targets say]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub n: Option<u32>,
    /// What the first try takes its chances from; each further one has the next number. A bad try
    /// tells its seed, to be tried again with `--n 1`
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Try it without the protection, to show that this campaign can fail: exit status 0 then
    /// means that something bad was found
    #[arg(long)]
    pub unprotected: bool,
}

/// How often something was tried, and how often it came out badly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tries.
    pub tried: u32,
    /// Those that came out badly.
    pub bad: u32,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tried, {} bad", self.tried, self.bad)
    }
}

impl Args {
    /// How often it is tried, where the targets say `due`.
    fn n(&self, due: u32) -> u32 {
        self.n.unwrap_or(due)
    }

    /// The seeds of all tries.
    fn seeds(&self, due: u32) -> impl Iterator<Item = u64> + use<> {
        let first = self.seed;
        (0..u64::from(self.n(due))).map(move |number| first.wrapping_add(number))
    }
}

impl Tally {
    /// Counts a try of many short ones, and tells of it if it came out badly.
    fn count<T>(&mut self, of: u32, seed: u64, came: Result<T, Wrong>) -> Option<T> {
        self.tried = self.tried.saturating_add(1);
        if self.tried.is_multiple_of((of / TOLD_TIMES).max(1)) {
            report::tell(format_args!("{} of {of}: {self}", self.tried));
        }
        came.map_err(|bad| self.bad(seed, &bad)).ok()
    }

    /// Counts and tells a try that came out badly.
    fn bad(&mut self, seed: u64, bad: &Wrong) {
        self.bad = self.bad.saturating_add(1);
        report::tell(format_args!("seed {seed}: {}", report::causes(&**bad)));
    }
}
