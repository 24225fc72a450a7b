//! Opening: is it a server that keeps what it acknowledges, are its tables ours, are they free?

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use souk_core::limits::RECONNECT_MS;
use tokio::time::sleep;

use super::error::OpenError;
use super::fault::Fault;
use super::group::Head;
use super::listener::{self, Listener};
use super::options::{Hold, Options};
use super::schema;
use super::session::{Link, Session};
use super::sql;
use super::stop::Stop;

/// The oldest server this was tested with, as servers number themselves.
const SERVER_VERSION: i32 = 150_000;

/// How often a store in use is tried again before it is given up.
const HOLD_TRIES: u32 = 5;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// There was nothing.
    pub new: bool,
    /// The last commit.
    pub sequence: u64,
    /// The server's version, as it numbers itself.
    pub server: i32,
    /// The fingerprint of the keyring its content is sealed with, once a host has served it.
    pub keyring: Option<Vec<u8>>,
}

impl fmt::Display for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server / 10_000;
        if self.new {
            write!(f, "new, on PostgreSQL {server}")
        } else {
            let commits = self.sequence;
            write!(f, "{commits} commits, on PostgreSQL {server}")
        }
    }
}

/// Looks at the server, brings up the tables and takes them.
pub(super) async fn open(
    options: &Options,
    writer: &Arc<[u8]>,
    stop: &Stop,
) -> Result<(Listener, Opened), OpenError> {
    let mut link = Link::new(&options.config, &[]);
    let session = link.session().await.map_err(options.fault())?;
    let server = fit(session, options).await?;
    let new = schema::bring_up(session, options).await?;
    let table = table(session).await.map_err(options.fault())?;
    let mut listener = Listener {
        link: Link::new(&options.config, listener::SAID),
        writer: Arc::clone(writer),
        hold: options.hold,
        table,
        heard: 0,
        told: Arc::new(OnceLock::new()),
        stop: stop.clone(),
    };
    hold(&mut listener, options).await?;
    let (head, keyring) = look(session).await.map_err(options.fault())?;
    if let (Some(found), Some(ours)) = (&keyring, &options.keyring)
        && found != ours
    {
        return Err(OpenError::OtherKeys {
            database: options.to_string(),
        });
    }
    if options.hold != Hold::Look {
        let taken = take(session, options, writer).await;
        taken.map_err(options.fault())?;
    }
    listener.heard = i64::try_from(head.sequence).unwrap_or(i64::MAX);
    let opened = Opened {
        new,
        sequence: head.sequence,
        server,
        keyring,
    };
    Ok((listener, opened))
}

/// Tells whether the server will do, and returns its version.
async fn fit(session: &Session, options: &Options) -> Result<i32, OpenError> {
    let asked = "SELECT current_setting('server_version_num')::integer, pg_is_in_recovery(),
        current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on'";
    let look = async {
        let rows = session.ask(asked, &[]).await?;
        let row = rows.first().ok_or(Fault::Form)?;
        Ok((
            row.try_get(0)?,
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
        ))
    };
    let found: Result<(i32, bool, bool, bool), Fault> = look.await;
    let (version, follows, syncs, whole_pages) = found.map_err(options.fault())?;
    if version < SERVER_VERSION {
        return Err(OpenError::Old { version });
    }
    if follows {
        return Err(OpenError::Follower);
    }
    let asked = options.protections.durable_server;
    let off = [("fsync", syncs), ("full_page_writes", whole_pages)];
    match off.into_iter().find(|(_, on)| asked && !on) {
        Some((setting, _)) => Err(OpenError::NotDurable { setting }),
        None => Ok(version),
    }
}

async fn table(session: &Session) -> Result<i64, Fault> {
    let rows = session
        .ask("SELECT 'souk_store'::regclass::oid::bigint", &[])
        .await?;
    Ok(rows.first().ok_or(Fault::Form)?.try_get(0)?)
}

/// Takes the lock. The server may not have noticed yet that whoever had it is gone.
async fn hold(listener: &mut Listener, options: &Options) -> Result<(), OpenError> {
    let mut tries = 0..HOLD_TRIES;
    loop {
        match listener.hold().await {
            Ok(()) => return Ok(()),
            Err(Fault::Taken) if tries.next().is_some() => {
                sleep(Duration::from_millis(RECONNECT_MS)).await;
            }
            Err(Fault::Taken) => {
                return Err(OpenError::InUse {
                    database: options.to_string(),
                });
            }
            Err(fault) => return Err(options.fault()(fault)),
        }
    }
}

/// Writes down who has the tables, so that whoever had them before cannot commit any more, and
/// which keys belong to them.
async fn take(session: &Session, options: &Options, writer: &Arc<[u8]>) -> Result<(), Fault> {
    let holder = (options.hold == Hold::Alone).then_some(&**writer);
    let keyring = options.keyring.as_ref().map(<[u8; 32]>::as_slice);
    let take = "UPDATE souk_store SET holder = $1, keyring = coalesce(keyring, $2) WHERE one = 1";
    session.ask(take, &[&holder, &keyring]).await.map(drop)
}

async fn look(session: &Session) -> Result<(Head, Option<Vec<u8>>), Fault> {
    let head = Head::read(&session.ask(sql::LOOK, &[]).await?)?;
    let rows = session
        .ask("SELECT keyring FROM souk_store WHERE one = 1", &[])
        .await?;
    Ok((head, rows.first().ok_or(Fault::Form)?.try_get(0)?))
}
