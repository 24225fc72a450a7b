//! The composition root: a host, put together from its parts.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_market::{Config, Market, SystemClock};
use souk_runtime::Runtime;
use souk_server::Edge;
use souk_store::embedded::{Embedded, Opened, Options, Protections};
use souk_store::keyring::MasterKey;
use souk_store::{Blobs, Keyring, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::CliError;

/// Where a host keeps things.
#[derive(Clone, Debug, clap::Args)]
pub struct Places {
    /// Data directory: journal, state, keys and packages
    #[arg(
        long,
        env = "SOUK_DATA",
        default_value = "souk-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// Anchor file, which proves that the journal is complete; keep it on another disk
    /// [default: the data directory's name with .anchor]
    #[arg(long, env = "SOUK_ANCHOR", value_name = "FILE")]
    pub anchor: Option<PathBuf>,
    /// Master key file, which opens all other keys; made at the first start
    /// [default: keys/master.key in the data directory]
    #[arg(long, env = "SOUK_MASTER_KEY", value_name = "FILE")]
    pub master_key: Option<PathBuf>,
}

impl Places {
    /// Returns what the embedded engine has to know.
    pub fn options(&self) -> Options {
        let usual = Options::at(&self.data);
        let anchor = self.anchor.clone().unwrap_or_else(|| usual.anchor.clone());
        Options { anchor, ..usual }
    }

    fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    fn master_key(&self) -> PathBuf {
        self.master_key
            .clone()
            .unwrap_or_else(|| self.keys().join("master.key"))
    }

    /// Opens the keyring; it is made with a new store, never beside an old one.
    ///
    /// # Errors
    /// Keys that are missing or damaged.
    pub fn keyring(&self) -> Result<Keyring, CliError> {
        if self.options().journal().exists() && !Keyring::exists(&self.keys()) {
            return Err(CliError::damaged(format!(
                "the keys of this store are missing in {}",
                self.keys().display()
            ))
            .hint(
                "Put the key file back as it was; a new one could read nothing of what is stored",
            ));
        }
        let keyring = MasterKey::load_or_create(&self.master_key())
            .and_then(|master| Keyring::load(&self.keys(), &master));
        keyring.map_err(|error| {
            CliError::damaged("the keys of this store cannot be opened")
                .because(error)
                .hint("Put the master key and the key file back as they were")
        })
    }

    /// Opens the store.
    ///
    /// # Errors
    /// What [`Embedded::open`] finds wrong.
    pub fn store(&self) -> Result<Stored, CliError> {
        self.store_behind(Protections::default())
    }

    /// Opens the store behind other protections: the test laboratory leaves one out.
    ///
    /// # Errors
    /// What [`Embedded::open`] finds wrong.
    pub fn store_behind(&self, protections: Protections) -> Result<Stored, CliError> {
        self.make_directory(&self.keys())?;
        let keyring = self.keyring()?;
        let options = Options {
            protections,
            ..self.options()
        };
        let (engine, opened) = Embedded::open(&options)
            .map_err(|error| CliError::damaged("the store cannot be opened").because(error))?;
        let engine = Arc::new(engine);
        let store = Store::new(
            Arc::clone(&engine) as _,
            Arc::new(keyring),
            Arc::new(SystemClock),
        );
        Ok(Stored {
            store,
            engine,
            opened,
        })
    }

    /// Refuses a data directory that is not there: those who only look must not make one.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn must_exist(&self) -> Result<(), CliError> {
        if self.data.is_dir() {
            return Ok(());
        }
        Err(CliError::new(format!(
            "there is no data directory {}",
            self.data.display()
        ))
        .hint("Name the host's data directory with --data"))
    }

    fn make_directory(&self, path: &Path) -> Result<(), CliError> {
        std::fs::create_dir_all(path).map_err(|error| {
            CliError::new(format!("{} cannot be made", path.display()))
                .because(error)
                .hint("Choose a directory you may write to with --data")
        })
    }
}

/// A store that is open.
pub struct Stored {
    /// The store.
    pub store: Store,
    /// The engine it runs on, which can fail.
    pub engine: Arc<Embedded>,
    /// What was found.
    pub opened: Opened,
}

/// A host that is ready to serve.
pub struct Host {
    market: Market,
    engine: Arc<Embedded>,
    listener: TcpListener,
    limits: souk_server::Limits,
}

impl Host {
    /// Puts a host on a store and starts to listen; nobody is answered yet.
    ///
    /// # Errors
    /// Packages that cannot be reached, an address that is taken.
    pub async fn open(
        places: &Places,
        stored: Stored,
        listen: SocketAddr,
        config: Config,
    ) -> Result<Self, CliError> {
        let Stored { store, engine, .. } = stored;
        let blobs = Blobs::open(&places.data.join("blobs")).map_err(|error| {
            CliError::new("the package directory cannot be opened").because(error)
        })?;
        let runtime = Runtime::new(&souk_runtime::Limits::default())
            .map_err(|error| CliError::new("the sandbox cannot be started").because(error))?;
        let market = Market::open(store, blobs, runtime, config)
            .map_err(|error| CliError::new("the market cannot be opened").because(error))?;
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            CliError::new(format!("nobody can listen at {listen}"))
                .because(error)
                .hint("Choose another address with --listen, or port 0 for a free one")
        })?;
        Ok(Self {
            market,
            engine,
            listener,
            limits: souk_server::Limits::default(),
        })
    }

    /// Returns the address people reach it at.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn address(&self) -> Result<SocketAddr, CliError> {
        self.listener
            .local_addr()
            .map_err(|error| CliError::new("the socket is gone").because(error))
    }

    /// Serves until `stop` completes, then lets what is under way finish.
    ///
    /// # Errors
    /// When the store failed: nothing is acknowledged any more, so nobody is waited for, and only a
    /// new start recovers.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send) -> Result<(), CliError> {
        let (down, stopping) = watch::channel(false);
        let wait = |mut stopping: watch::Receiver<bool>| async move {
            drop(stopping.wait_for(|stopping| *stopping).await);
        };
        let edge = Edge {
            market: self.market.clone(),
            stopping: stopping.clone(),
        };
        let serving = souk_server::serve(
            self.listener,
            souk_server::router(edge),
            self.limits,
            wait(stopping.clone()),
        );
        let dispatching = self.market.dispatch(wait(stopping));
        let told = async {
            stop.await;
            down.send_replace(true);
        };
        tokio::select! {
            ((), (), ()) = async { tokio::join!(told, serving, dispatching) } => Ok(()),
            () = self.engine.failed() => {
                // It must not touch the disk again, not even to put things away.
                std::mem::forget(Arc::clone(&self.engine));
                Err(CliError::damaged(STORE_FAILED).hint(START_AGAIN))
            }
        }
    }
}

const STORE_FAILED: &str = "the disk refused a write or a sync, so the host stopped";
const START_AGAIN: &str =
    "Check the disk, then start again: what was acknowledged is in the journal";
