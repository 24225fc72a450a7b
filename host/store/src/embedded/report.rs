//! What was found when a store was opened or verified.

use std::fmt;
use std::path::PathBuf;

/// What opening a store found, rebuilt and dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// There was nothing; a new store was made.
    pub new: bool,
    /// The journal.
    pub journal: JournalFound,
    /// The state, as it was before it was brought up to the journal.
    pub state: StateFound,
    /// How many records were applied to the state.
    pub replayed: u64,
    /// How many keys there are.
    pub keys: u64,
    /// All of it was checked; otherwise the rest is in the background.
    pub checked: bool,
    /// What the anchor had said, where the journal was taken as it is.
    pub adopted: Option<Adopted>,
}

/// What was accepted when a journal was taken as it is, whatever its anchor says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adopted {
    /// Nothing: the anchor counts this journal, to its last record.
    Nothing,
    /// That nobody can tell what is missing: there was no anchor that could be read.
    Unanchored,
    /// That the anchor was another store's.
    Stranger,
    /// That the anchor did not count the newest records.
    Beyond {
        /// The last one that it counted.
        anchored: u64,
    },
    /// That records are missing which were acknowledged.
    Missing {
        /// The last one that was acknowledged.
        anchored: u64,
    },
    /// That the last record is not the one that was acknowledged.
    Altered,
}

/// What the journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalFound {
    /// How many files it has.
    pub segments: u64,
    /// The last record's number, which is also how many there are.
    pub records: u64,
    /// How many records the anchor did not count yet.
    pub beyond_anchor: u64,
    /// What was cut off behind the last sound record: writes that nobody was told of.
    pub dropped: Option<Dropped>,
}

/// What was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The file it was in, with all files behind it.
    pub path: PathBuf,
    /// From which byte on.
    pub offset: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// What the state on disk was like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateFound {
    /// It was what the journal gives.
    Sound,
    /// It lacked the newest records.
    Behind {
        /// The last record it had.
        applied: u64,
    },
    /// It was not there.
    Missing,
    /// It lies where nothing can be written, and cannot be looked at without.
    ReadOnly,
    /// It was not what the journal gives, or could not be read.
    Damaged {
        /// How that was noticed.
        reason: String,
    },
}

/// How far a running store has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The last durable commit.
    pub journal: u64,
    /// The last commit that the state on disk has. What comes after it is in memory, too.
    pub state: u64,
}

/// What verifying a store found. That the journal is sound and whole goes without saying: otherwise
/// there is an [`OpenError`](super::OpenError) instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The journal.
    pub journal: JournalFound,
    /// The state against the journal.
    pub state: StateFound,
    /// How many checkpoints there are, all of them sound.
    pub checkpoints: usize,
}

impl fmt::Display for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.new {
            return f.write_str("new store");
        }
        write!(
            f,
            "{}; {}, {} applied",
            self.journal,
            self.state,
            many(self.replayed, "record")
        )?;
        if !self.checked {
            f.write_str("; the rest is checked in the background")?;
        }
        match self.adopted {
            Some(adopted) => write!(f, "; {}", adopted.words(self.journal.records)),
            None => Ok(()),
        }
    }
}

impl Adopted {
    /// Says it of a journal with so many records.
    fn words(self, records: u64) -> String {
        match self {
            Self::Nothing => "the anchor agrees, so nothing had to be accepted".to_owned(),
            Self::Unanchored => {
                "accepted without a readable anchor, so what is missing is not known".to_owned()
            }
            Self::Stranger => "accepted although the anchor was another store's".to_owned(),
            Self::Beyond { anchored } => {
                format!("accepted beyond record {anchored}, the last that the anchor counted")
            }
            Self::Missing { anchored } => format!(
                "accepted although records up to {anchored} were acknowledged: {} missing",
                many(anchored.saturating_sub(records), "record")
            ),
            Self::Altered => {
                "accepted although the last record is not the one that was acknowledged".to_owned()
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.journal, self.state)?;
        if self.checkpoints == 0 {
            return Ok(());
        }
        write!(f, "; {}", many(self.checkpoints, "checkpoint"))
    }
}

impl fmt::Display for JournalFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (records, files) = (many(self.records, "record"), many(self.segments, "file"));
        write!(f, "journal: {records} in {files}")?;
        if self.beyond_anchor > 0 {
            write!(f, ", {} of them not yet anchored", self.beyond_anchor)?;
        }
        if let Some(Dropped {
            path,
            offset,
            bytes,
        }) = &self.dropped
        {
            let path = path.display();
            write!(
                f,
                ", {bytes} unacknowledged bytes cut off {path} at byte {offset}"
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for StateFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sound => f.write_str("state: sound"),
            Self::Behind { applied } => write!(f, "state: behind, at record {applied}"),
            Self::Missing => f.write_str("state: missing"),
            Self::ReadOnly => f.write_str("state: not looked at on a read-only medium"),
            Self::Damaged { reason } => write!(f, "state: damaged ({reason})"),
        }
    }
}

/// So many of something: `1 file`, `2 files`.
fn many<N: Copy + fmt::Display + PartialEq + From<u8>>(number: N, what: &str) -> String {
    let s = if number == N::from(1) { "" } else { "s" };
    format!("{number} {what}{s}")
}
