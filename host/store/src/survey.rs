//! Everything a store holds, looked through from the first key to the last, on any engine: are its
//! logs whole, do their chains hold, and what is the digest of it all?

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};
use souk_core::limits::SURVEY_PAGE_ENTRIES;
use souk_core::{Blame, Blamed, Timestamp};

use crate::apply::{COPY, COUNT, ENTRY, HEAD, Head, NUMBER, VALUE, chain, number};
use crate::batch::Batch;
use crate::engine::{CommitError, Engine, Range, RawKey, StoreError, Versioned};

/// What a store holds. Two stores with the same digest hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Values, numbers, entries and heads.
    pub cells: u64,
    /// How many logs there are.
    pub logs: u64,
    /// How many entries they have.
    pub entries: u64,
    /// SHA-256 over every key and value in order, each behind its length.
    pub digest: [u8; 32],
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cells,
            logs,
            entries,
            digest,
        } = self;
        let digest = hex::encode(digest);
        write!(
            f,
            "{cells} cells, {logs} logs with {entries} entries, sha256:{digest}"
        )
    }
}

/// Why a store does not check out. In order: callers see the first that applies.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is half of a copy.
    #[error("it is a copy that was not finished; run the same copy again")]
    Unfinished,
    /// Somebody committed meanwhile.
    #[error("it changed while it was looked through; stop the hosts that use it")]
    Changed,
    /// A cell that no host has written.
    #[error("the cell {} is none of ours", key.escape_ascii())]
    Cell {
        /// Its raw key.
        key: RawKey,
    },
    /// A cell written by a commit that there has not been.
    #[error("the cell {} is newer than the last commit, {last}", key.escape_ascii())]
    Version {
        /// Its raw key.
        key: RawKey,
        /// The last commit.
        last: u64,
    },
    /// A log whose head and entries disagree.
    #[error("the log {} has {found} entries and should have {expected}", log.escape_ascii())]
    Log {
        /// The log.
        log: RawKey,
        /// The entries there are.
        found: u64,
        /// The entries its head counts.
        expected: u64,
    },
    /// A chained log that does not hash to its head.
    #[error("the chain of the log {} is broken", log.escape_ascii())]
    Chain {
        /// The log.
        log: RawKey,
    },
}

impl Blamed for SurveyError {
    fn blame(&self) -> Blame {
        match self {
            Self::Store(error) => error.blame(),
            Self::Unfinished
            | Self::Changed
            | Self::Cell { .. }
            | Self::Version { .. }
            | Self::Log { .. }
            | Self::Chain { .. } => Blame::Operator,
        }
    }
}

/// Looks through a store that nobody uses meanwhile.
///
/// # Errors
/// The first thing that is not as it should be.
pub async fn survey(engine: &dyn Engine) -> Result<Survey, SurveyError> {
    if !crate::copy::is_whole(engine).await? {
        return Err(SurveyError::Unfinished);
    }
    survey_half(engine).await
}

/// Looks through a store as if it were whole, whatever its mark says.
pub(crate) async fn survey_half(engine: &dyn Engine) -> Result<Survey, SurveyError> {
    let last = position(engine).await?;
    let mut surveyor = Surveyor::new(last);
    let mut after = None;
    loop {
        let cells = page(engine, after).await?;
        let Some((key, _)) = cells.last() else { break };
        after = Some(key.clone());
        for (key, found) in &cells {
            surveyor.look(key, found)?;
        }
    }
    if position(engine).await? != last {
        return Err(SurveyError::Changed);
    }
    surveyor.end()
}

/// Returns the number of the newest commit.
pub(crate) async fn position(engine: &dyn Engine) -> Result<u64, StoreError> {
    let nothing = engine.commit(Batch::default(), Timestamp::from_millis(0));
    match nothing.await {
        Ok(committed) => Ok(committed.sequence),
        Err(CommitError::Store(error)) => Err(error),
        Err(CommitError::Conflict) => Err(StoreError::Contended),
    }
}

/// Reads the cells behind a key, whatever they are.
pub(crate) async fn page(
    engine: &dyn Engine,
    after: Option<RawKey>,
) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
    let start = after.map_or_else(Vec::new, |mut key| {
        key.push(0);
        key
    });
    let range = Range {
        start,
        end: vec![u8::MAX],
        limit: SURVEY_PAGE_ENTRIES,
        reverse: false,
    };
    engine.scan(&range).await
}

/// Looks at cells in the order of their keys: the entries of all logs come before their heads.
struct Surveyor {
    last: u64,
    survey: Survey,
    hasher: Sha256,
    logs: BTreeMap<RawKey, Log>,
}

/// What the entries of a log come to.
#[derive(Default)]
struct Log {
    entries: u64,
    hash: [u8; 32],
    /// Some entry does not follow from the one before it: the log is not chained, or broken.
    loose: bool,
    /// A place was left out.
    gap: bool,
}

impl Surveyor {
    fn new(last: u64) -> Self {
        let survey = Survey {
            cells: 0,
            logs: 0,
            entries: 0,
            digest: [0; 32],
        };
        Self {
            last,
            survey,
            hasher: Sha256::new(),
            logs: BTreeMap::new(),
        }
    }

    fn look(&mut self, key: &RawKey, found: &Versioned) -> Result<(), SurveyError> {
        if key.first() == Some(&COPY) {
            return Ok(());
        }
        if found.version > self.last {
            let (key, last) = (key.clone(), self.last);
            return Err(SurveyError::Version { key, last });
        }
        self.survey.cells = self.survey.cells.saturating_add(1);
        self.hash(key);
        self.hash(&found.value);
        match key.split_first() {
            Some((&ENTRY, rest)) => self.entry(rest, &found.value),
            Some((&HEAD, log)) => self.head(log, &found.value),
            Some((&NUMBER, key)) => self.numbers(key, &found.value),
            Some((&VALUE, _)) => Ok(()),
            Some(_) | None => Err(SurveyError::Cell { key: key.clone() }),
        }
    }

    fn hash(&mut self, bytes: &[u8]) {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.hasher.update(length.to_be_bytes());
        self.hasher.update(bytes);
    }

    /// An entry's key is the length of the log's, the log's, and the place.
    fn entry(&mut self, rest: &[u8], value: &[u8]) -> Result<(), SurveyError> {
        let split = rest
            .split_first_chunk::<4>()
            .and_then(|(_, rest)| rest.split_last_chunk::<8>());
        let Some((log, place)) = split else {
            let key = [&[ENTRY], rest].concat();
            return Err(SurveyError::Cell { key });
        };
        self.survey.entries = self.survey.entries.saturating_add(1);
        if !self.logs.contains_key(log) {
            self.logs.insert(log.to_vec(), Log::default());
        }
        if let Some(log) = self.logs.get_mut(log) {
            log.take(u64::from_be_bytes(*place), value);
        }
        Ok(())
    }

    /// The head of a chained log.
    fn head(&mut self, log: &[u8], value: &[u8]) -> Result<(), SurveyError> {
        let head = Head::read(value)?;
        let found = self.logs.remove(log).unwrap_or_default();
        self.counted(log, &found, head.entries)?;
        if found.loose || found.hash != head.hash {
            let log = log.to_vec();
            return Err(SurveyError::Chain { log });
        }
        Ok(())
    }

    /// The numbers under a key; if it is that of a log too, one of them counts the log's entries.
    fn numbers(&mut self, key: &[u8], value: &[u8]) -> Result<(), SurveyError> {
        let count = number(Some(value), COUNT)?;
        match self.logs.remove(key) {
            Some(found) => self.counted(key, &found, u64::try_from(count).unwrap_or(0)),
            None => Ok(()),
        }
    }

    fn counted(&mut self, log: &[u8], found: &Log, expected: u64) -> Result<(), SurveyError> {
        self.survey.logs = self.survey.logs.saturating_add(1);
        if found.gap || found.entries != expected {
            let (log, found) = (log.to_vec(), found.entries);
            return Err(SurveyError::Log {
                log,
                found,
                expected,
            });
        }
        Ok(())
    }

    fn end(self) -> Result<Survey, SurveyError> {
        if let Some((log, entries)) = self.logs.into_iter().next() {
            return Err(SurveyError::Log {
                log,
                found: entries.entries,
                expected: 0,
            });
        }
        let digest = self.hasher.finalize().into();
        Ok(Survey {
            digest,
            ..self.survey
        })
    }
}

impl Log {
    fn take(&mut self, place: u64, value: &[u8]) {
        self.gap |= place != self.entries;
        self.entries = self.entries.saturating_add(1);
        if self.loose {
            return;
        }
        match value.split_last_chunk::<32>() {
            Some((value, hash)) if chain(&self.hash, place, value) == *hash => self.hash = *hash,
            Some(_) | None => self.loose = true,
        }
    }
}
