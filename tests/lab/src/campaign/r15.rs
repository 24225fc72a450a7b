//! R15: a backup under load, again and again. What is restored from each is a prefix: everything
//! acknowledged before the backup began is in it, nothing that began after its end is, and if
//! something is missing, so is everything that began once that had been acknowledged.
//!
//! Each backup is restored three times: to its end, to a record of chance, and to a time during the
//! load. The till is in this process; `souk store backup` and `restore` are the same two functions
//! in a process of their own. Without the protection, files are copied one after the other under
//! the load and the anchor last, as a copying program might do it.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_core::{Clock, Timestamp};
use souk_market::SystemClock;
use souk_store::embedded::{Moment, Options, Prefix, backup, backup_options, restore};
use tempfile::TempDir;

use super::{Args, Tally};
use crate::Wrong;
use crate::crowd::{Crowd, Made, Stretch};
use crate::dice::Dice;
use crate::till::{self, Till};
use crate::unprotected::Unsynced;

/// How many backups are made, each to be restored three times.
const BACKUPS: u32 = 100;
/// How many before there is a new till: a backup is as large as the store.
const BACKUPS_PER_TILL: usize = 20;
/// How long the load lasts before the backup, and so much longer than it.
const LOAD: Range<Duration> = Duration::from_millis(20)..Duration::from_millis(120);
/// Longer than the milliseconds that commits are dated to.
const MOMENT: Duration = Duration::from_millis(2);
/// What else a copying program has to do before it comes to the anchor.
const COPYING: Duration = Duration::from_millis(100);
/// So little that there are checkpoints and an archive after some backups.
const CHECKPOINT_BYTES: u64 = 256 << 10;

/// What is restored to, in words.
const TO_END: &str = "to its end";
const TO_RECORD: &str = "to a record";
const TO_TIME: &str = "to a time";

/// Makes as many backups as asked, and tells how many could not be restored to what they must be.
///
/// # Errors
/// When there is no till.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(BACKUPS), Tally::default());
    let mut seeds = args.seeds(BACKUPS).peekable();
    while seeds.peek().is_some() {
        let mut place = Place::open()?;
        for seed in seeds.by_ref().take(BACKUPS_PER_TILL) {
            let came = place.back_up(seed, args.unprotected).await;
            if tally.count(n, seed, came).is_none() {
                till::put_by(place.room, args.unprotected);
                break;
            }
        }
    }
    Ok(tally)
}

/// Why a backup is bad.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error("restored {to}: deposit {number} was acknowledged before, and is missing")]
    Missing { to: &'static str, number: u64 },
    #[error("restored {to}: deposit {number} began afterwards, and is there")]
    Late { to: &'static str, number: u64 },
    #[error(
        "restored {to}: deposit {absent} is missing, and {present}, which began later, is there"
    )]
    Gap {
        to: &'static str,
        absent: u64,
        present: u64,
    },
    #[error("restored {to}: {records} records, and {entries} deposits")]
    Records {
        to: &'static str,
        records: u64,
        entries: u64,
    },
    #[error("restored to {asked}, the last commit is of {at}")]
    Time { asked: Timestamp, at: Timestamp },
    #[error("restored {to}, record {asked}, there are {records}")]
    Record {
        to: &'static str,
        asked: u64,
        records: u64,
    },
}

/// A till that is used and backed up.
struct Place {
    room: TempDir,
    options: Options,
    till: Arc<Till>,
    crowd: Arc<Crowd>,
    made: Vec<Made>,
}

/// A backup, and what it must hold.
struct Backup {
    /// How many records it says it has; a copying program says nothing.
    records: Option<u64>,
    /// When it began and ended.
    copied: Stretch,
    /// A time during the load before it, and when that was.
    time: Timestamp,
    at: Stretch,
}

impl Place {
    fn open() -> Result<Self, Wrong> {
        let room = till::folder()?;
        let options = Options {
            checkpoint_bytes: CHECKPOINT_BYTES,
            ..till::options(room.path(), Arc::new(Unsynced))
        };
        let till = Arc::new(Till::open(&options)?);
        Ok(Self {
            room,
            options,
            till,
            crowd: Arc::default(),
            made: Vec::new(),
        })
    }

    /// Makes a backup under a load and restores it.
    async fn back_up(&mut self, seed: u64, unprotected: bool) -> Result<(), Wrong> {
        let (mut dice, to) = (Dice::new(seed), self.room.path().join(seed.to_string()));
        let load = self.crowd.start(&self.till);
        let made = self.copy(&to, &mut dice, unprotected).await;
        self.made.extend(load.stop().await?);
        let backup = made?;
        let end = self.restored(&to, TO_END, Moment::End, backup.copied);
        let records = end.await?.records;
        must_be(TO_END, backup.records.unwrap_or(records), records)?;
        let record = 1 + dice.below(records);
        let (back, stretch) = (Moment::Record(record), backup.copied.up_to_its_end());
        let restored = self.restored(&to, TO_RECORD, back, stretch).await?;
        must_be(TO_RECORD, record, restored.records)?;
        let (asked, back) = (backup.time, Moment::Time(backup.time));
        let at = self.restored(&to, TO_TIME, back, backup.at).await?.at;
        if at > asked {
            return Err(Bad::Time { asked, at }.into());
        }
        Ok(fs::remove_dir_all(to)?)
    }

    /// Backs up in the middle of a load.
    async fn copy(&self, to: &Path, dice: &mut Dice, careless: bool) -> Result<Backup, Wrong> {
        tokio::time::sleep(dice.moment(&LOAD)).await;
        let before = self.crowd.tick();
        let time = SystemClock.now();
        tokio::time::sleep(MOMENT).await;
        let at = Stretch(before, self.crowd.tick());
        tokio::time::sleep(dice.moment(&LOAD)).await;
        let before = self.crowd.tick();
        let (from, into) = (self.options.clone(), to.to_owned());
        let copying = move || {
            if careless {
                return copy(&from, &into).map(|()| None);
            }
            Ok::<_, Wrong>(Some(backup(&from, &into)?.records))
        };
        let records = tokio::task::spawn_blocking(copying).await??;
        let copied = Stretch(before, self.crowd.tick());
        tokio::time::sleep(dice.moment(&LOAD)).await;
        Ok(Backup {
            records,
            copied,
            time,
            at,
        })
    }

    /// Restores a backup into a till of its own, and checks that it is a prefix with everything
    /// from before the stretch in it and nothing from after it.
    async fn restored(
        &self,
        from: &Path,
        to: &'static str,
        moment: Moment,
        stretch: Stretch,
    ) -> Result<Prefix, Wrong> {
        let room = till::folder()?;
        let options = till::options(room.path(), Arc::new(Unsynced));
        let prefix = restore(from, &options, moment)?;
        let till = Till::open(&options)?;
        let (mut present, mut absent) = (Vec::new(), Vec::new());
        for made in &self.made {
            let kept = till.has(made.number).await?;
            if kept { &mut present } else { &mut absent }.push(*made);
        }
        judge(to, &present, &absent, stretch)?;
        let entries = till.check(present.iter().map(|made| made.number)).await?;
        if entries == prefix.records {
            Ok(prefix)
        } else {
            let records = prefix.records;
            Err(Bad::Records {
                to,
                records,
                entries,
            }
            .into())
        }
    }
}

/// Tells whether what is there and what is not make a prefix that ends within a stretch.
fn judge(to: &'static str, present: &[Made], absent: &[Made], stretch: Stretch) -> Result<(), Bad> {
    let Stretch(from, until) = stretch;
    let first = absent.iter().min_by_key(|made| made.done);
    let last = present.iter().max_by_key(|made| made.began);
    if let Some(Made { number, .. }) = first.filter(|first| first.done < from) {
        let number = *number;
        return Err(Bad::Missing { to, number });
    }
    if let Some(Made { number, .. }) = last.filter(|last| last.began > until) {
        let number = *number;
        return Err(Bad::Late { to, number });
    }
    match (first, last) {
        (Some(first), Some(last)) if first.done < last.began => Err(Bad::Gap {
            to,
            absent: first.number,
            present: last.number,
        }),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// Tells whether a store ends with the record that was asked for.
fn must_be(to: &'static str, asked: u64, records: u64) -> Result<(), Bad> {
    if asked == records {
        Ok(())
    } else {
        Err(Bad::Record { to, asked, records })
    }
}

/// Copies a store like a program that knows nothing of it: file by file, the anchor last.
fn copy(from: &Options, to: &Path) -> Result<(), Wrong> {
    fs::create_dir_all(to)?;
    for part in ["archive", "checkpoints", "journal"] {
        let part = Path::new(part);
        if from.data.join(part).exists() {
            till::copy_folder(&from.data.join(part), &to.join(part))?;
        }
    }
    std::thread::sleep(COPYING);
    fs::copy(&from.anchor, backup_options(to).anchor)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(number: u64, began: u64, done: u64) -> Made {
        Made {
            number,
            began,
            done,
        }
    }

    fn judged(present: &[Made], absent: &[Made]) -> String {
        let judged = judge("there", present, absent, Stretch(10, 20));
        judged
            .err()
            .map_or_else(|| "good".to_owned(), |bad| bad.to_string())
    }

    #[test]
    fn a_prefix_is_told_from_everything_else() {
        let (early, middle, late) = (made(1, 1, 5), made(2, 11, 15), made(3, 21, 25));
        let between = made(4, 16, 19);
        assert_eq!(judged(&[early, middle], &[late]), "good");
        assert_eq!(judged(&[early], &[middle, between, late]), "good");
        assert_eq!(judged(&[], &[late]), "good");
        assert_eq!(
            judged(&[middle], &[early]),
            "restored there: deposit 1 was acknowledged before, and is missing"
        );
        assert_eq!(
            judged(&[early, late], &[]),
            "restored there: deposit 3 began afterwards, and is there"
        );
        assert_eq!(
            judged(&[early, between], &[middle]),
            "restored there: deposit 2 is missing, and 4, which began later, is there"
        );
    }
}
