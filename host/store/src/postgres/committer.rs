//! Commits: whatever waits is one group, and a group is one transaction of the database.
//!
//! The transaction takes the one row that all commits pass, reads what the group rests on, and the
//! group is decided here, by the same rules as on every engine. What it comes down to is written,
//! noted under the group's own number, and committed: all of it is durable when that is answered.
//! When the answer is lost, the next transaction that gets the row knows for certain whether the
//! note is there, for whoever wrote it had the row.

use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::{GROUP_COMMITS_MAX, GROUP_KEPT_MS, GROUPS_BETWEEN_SWEEPS, RECONNECT_MS};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{sleep, timeout};

use super::fault::Fault;
use super::ground::Ground;
use super::group::{Decided, Head, Waiting, asked, decide};
use super::options::{Hold, Protections};
use super::session::{Link, Session, Value, within};
use super::sql;
use super::stop::Stop;
use crate::engine::{RawKey, StoreError};

/// The statements of this connection.
pub(super) const SAID: &[&str] = &[
    sql::PASS,
    sql::LOOK,
    sql::VERSIONS,
    sql::CELLS,
    sql::RANGES,
    sql::RANGES_BACK,
    sql::PUT,
    sql::DELETE,
    sql::MOVE_ON,
    sql::NOTE,
    sql::NOTED,
    sql::NOTIFY,
    sql::SWEEP,
];

/// The one that commits for this host.
pub(super) struct Committer {
    pub(super) link: Link,
    pub(super) writer: Arc<[u8]>,
    pub(super) hold: Hold,
    pub(super) protections: Protections,
    pub(super) outcome_waits: Duration,
    /// Where the others listen.
    pub(super) channel: String,
    pub(super) stop: Stop,
    /// The groups so far: each has a number of its own.
    pub(super) number: i64,
}

impl Committer {
    /// Commits until nobody can ask any more.
    pub(super) async fn serve(mut self, mut queue: UnboundedReceiver<Waiting>) {
        loop {
            let mut group = Vec::new();
            if queue.recv_many(&mut group, GROUP_COMMITS_MAX).await == 0 {
                return;
            }
            self.commit(group, &mut queue).await;
        }
    }

    async fn commit(&mut self, group: Vec<Waiting>, queue: &mut UnboundedReceiver<Waiting>) {
        self.number = self.number.saturating_add(1);
        let mut begun = self.begin(&group).await;
        if begun.as_ref().is_err_and(Fault::is_lost) {
            // A connection that went bad while nobody used it says so now. Nothing has happened.
            self.link.hang_up();
            begun = self.begin(&group).await;
        }
        let decided = match begun {
            Ok((head, ground)) => decide(group, head, ground),
            Err(fault) => {
                let error = self.failed(&fault);
                return group.into_iter().for_each(|one| one.refuse(error.clone()));
            }
        };
        match self.finish(&decided, queue).await {
            Ok(()) => decided.tell(),
            Err(error) => decided.refuse(&error),
        }
    }

    /// Takes the row and reads what the group rests on.
    async fn begin(&mut self, group: &[Waiting]) -> Result<(Head, Ground), Fault> {
        let pass = if self.protections.lock {
            sql::PASS
        } else {
            sql::LOOK
        };
        let session = self.link.session().await?;
        let asked = asked(group);
        let begun = within(async {
            let (begun, head, ground) = tokio::join!(
                biased;
                session.say(sql::BEGIN),
                session.rows(pass, &[]),
                asked.read(session),
            );
            begun?;
            Ok((Head::read(&head?)?, ground?))
        });
        let (head, ground) = begun.await?;
        self.may_write(&head)?;
        Ok((head, ground))
    }

    fn may_write(&self, head: &Head) -> Result<(), Fault> {
        let free = match (self.hold, &head.holder) {
            (Hold::Alone, Some(holder)) => **holder == *self.writer,
            (Hold::Shared, None) => true,
            (Hold::Alone, None) | (Hold::Shared, Some(_)) | (Hold::Look, _) => false,
        };
        if free { Ok(()) } else { Err(Fault::Taken) }
    }

    /// Writes what was decided and commits it, or ends the transaction if there is nothing.
    async fn finish(
        &mut self,
        decided: &Decided,
        queue: &mut UnboundedReceiver<Waiting>,
    ) -> Result<(), StoreError> {
        if !decided.changes_something() {
            self.roll_back().await;
            return Ok(());
        }
        if let Err(fault) = self.write(decided).await {
            // The commit was never asked for.
            return Err(self.failed(&fault));
        }
        match self.end().await {
            Ok(()) => Ok(()),
            Err(fault) if fault.is_lost() && self.protections.find_out => {
                tracing::warn!(%fault, "the answer to a commit is lost");
                self.find_out(queue).await
            }
            Err(fault) => Err(self.failed(&fault)),
        }
    }

    async fn write(&mut self, decided: &Decided) -> Result<(), Fault> {
        let session = self.link.same()?;
        let (puts, deletions) = Puts::of(decided);
        let sequence = cast(decided.head.sequence)?;
        let at = cast(decided.head.at.millis())?;
        let shared = self.hold == Hold::Shared;
        let logs: Vec<&[u8]> = match self.hold {
            Hold::Shared => decided.logs.iter().map(Vec::as_slice).collect(),
            Hold::Alone | Hold::Look => Vec::new(),
        };
        let note: [Value<'_>; 5] = [&sequence, &at, &&*self.writer, &self.number, &logs];
        let place: [Value<'_>; 2] = [&sequence, &at];
        within(async {
            let (put, deleted, moved, noted, told, swept) = tokio::join!(
                biased;
                puts.write(session),
                delete(session, &deletions),
                session.run(sql::MOVE_ON, &place),
                session.run(sql::NOTE, &note),
                notify(session, shared.then_some(&self.channel)),
                sweep(session, self.number, at),
            );
            put?;
            deleted?;
            moved?;
            noted?;
            told?;
            swept
        })
        .await
    }

    async fn end(&mut self) -> Result<(), Fault> {
        let session = self.link.same()?;
        within(session.say(sql::COMMIT)).await
    }

    /// Ends a transaction that is not to be.
    async fn roll_back(&mut self) {
        let ended = match self.link.same() {
            Ok(session) => within(session.say(sql::ROLLBACK)).await,
            Err(fault) => Err(fault),
        };
        if ended.is_err() {
            self.link.hang_up();
        }
    }

    /// Finds out what became of the group's commit. Those who come meanwhile are asked to try
    /// again.
    async fn find_out(&mut self, queue: &mut UnboundedReceiver<Waiting>) -> Result<(), StoreError> {
        let retry_ms = RECONNECT_MS;
        let found = timeout(self.outcome_waits, async {
            loop {
                self.link.hang_up();
                match self.noted().await {
                    Ok(happened) => return happened,
                    Err(fault) => tracing::warn!(%fault, "the database is not back yet"),
                }
                while let Ok(waiting) = queue.try_recv() {
                    waiting.refuse(StoreError::Busy { retry_ms });
                }
                sleep(Duration::from_millis(retry_ms)).await;
            }
        });
        let found = found.await;
        self.link.hang_up();
        match found {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Busy { retry_ms }),
            Err(_) => Err(StoreError::Unknown),
        }
    }

    /// Tells whether the group's note is there, having the row.
    async fn noted(&mut self) -> Result<bool, Fault> {
        let session = self.link.session().await?;
        within(async {
            session.say(sql::BEGIN).await?;
            session.rows(sql::PASS, &[]).await?;
            let note = session
                .rows(sql::NOTED, &[&&*self.writer, &self.number])
                .await?;
            session.say(sql::ROLLBACK).await?;
            Ok(!note.is_empty())
        })
        .await
    }

    /// Gives up on a transaction that did not happen, and says what that means.
    fn failed(&mut self, fault: &Fault) -> StoreError {
        tracing::error!(%fault, "a commit did not happen");
        // The server ends what was under way when it notices.
        self.link.hang_up();
        let error = fault.meaning();
        if error == StoreError::Stopped {
            self.stop.now();
        }
        error
    }
}

/// Cells to write, as the database takes them: a column each.
#[derive(Default)]
struct Puts<'a> {
    keys: Vec<&'a [u8]>,
    versions: Vec<i64>,
    values: Vec<&'a [u8]>,
}

impl<'a> Puts<'a> {
    /// Splits what was decided into what is written and what is deleted.
    fn of(decided: &'a Decided) -> (Self, Vec<&'a RawKey>) {
        let (mut puts, mut deletions) = (Self::default(), Vec::new());
        for (key, written) in decided.ground.written() {
            match written {
                Some(written) => {
                    puts.keys.push(key);
                    puts.versions
                        .push(i64::try_from(written.version).unwrap_or(i64::MAX));
                    puts.values.push(&written.value);
                }
                None => deletions.push(key),
            }
        }
        (puts, deletions)
    }

    async fn write(&self, session: &Session) -> Result<(), Fault> {
        if self.keys.is_empty() {
            return Ok(());
        }
        let values: [Value<'_>; 3] = [&self.keys, &self.versions, &self.values];
        session.run(sql::PUT, &values).await.map(drop)
    }
}

async fn delete(session: &Session, keys: &[&RawKey]) -> Result<(), Fault> {
    if keys.is_empty() {
        return Ok(());
    }
    session.run(sql::DELETE, &[&keys]).await.map(drop)
}

async fn notify(session: &Session, channel: Option<&String>) -> Result<(), Fault> {
    let Some(channel) = channel else {
        return Ok(());
    };
    session.rows(sql::NOTIFY, &[channel]).await.map(drop)
}

/// Forgets, now and then, groups that nobody will ask for any more.
async fn sweep(session: &Session, number: i64, at: i64) -> Result<(), Fault> {
    if number % GROUPS_BETWEEN_SWEEPS != 0 {
        return Ok(());
    }
    let before = at.saturating_sub_unsigned(GROUP_KEPT_MS);
    session.run(sql::SWEEP, &[&before]).await.map(drop)
}

fn cast(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| Fault::Form)
}
