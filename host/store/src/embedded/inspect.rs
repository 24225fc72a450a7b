//! Holding the journal's end against its anchor. Nothing is written here.
//!
//! What the anchor counts was acknowledged and must be there, byte for byte: anything else is
//! refused. What lies beyond it was not: the sound part is kept, and a write that was cut short
//! ends the journal where it began.
//!
//! Reading begins as late as it may (see [`start`](super::start)). The hashes make up for that:
//! only the right beginning leads to the hash that the anchor has. What lies before the beginning
//! is read by the [`scrub`](super::scrub).

use std::path::{Path, PathBuf};

use super::anchor::{AnchorFile, Found};
use super::checkpoint::record::Head;
use super::checkpoint::shelf::Checkpoints;
use super::error::OpenError;
use super::journal::record::Stamp;
use super::journal::segment::{self, Header};
use super::journal::shelf::Shelf;
use super::journal::walk::{Damage, Place, Step, Walk};
use super::journal::{Chain, StoreId, salvage};
use super::options::Options;
use super::start::{self, Start};

/// A journal that holds everything its anchor counts.
pub(super) struct Journal {
    pub(super) path: PathBuf,
    pub(super) shelf: Shelf,
    pub(super) checkpoints: Checkpoints,
    pub(super) store: StoreId,
    /// Where reading began. What lies before it was not read.
    pub(super) start: Header,
    /// The headers of its sound segments from there on.
    pub(super) headers: Vec<Header>,
    /// Where the next record goes; nothing if not even the first segment is there.
    pub(super) end: Option<Place>,
    pub(super) chain: Chain,
    pub(super) last: Stamp,
    /// The last record that the anchor counts, and where the next one starts, if there is one.
    pub(super) anchored: u64,
    pub(super) beyond: Option<Place>,
    /// Where something begins that was never acknowledged and is not sound.
    pub(super) torn: Option<Place>,
    /// The anchor, if it is to be kept.
    pub(super) anchor: Option<AnchorFile>,
}

/// What the journal must hold.
pub(super) struct Claim {
    pub(super) store: StoreId,
    anchor: Option<AnchorFile>,
    /// The last acknowledged record and its hash; nothing is claimed when the anchor is not asked.
    pub(super) must: Option<(u64, Chain)>,
    /// Damage up to this record is never cut off.
    floor: u64,
    /// Nobody knows what was acknowledged: damage is cut off only if nothing sound follows it.
    blind: bool,
}

/// Reads the journal's end and holds it against the anchor. `applied` is the last record that the
/// state on disk says it has; what comes after it is read in any case.
pub(super) fn inspect(options: &Options, applied: u64) -> Result<Journal, OpenError> {
    let path = options.journal();
    let mut claim = claim(options, &path)?;
    let anchor = claim.anchor.take();
    let start = start::find(options, &claim, applied)?;
    let mut journal = Journal::empty(options, &claim, start, anchor);
    let shelf = journal.shelf.clone();
    let mut walk = Walk::from(&shelf, &start.header).map_err(OpenError::io(&path))?;
    if let Some(known) = &start.known {
        journal.holds(known, &claim)?;
    }
    let damage = loop {
        match walk.step().map_err(OpenError::io(&path))? {
            Step::Record(record, start) => {
                let (stamp, chain) = (record.stamp, record.chain);
                let place = Place {
                    offset: start,
                    sequence: stamp.sequence,
                    ..walk.place()
                };
                journal.add(place, stamp, chain, &claim)?;
                journal.end = Some(walk.place());
            }
            Step::Segment(header) => {
                journal.headers.push(header);
                journal.end = Some(walk.place());
            }
            Step::End => break None,
            Step::Damaged(damage) => break Some(damage),
            Step::Unknown => return Err(OpenError::Format { path: walk.path() }),
            Step::Stranger => {
                let other = options.anchor.clone();
                return Err(OpenError::OtherStore {
                    path: walk.path(),
                    other,
                });
            }
        }
    };
    match damage {
        None => journal.whole(&claim),
        Some(damage) => journal.cut(walk.place(), damage, &claim),
    }
}

/// Finds out what the journal must hold.
fn claim(options: &Options, journal: &Path) -> Result<Claim, OpenError> {
    let numbers = segment::numbers(journal).map_err(OpenError::io(journal))?;
    let found = AnchorFile::open(&options.anchor).map_err(OpenError::io(&options.anchor))?;
    let asked = options.protections.anchor && !options.adopt;
    match found {
        Found::Missing if numbers.is_empty() => {
            let state = options.state();
            if state.exists() || options.checkpoints().exists() {
                return Err(OpenError::JournalMissing {
                    journal: journal.to_path_buf(),
                    state,
                });
            }
            Ok(Claim {
                store: new_store()?,
                anchor: None,
                must: None,
                floor: 0,
                blind: false,
            })
        }
        Found::Anchor(file, anchor) if asked => Ok(Claim {
            store: anchor.store,
            anchor: Some(file),
            must: Some((anchor.sequence, anchor.chain)),
            floor: anchor.sequence,
            blind: false,
        }),
        Found::Missing if asked => Err(OpenError::AnchorMissing {
            anchor: options.anchor.clone(),
            journal: journal.to_path_buf(),
        }),
        Found::Damaged if asked => Err(OpenError::AnchorDamaged {
            anchor: options.anchor.clone(),
        }),
        Found::Anchor(..) | Found::Missing | Found::Damaged => unasked(options, journal, &found),
    }
}

/// What is claimed when the anchor is not asked: nothing. The journal says whose it is.
fn unasked(options: &Options, journal: &Path, found: &Found) -> Result<Claim, OpenError> {
    let anchor = match found {
        Found::Anchor(_, anchor) => Some(*anchor),
        Found::Missing | Found::Damaged => None,
    };
    let shelf = options.shelf();
    let first = shelf.numbers().map_err(OpenError::io(journal))?;
    let first = shelf.path(first.first().copied().unwrap_or(1));
    let store = match segment::header(&first).map_err(OpenError::io(&first))? {
        Some(header) => header.store,
        None => anchor.map_or_else(new_store, |anchor| Ok(anchor.store))?,
    };
    let floor = anchor
        .filter(|_| options.adopt)
        .map_or(0, |anchor| anchor.sequence);
    let blind = options.adopt && anchor.is_none();
    Ok(Claim {
        store,
        anchor: None,
        must: None,
        floor,
        blind,
    })
}

fn new_store() -> Result<StoreId, OpenError> {
    let mut store = StoreId::default();
    match getrandom::fill(&mut store) {
        Ok(()) => Ok(store),
        Err(error) => {
            let source = std::io::Error::other(error);
            Err(OpenError::Resources {
                what: "randomness",
                source,
            })
        }
    }
}

impl Journal {
    fn empty(options: &Options, claim: &Claim, start: Start, anchor: Option<AnchorFile>) -> Self {
        Self {
            path: options.journal(),
            shelf: options.shelf(),
            checkpoints: options.checkpoints_of(claim.store),
            store: claim.store,
            start: start.header,
            headers: Vec::new(),
            end: None,
            chain: start.header.before,
            last: start.before(),
            anchored: claim.must.map_or(0, |(sequence, _)| sequence),
            beyond: None,
            torn: None,
            anchor,
        }
    }

    /// Tells whether all of the journal that is kept was read.
    pub(super) fn is_read(&self) -> Result<bool, OpenError> {
        let kept = self.checkpoints.kept();
        let kept = kept.map_err(OpenError::io(self.checkpoints.folder()))?;
        Ok(self.start.number <= kept)
    }

    /// Holds a checkpoint that reading begins behind against the anchor.
    fn holds(&self, known: &Head, claim: &Claim) -> Result<(), OpenError> {
        match claim.must {
            Some((sequence, chain))
                if sequence == known.stamp.sequence && chain != known.chain && sequence > 0 =>
            {
                Err(OpenError::Altered {
                    path: self.checkpoints.path(sequence),
                    offset: 0,
                    sequence,
                })
            }
            _ => Ok(()),
        }
    }

    /// Counts a sound record that starts at `place`.
    fn add(
        &mut self,
        place: Place,
        stamp: Stamp,
        chain: Chain,
        claim: &Claim,
    ) -> Result<(), OpenError> {
        if let Some((sequence, anchored)) = claim.must {
            if stamp.sequence == sequence && chain != anchored {
                let (path, offset) = (self.shelf.path(place.segment), place.offset);
                return Err(OpenError::Altered {
                    path,
                    offset,
                    sequence,
                });
            }
            if stamp.sequence == sequence.saturating_add(1) {
                self.beyond = Some(place);
            }
        }
        (self.last, self.chain) = (stamp, chain);
        Ok(())
    }

    /// The end of a journal in which nothing is wrong.
    fn whole(self, claim: &Claim) -> Result<Self, OpenError> {
        let last = self.last.sequence;
        match claim.must {
            Some((anchored, _)) if last < anchored => {
                let end = self.end.unwrap_or(Place {
                    segment: self.start.number,
                    offset: 0,
                    sequence: self.start.first,
                });
                let path = self.shelf.path(end.segment);
                Err(OpenError::TailMissing {
                    path,
                    offset: end.offset,
                    last,
                    anchored,
                })
            }
            _ => Ok(self),
        }
    }

    /// The end of a journal at a place where something is wrong.
    fn cut(mut self, place: Place, damage: Damage, claim: &Claim) -> Result<Self, OpenError> {
        let path = self.shelf.path(place.segment);
        let numbers = self.shelf.numbers().map_err(OpenError::io(&self.path))?;
        if claim.floor > 0 && numbers.is_empty() {
            return self.whole(claim);
        }
        let follows = || salvage::anything_follows(&self.path, place).map_err(OpenError::io(&path));
        if place.sequence <= claim.floor || claim.blind && follows()? {
            let Place {
                offset, sequence, ..
            } = place;
            return Err(OpenError::Damaged {
                path,
                offset,
                sequence,
                damage,
            });
        }
        self.torn = Some(place);
        Ok(self)
    }
}
