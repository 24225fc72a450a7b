//! One connection to the database: made when it is needed, made again when it is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::DATABASE_ANSWER_MS_MAX;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Row, Socket, Statement};

use super::fault::Fault;
use super::sql;

/// A value that goes into a statement.
pub(super) type Value<'a> = &'a (dyn tokio_postgres::types::ToSql + Sync);

/// A connection and what makes it.
pub(super) struct Link {
    config: Config,
    /// What is said on it more than once.
    said: &'static [&'static str],
    live: Option<Session>,
    /// Woken whenever the database has something to tell.
    told: Arc<Notify>,
}

/// A connection that stands.
pub(super) struct Session {
    client: Client,
    statements: BTreeMap<&'static str, Statement>,
    _driver: JoinSet<()>,
}

impl Link {
    pub(super) fn new(config: &Config, said: &'static [&'static str]) -> Self {
        Self {
            config: config.clone(),
            said,
            live: None,
            told: Arc::default(),
        }
    }

    /// Returns what is woken whenever the database has something to tell.
    pub(super) fn told(&self) -> Arc<Notify> {
        Arc::clone(&self.told)
    }

    /// Returns the session, a new one where there is none.
    pub(super) async fn session(&mut self) -> Result<&Session, Fault> {
        let live = match self.live.take().filter(|live| !live.client.is_closed()) {
            Some(live) => live,
            None => within(self.connect()).await?,
        };
        Ok(self.live.insert(live))
    }

    /// Returns the session that was there a moment ago, with what is under way on it.
    pub(super) fn same(&self) -> Result<&Session, Fault> {
        self.live.as_ref().ok_or(Fault::Silent)
    }

    /// Tells whether the session that was there a moment ago still is.
    pub(super) fn is_live(&self) -> bool {
        self.live
            .as_ref()
            .is_some_and(|live| !live.client.is_closed())
    }

    /// Hangs up: whatever was under way is over, or will be as soon as the server notices.
    pub(super) fn hang_up(&mut self) {
        self.live = None;
    }

    async fn connect(&self) -> Result<Session, Fault> {
        let (client, connection) = self.config.connect(NoTls).await.map_err(lost)?;
        let mut driver = JoinSet::new();
        driver.spawn(drive(connection, Arc::clone(&self.told)));
        client.batch_execute(&sql::session()).await?;
        let mut statements = BTreeMap::new();
        for text in self.said {
            statements.insert(*text, client.prepare(text).await?);
        }
        Ok(Session {
            client,
            statements,
            _driver: driver,
        })
    }
}

/// A database that cannot be reached may be back in a moment, whatever it says.
fn lost(error: tokio_postgres::Error) -> Fault {
    Fault::Lost(error)
}

/// Gives the database so much time, and no more.
pub(super) async fn within<T>(work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let time = Duration::from_millis(DATABASE_ANSWER_MS_MAX);
    timeout(time, work).await.unwrap_or(Err(Fault::Silent))
}

/// Moves bytes until the connection ends.
async fn drive(
    mut connection: tokio_postgres::Connection<Socket, tokio_postgres::tls::NoTlsStream>,
    told: Arc<Notify>,
) {
    while let Some(message) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
        match message {
            Ok(AsyncMessage::Notification(_)) => told.notify_one(),
            Ok(_) => {}
            Err(error) => return tracing::warn!(%error, "a connection to the database ended"),
        }
    }
}

impl Session {
    /// Says one of the statements that were announced. It is sent when this is first polled, so
    /// that several said together are answered together.
    pub(super) async fn rows(
        &self,
        text: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, Fault> {
        Ok(self.client.query(self.statement(text)?, values).await?)
    }

    /// Says one of the statements that were announced, and returns how many rows it changed.
    pub(super) async fn run(&self, text: &'static str, values: &[Value<'_>]) -> Result<u64, Fault> {
        Ok(self.client.execute(self.statement(text)?, values).await?)
    }

    /// Says something that has no values and no answer.
    pub(super) async fn say(&self, text: &str) -> Result<(), Fault> {
        Ok(self.client.batch_execute(text).await?)
    }

    /// Asks something for once.
    pub(super) async fn ask(&self, text: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Fault> {
        Ok(self.client.query(text, values).await?)
    }

    fn statement(&self, text: &'static str) -> Result<&Statement, Fault> {
        self.statements.get(text).ok_or(Fault::Form)
    }
}
