//! Reads: whatever waits when a connection is free is asked for with one statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use souk_core::limits::GROUP_READS_MAX;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Mutex, oneshot};
use tokio_postgres::Row;

use super::fault::Fault;
use super::ground::{cell, most};
use super::session::{Link, Session, within};
use super::sql;
use crate::engine::{Range, RawKey, StoreError, Versioned};

/// The statements of these connections.
pub(super) const SAID: &[&str] = &[sql::CELLS, sql::SCAN, sql::SCAN_BACK];

/// What is found under one key.
type Cell = Option<Versioned>;
/// What is found in one range.
type Cells = Vec<(RawKey, Versioned)>;

/// Somebody who waits for a read.
pub(super) enum Read {
    Get(RawKey, oneshot::Sender<Result<Cell, StoreError>>),
    Scan(Range, oneshot::Sender<Result<Cells, StoreError>>),
}

/// Serves reads until nobody can ask any more.
pub(super) async fn serve(mut link: Link, queue: Arc<Mutex<UnboundedReceiver<Read>>>) {
    loop {
        let mut reads = Vec::new();
        let count = queue
            .lock()
            .await
            .recv_many(&mut reads, GROUP_READS_MAX)
            .await;
        if count == 0 {
            return;
        }
        serve_together(&mut link, reads).await;
    }
}

async fn serve_together(link: &mut Link, reads: Vec<Read>) {
    let mut found = find(link, &reads).await;
    if found.as_ref().is_err_and(Fault::is_lost) {
        // A connection that went bad while nobody used it says so now.
        link.hang_up();
        found = find(link, &reads).await;
    }
    match found {
        Ok(found) => found.answer(reads),
        Err(fault) => {
            tracing::error!(%fault, "the database cannot be read");
            link.hang_up();
            reads
                .into_iter()
                .for_each(|read| read.refuse(fault.meaning()));
        }
    }
}

async fn find(link: &mut Link, reads: &[Read]) -> Result<Found, Fault> {
    let session = link.session().await?;
    within(async {
        let (cells, scans) = tokio::join!(biased; cells(session, reads), scans(session, reads));
        Ok(Found {
            cells: cells?,
            scans: scans?,
        })
    })
    .await
}

async fn cells(session: &Session, reads: &[Read]) -> Result<BTreeMap<RawKey, Versioned>, Fault> {
    let keys = reads.iter().filter_map(|read| match read {
        Read::Get(key, _) => Some(key.as_slice()),
        Read::Scan(..) => None,
    });
    let keys: Vec<&[u8]> = keys.collect();
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = session.rows(sql::CELLS, &[&keys]).await?;
    rows.iter().map(cell).collect()
}

async fn scans(session: &Session, reads: &[Read]) -> Result<Vec<Cells>, Fault> {
    let ranges = reads.iter().filter_map(|read| match read {
        Read::Get(..) => None,
        Read::Scan(range, _) => Some(range),
    });
    let found = join_all(ranges.map(|range| scan(session, range))).await;
    found.into_iter().collect()
}

async fn scan(session: &Session, range: &Range) -> Result<Cells, Fault> {
    let text = if range.reverse {
        sql::SCAN_BACK
    } else {
        sql::SCAN
    };
    let rows: Vec<Row> = session
        .rows(text, &[&range.start, &range.end, &most(range.limit)])
        .await?;
    rows.iter().map(cell).collect()
}

/// What was found: cells by key, and each scan in the order they were asked.
struct Found {
    cells: BTreeMap<RawKey, Versioned>,
    scans: Vec<Cells>,
}

impl Found {
    fn answer(self, reads: Vec<Read>) {
        let mut scans = self.scans.into_iter();
        for read in reads {
            // Whoever has gone away since does not want to know.
            match read {
                Read::Get(key, answer) => drop(answer.send(Ok(self.cells.get(&key).cloned()))),
                Read::Scan(_, answer) => {
                    drop(answer.send(scans.next().ok_or(StoreError::Form)));
                }
            }
        }
    }
}

impl Read {
    fn refuse(self, error: StoreError) {
        match self {
            Self::Get(_, answer) => drop(answer.send(Err(error))),
            Self::Scan(_, answer) => drop(answer.send(Err(error))),
        }
    }
}
