//! Copying a store from one engine to another: every cell as it is, and proof that all are there.
//!
//! The first commit into the target leaves a mark there, which says how far the copy is and of
//! which commit of the source it is a copy; the last one takes it away, when both sides have the
//! same digest. A store with the mark is nobody's to serve. A copy that was cut short goes on from
//! its mark, as long as the source is what it was.

use std::collections::BTreeMap;

use souk_core::limits::RECORD_BYTES_MAX;
use souk_core::{Blame, Blamed, Timestamp};

use crate::apply::COPY;
use crate::batch::Batch;
use crate::engine::{CommitError, Engine, RawKey, StoreError, Versioned};
use crate::survey::{Survey, SurveyError, page, position, survey, survey_half};

/// What one commit of a copy holds, of what a commit may hold: room for keys and the mark.
const PART_BYTES: usize = RECORD_BYTES_MAX / 2;

/// Why a store was not copied. In order: callers see the first that applies.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the two cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is something in the target already.
    #[error("there is a store already where the copy should go; name an empty place")]
    NotEmpty,
    /// The target is half of another copy.
    #[error(
        "what is there is half a copy of another source, or of this one before it went on; \
         empty it and copy again"
    )]
    OtherSource,
    /// Somebody committed to the source meanwhile.
    #[error("the source changed while it was copied; stop the hosts that use it and copy anew")]
    SourceChanged,
    /// The source does not check out.
    #[error("the source does not check out")]
    Source(#[source] SurveyError),
    /// The copy does not check out.
    #[error("the copy does not check out")]
    Target(#[source] SurveyError),
    /// The copy is not what the source is.
    #[error("the copy is not what the source is: {source_holds}, copied {copy_holds}")]
    Differs {
        /// What the source holds.
        source_holds: Box<Survey>,
        /// What the copy holds.
        copy_holds: Box<Survey>,
    },
}

impl Blamed for CopyError {
    fn blame(&self) -> Blame {
        match self {
            Self::Store(error) => error.blame(),
            Self::Source(error) | Self::Target(error) => error.blame(),
            Self::NotEmpty | Self::OtherSource | Self::SourceChanged => Blame::Operator,
            Self::Differs { .. } => Blame::Host,
        }
    }
}

impl From<CommitError> for CopyError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Store(error) => Self::Store(error),
            CommitError::Conflict => Self::Store(StoreError::Contended),
        }
    }
}

/// Tells whether a store is none that a copy left half done.
///
/// # Errors
/// The store's.
pub async fn is_whole(engine: &dyn Engine) -> Result<bool, StoreError> {
    Ok(engine.get(&mark_key()).await?.is_none())
}

/// Copies everything `from` holds into `to`, which is empty or holds the beginning of this copy.
/// `tell` hears how many cells were copied so far. Returns what each side holds: the same.
///
/// # Errors
/// The target then keeps its mark and is not served.
pub async fn copy(
    from: &dyn Engine,
    to: &dyn Engine,
    now: Timestamp,
    mut tell: impl FnMut(u64),
) -> Result<[Survey; 2], CopyError> {
    if !is_whole(from).await? {
        return Err(CopyError::Source(SurveyError::Unfinished));
    }
    let sequence = position(from).await?;
    let mut mark = Mark {
        sequence,
        after: start(to, sequence).await?,
    };
    let mut copied: u64 = 0;
    loop {
        let cells = page(from, mark.after.clone()).await?;
        if cells.is_empty() {
            break;
        }
        copied = copied.saturating_add(u64::try_from(cells.len()).unwrap_or(u64::MAX));
        for part in parts(cells) {
            mark.after = part.keys().next_back().cloned();
            commit(to, part, Some(&mark), now).await?;
        }
        tell(copied);
    }
    if position(from).await? != sequence {
        return Err(CopyError::SourceChanged);
    }
    finish(from, to, now).await
}

/// Compares both sides and takes the mark away.
async fn finish(
    from: &dyn Engine,
    to: &dyn Engine,
    now: Timestamp,
) -> Result<[Survey; 2], CopyError> {
    let source = survey(from).await.map_err(CopyError::Source)?;
    let target = survey_half(to).await.map_err(CopyError::Target)?;
    if source != target {
        return Err(CopyError::Differs {
            source_holds: Box::new(source),
            copy_holds: Box::new(target),
        });
    }
    commit(to, BTreeMap::new(), None, now).await?;
    Ok([source, target])
}

/// How far a copy is, and of what.
struct Mark {
    /// The last commit of the source.
    sequence: u64,
    /// The last key copied.
    after: Option<RawKey>,
}

fn mark_key() -> RawKey {
    [&[COPY], &b"opy"[..]].concat()
}

impl Mark {
    fn write(&self) -> Vec<u8> {
        let after = self.after.as_deref().unwrap_or_default();
        [&self.sequence.to_be_bytes(), after].concat()
    }

    fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let (sequence, after) = bytes.split_first_chunk().ok_or(StoreError::Form)?;
        Ok(Self {
            sequence: u64::from_be_bytes(*sequence),
            after: (!after.is_empty()).then(|| after.to_vec()),
        })
    }
}

/// Finds out where to go on in the target: from the beginning, or behind its mark.
async fn start(to: &dyn Engine, sequence: u64) -> Result<Option<RawKey>, CopyError> {
    let Some(mark) = to.get(&mark_key()).await? else {
        let found = page(to, None).await?;
        return if found.is_empty() && position(to).await? == 0 {
            Ok(None)
        } else {
            Err(CopyError::NotEmpty)
        };
    };
    let mark = Mark::read(&mark.value)?;
    if mark.sequence == sequence {
        Ok(mark.after)
    } else {
        Err(CopyError::OtherSource)
    }
}

/// Cells to write.
type Part = BTreeMap<RawKey, Option<Vec<u8>>>;

/// Cuts cells into parts that one commit holds.
fn parts(cells: Vec<(RawKey, Versioned)>) -> Vec<Part> {
    let (mut parts, mut bytes) = (vec![Part::new()], 0_usize);
    for (key, found) in cells {
        let more = key.len().saturating_add(found.value.len());
        if bytes.saturating_add(more) > PART_BYTES {
            parts.push(Part::new());
            bytes = 0;
        }
        bytes = bytes.saturating_add(more);
        if let Some(part) = parts.last_mut() {
            part.insert(key, Some(found.value));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

async fn commit(
    to: &dyn Engine,
    mut writes: Part,
    mark: Option<&Mark>,
    now: Timestamp,
) -> Result<(), CopyError> {
    writes.insert(mark_key(), mark.map(Mark::write));
    let batch = Batch {
        writes,
        ..Batch::default()
    };
    to.commit(batch, now).await?;
    Ok(())
}
