//! What a group of batches rests on: everything they check, add to or append to, as the database
//! has it at one moment, and over it what the batches of the group write one after the other.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Row;

use super::fault::Fault;
use super::session::{Session, Value};
use super::sql;
use crate::apply::View;
use crate::batch::Batch;
use crate::engine::{Range, RawKey, StoreError, Versioned};

/// What a group of batches asks for.
#[derive(Default)]
pub(super) struct Asked {
    /// Only whether they changed.
    versions: Vec<RawKey>,
    /// Numbers and heads, which are worked on.
    values: Vec<RawKey>,
    ahead: Ranges,
    back: Ranges,
}

/// Ranges, and how much of each is wanted: more than is checked, for what the group deletes.
#[derive(Default)]
struct Ranges {
    asked: Vec<Range>,
    most: Vec<i64>,
}

/// What the database had, and what the group makes of it.
#[derive(Default)]
pub(super) struct Ground {
    cells: BTreeMap<RawKey, Versioned>,
    ranges: BTreeMap<Range, Vec<(RawKey, u64)>>,
    written: BTreeMap<RawKey, Option<Versioned>>,
}

impl Asked {
    /// Collects what these batches ask for.
    pub(super) fn by<'a>(batches: &(impl Iterator<Item = &'a Batch> + Clone)) -> Self {
        let heads = |batch: &'a Batch| batch.appends.iter().map(|append| append.head.clone());
        let numbers = |batch: &'a Batch| batch.adds.iter().map(|add| add.key.clone());
        let values = batches
            .clone()
            .flat_map(|batch| heads(batch).chain(numbers(batch)));
        let values: BTreeSet<RawKey> = values.collect();
        let checked = batches.clone().flat_map(|batch| batch.reads.checked());
        let checked = checked.map(|(key, _)| key);
        let versions: BTreeSet<&RawKey> = checked.filter(|key| !values.contains(*key)).collect();
        let mut asked = Self {
            versions: versions.into_iter().cloned().collect(),
            values: values.into_iter().collect(),
            ..Self::default()
        };
        let ranges = batches.clone().flat_map(|batch| &batch.reads.ranges);
        let ranges: BTreeSet<&Range> = ranges.map(|(range, _)| range).collect();
        for range in ranges {
            let deleted = batches.clone().map(|batch| deletions(batch, range));
            asked.range(range, deleted.fold(0, usize::saturating_add));
        }
        asked
    }

    fn range(&mut self, range: &Range, deleted: usize) {
        let ranges = if range.reverse {
            &mut self.back
        } else {
            &mut self.ahead
        };
        ranges.asked.push(range.clone());
        ranges.most.push(most(range.limit.saturating_add(deleted)));
    }

    /// Reads it. Sent when first polled, answered together.
    pub(super) async fn read(&self, session: &Session) -> Result<Ground, Fault> {
        let (versions, values, ahead, back) = tokio::join!(
            biased;
            keys(session, sql::VERSIONS, &self.versions),
            keys(session, sql::CELLS, &self.values),
            self.ahead.read(session, sql::RANGES),
            self.back.read(session, sql::RANGES_BACK),
        );
        let mut ground = Ground::default();
        for row in versions? {
            let value = Vec::new();
            let version = version(&row, 1)?;
            ground
                .cells
                .insert(row.try_get(0)?, Versioned { version, value });
        }
        for row in values? {
            let (key, found) = cell(&row)?;
            ground.cells.insert(key, found);
        }
        self.ahead.keep(&ahead?, &mut ground)?;
        self.back.keep(&back?, &mut ground)?;
        Ok(ground)
    }
}

impl Ranges {
    async fn read(&self, session: &Session, text: &'static str) -> Result<Vec<Row>, Fault> {
        if self.asked.is_empty() {
            return Ok(Vec::new());
        }
        let low: Vec<&[u8]> = self
            .asked
            .iter()
            .map(|range| range.start.as_slice())
            .collect();
        let high: Vec<&[u8]> = self
            .asked
            .iter()
            .map(|range| range.end.as_slice())
            .collect();
        session.rows(text, &[&low, &high, &self.most]).await
    }

    fn keep(&self, rows: &[Row], ground: &mut Ground) -> Result<(), Fault> {
        for range in &self.asked {
            ground.ranges.insert(range.clone(), Vec::new());
        }
        for row in rows {
            let place: i64 = row.try_get(0)?;
            let place = usize::try_from(place.saturating_sub(1)).map_err(|_| Fault::Form)?;
            let range = self.asked.get(place).ok_or(Fault::Form)?;
            let found = ground.ranges.get_mut(range).ok_or(Fault::Form)?;
            found.push((row.try_get(1)?, version(row, 2)?));
        }
        Ok(())
    }
}

impl Ground {
    /// Lays what one batch writes over the rest.
    pub(super) fn write(&mut self, version: u64, writes: BTreeMap<RawKey, Option<Vec<u8>>>) {
        let written = writes
            .into_iter()
            .map(|(key, value)| (key, value.map(|value| Versioned { version, value })));
        self.written.extend(written);
    }

    /// Returns everything the group writes.
    pub(super) fn written(&self) -> &BTreeMap<RawKey, Option<Versioned>> {
        &self.written
    }
}

impl View for Ground {
    fn get(&mut self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        match self.written.get(key) {
            Some(written) => Ok(written.clone()),
            None => Ok(self.cells.get(key).cloned()),
        }
    }

    fn scan(&mut self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        let found = self.ranges.get(range).ok_or(StoreError::Form)?;
        let unread = |version| Versioned {
            version,
            value: Vec::new(),
        };
        let mut merged: BTreeMap<RawKey, Option<Versioned>> = found
            .iter()
            .map(|(key, version)| (key.clone(), Some(unread(*version))))
            .collect();
        if range.start < range.end {
            let own = self.written.range(range.start.clone()..range.end.clone());
            merged.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(range.cut(merged))
    }
}

/// How many cells of a range a batch may delete.
fn deletions(batch: &Batch, range: &Range) -> usize {
    if range.start >= range.end {
        return 0;
    }
    let own = batch.writes.range(range.start.clone()..range.end.clone());
    own.filter(|(_, value)| value.is_none()).count()
}

async fn keys(session: &Session, text: &'static str, keys: &[RawKey]) -> Result<Vec<Row>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let values: [Value<'_>; 1] = [&keys];
    session.rows(text, &values).await
}

/// Reads a row of key, version and value.
pub(super) fn cell(row: &Row) -> Result<(RawKey, Versioned), Fault> {
    let version = version(row, 1)?;
    let value = row.try_get(2)?;
    Ok((row.try_get(0)?, Versioned { version, value }))
}

fn version(row: &Row, column: usize) -> Result<u64, Fault> {
    let version: i64 = row.try_get(column)?;
    u64::try_from(version).map_err(|_| Fault::Form)
}

/// A number of rows as the database counts them.
pub(super) fn most(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
