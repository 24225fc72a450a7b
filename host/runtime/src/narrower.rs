//! What an operator may draw narrower than it is for every run: for all apps, or for single ones.
//!
//! The table is here: one row for each bound of [`Limits`] that can be an app's own.
//! `host/docs/policy.md` prints it, and a test keeps the two the same. What is not in it bounds the
//! host, not an app.

use std::collections::BTreeMap;

use souk_core::AppId;

use crate::limits::Limits;

/// One bound that can be drawn narrower.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// What a policy calls it.
    pub name: &'static str,
    /// What it bounds, and in which unit.
    pub words: &'static str,
    /// The least it can be: with less nothing would run.
    pub least: u64,
    is: fn(&Limits) -> u64,
    draw: fn(&mut Limits, u64),
}

/// A row: the field of [`Limits`], the least it can be, and what it bounds.
macro_rules! bound {
    ($field:ident, $least:literal, $words:literal) => {
        Bound {
            name: stringify!($field),
            words: $words,
            least: $least,
            is: |limits| u64::try_from(limits.$field).unwrap_or(u64::MAX),
            draw: |limits, most| {
                // One that does not fit its field is above what holds, and changes nothing.
                limits.$field = most
                    .try_into()
                    .map_or(limits.$field, |most| limits.$field.min(most));
            },
        }
    };
}

/// Every bound that can be drawn narrower.
pub static BOUNDS: [Bound; 21] = [
    bound!(run_ms, 1, "How long a run may take, in milliseconds"),
    bound!(
        memory_bytes,
        65_536,
        "All memories and tables of a run together, in bytes"
    ),
    bound!(
        app_runs_at_once,
        1,
        "Runs of the app at once; the next one waits"
    ),
    bound!(
        app_run_waits_ms,
        0,
        "How long it waits before it is refused as busy, in milliseconds"
    ),
    bound!(host_calls, 1, "Host calls of a run"),
    bound!(
        wasi_calls,
        1_000,
        "Prints, clock readings and the like of a run"
    ),
    bound!(
        host_call_bytes,
        1_024,
        "What one host call may bring in, in bytes"
    ),
    bound!(
        money_call_bytes,
        1_024,
        "What one host call about money may bring in, in bytes"
    ),
    bound!(
        answer_bytes,
        0,
        "What all host calls of a run may hand to it, in bytes"
    ),
    bound!(handles, 10, "Handles a run holds at once"),
    bound!(log_bytes, 0, "What a run may print, in bytes"),
    bound!(messages, 0, "Messages a run may post"),
    bound!(orders, 0, "Sheets a run may open"),
    bound!(
        staged_bytes,
        0,
        "What a run may write into its storage, in bytes"
    ),
    bound!(
        bucket_bytes,
        0,
        "What one bucket holds, keys included, in bytes"
    ),
    bound!(timers, 0, "Timers a run may set or cancel"),
    bound!(reads, 0, "Questions a run may ask outside"),
    bound!(
        reads_ms,
        0,
        "How long a run may wait for the answers, all together, in milliseconds"
    ),
    bound!(sends, 0, "Letters a run may send to the outside"),
    bound!(http_per_minute, 1, "Requests of the app in a minute"),
    bound!(http_at_once, 1, "Requests of the app under way at once"),
];

/// Returns the bound of this name.
pub fn bound(name: &str) -> Option<&'static Bound> {
    BOUNDS.iter().find(|bound| bound.name == name)
}

/// What an operator decides about the runs of an app. What is not said is as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrower(BTreeMap<&'static str, u64>);

/// What an operator decides about the runs of every app, and of single ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowers {
    /// What holds for every app that is not named.
    pub every: Narrower,
    /// What holds for those that are, whole.
    pub single: BTreeMap<AppId, Narrower>,
}

impl Narrowers {
    /// Returns what holds for an app.
    pub fn of(&self, app: &AppId) -> &Narrower {
        self.single.get(app).unwrap_or(&self.every)
    }
}

impl Narrower {
    /// Draws a bound narrower; one that is above what holds for every run changes nothing.
    #[must_use]
    pub fn with(mut self, bound: &Bound, most: u64) -> Self {
        self.0.insert(bound.name, most);
        self
    }

    /// Returns what a bound is drawn to, if it is.
    pub fn most(&self, bound: &Bound) -> Option<u64> {
        self.0.get(bound.name).copied()
    }
}

impl Bound {
    /// Returns what it is for every run of a host, in its unit.
    pub fn usual(&self) -> u64 {
        (self.is)(&Limits::default())
    }
}

impl Limits {
    /// Returns these bounds, each as narrow as the narrower of the two.
    #[must_use]
    pub fn narrowed(&self, by: &Narrower) -> Self {
        let mut narrowed = self.clone();
        for bound in &BOUNDS {
            if let Some(most) = by.most(bound) {
                (bound.draw)(&mut narrowed, most);
            }
        }
        narrowed
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    #[test]
    fn the_narrower_of_two_holds() {
        let usual = Limits::default();
        assert_eq!(usual.narrowed(&Narrower::default()), usual);
        let to = |name, most| (bound(name).unwrap(), most);
        let said = [
            to("run_ms", 500),
            to("memory_bytes", u64::MAX),
            to("messages", 0),
        ];
        let by = said.into_iter();
        let by = by.fold(Narrower::default(), |by, (bound, most)| {
            by.with(bound, most)
        });
        let expected = Limits {
            run_ms: 500,
            messages: 0,
            ..usual.clone()
        };
        assert_eq!(usual.narrowed(&by), expected);
    }

    #[test]
    fn each_bound_draws_its_own() {
        let usual = Limits::default();
        for each in &BOUNDS {
            assert!(each.least < each.usual(), "{each:?}");
            let narrowed = usual.narrowed(&Narrower::default().with(each, each.least));
            for other in &BOUNDS {
                let same = other.name == each.name;
                let expected = if same { each.least } else { other.usual() };
                assert_eq!(
                    (other.is)(&narrowed),
                    expected,
                    "{} by {}",
                    other.name,
                    each.name
                );
            }
        }
    }

    /// The page for operators, with the table in its place.
    #[test]
    fn the_page_prints_the_table() {
        let mut table = String::from("| limit | at most | what it bounds |\n|---|---:|---|\n");
        for each in &BOUNDS {
            let (name, usual, words) = (each.name, each.usual(), each.words);
            table += &format!("| `{name}` | {usual} | {words} |\n");
        }
        let page = include_str!("../../docs/policy.md");
        let (before, rest) = page.split_once("<!-- table -->\n").unwrap();
        let (_, after) = rest.split_once("<!-- end -->\n").unwrap();
        let whole = format!("{before}<!-- table -->\n{table}<!-- end -->\n{after}");
        expect_file!["../../docs/policy.md"].assert_eq(&whole);
    }
}
