//! The connection that keeps the store for this host, and hears what others commit.
//!
//! A session of the database holds a lock as long as it stands: alone, or with others who share.
//! It is how a second host finds out that the store is in use. Should the session break, the lock
//! is taken again; whoever took the store meanwhile is noticed by the next commit at the latest.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use souk_core::limits::OTHERS_LOOKED_AT_MS;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::fault::Fault;
use super::options::Hold;
use super::session::{Link, Session, within};
use super::sql;
use super::stop::Stop;
use crate::changes::Hub;
use crate::key::Key;

/// The statements of this connection.
pub(super) const SAID: &[&str] = &[sql::OTHERS];

/// The one that listens for this host.
pub(super) struct Listener {
    pub(super) link: Link,
    pub(super) writer: Arc<[u8]>,
    pub(super) hold: Hold,
    /// The number of the table, which names lock and channel.
    pub(super) table: i64,
    /// The newest commit heard of.
    pub(super) heard: i64,
    pub(super) told: Arc<OnceLock<Hub>>,
    pub(super) stop: Stop,
}

/// Where hosts on the same tables wake each other.
pub(super) fn channel(table: i64) -> String {
    format!("souk_{table}")
}

impl Listener {
    /// Listens until `over`.
    pub(super) async fn serve(mut self, over: Arc<Notify>) {
        let woken = self.link.told();
        loop {
            let time = Duration::from_millis(OTHERS_LOOKED_AT_MS);
            tokio::select! {
                () = over.notified() => return,
                _ = timeout(time, woken.notified()) => {}
            }
            match self.hear().await {
                Ok(()) => {}
                Err(Fault::Taken) => {
                    tracing::error!("another host has the store now");
                    self.stop.now();
                }
                Err(fault) => {
                    tracing::warn!(%fault, "nothing is heard of the database");
                    self.link.hang_up();
                }
            }
        }
    }

    /// Takes the lock and begins to listen.
    pub(super) async fn hold(&mut self) -> Result<(), Fault> {
        let (hold, table) = (self.hold, self.table);
        let session = self.link.session().await?;
        let lock = match hold {
            Hold::Alone | Hold::Look => "SELECT pg_try_advisory_lock($1)",
            Hold::Shared => "SELECT pg_try_advisory_lock_shared($1)",
        };
        within(async {
            if !taken(session, lock, table).await? {
                return Err(Fault::Taken);
            }
            session.say(&format!("LISTEN {}", channel(table))).await
        })
        .await
    }

    /// Tells the listeners of this host what others committed since it was last done.
    async fn hear(&mut self) -> Result<(), Fault> {
        if !self.link.is_live() {
            self.hold().await?;
        }
        if self.hold != Hold::Shared {
            return Ok(());
        }
        let heard = self.heard;
        let session = self.link.session().await?;
        let rows = within(session.rows(sql::OTHERS, &[&heard])).await?;
        for row in rows {
            let writer: Vec<u8> = row.try_get(1)?;
            let logs: Vec<Vec<u8>> = row.try_get(2)?;
            if writer != *self.writer && !logs.is_empty() {
                self.tell(&logs);
            }
            self.heard = row.try_get(0)?;
        }
        Ok(())
    }

    fn tell(&self, logs: &[Vec<u8>]) {
        if let Some(told) = self.told.get() {
            let logs: Vec<Key> = logs.iter().map(|log| Key::of_log(log)).collect();
            told.tell(&logs);
        }
    }
}

async fn taken(session: &Session, lock: &str, table: i64) -> Result<bool, Fault> {
    let rows = session.ask(lock, &[&table]).await?;
    let row = rows.first().ok_or(Fault::Form)?;
    Ok(row.try_get(0)?)
}
