//! The composition root: a host, put together from its parts.

mod operator;

use std::future::Future;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_egress::{Egress, Internet, Paces, Trust};
use souk_market::{Config, Market, SystemClock};
use souk_runtime::compile::Program;
use souk_runtime::{Compiler, Narrower, Narrowers, Runtime, Workshop};
use souk_server::Edge;
use souk_store::embedded::{self, Embedded, Held, Options};
use souk_store::keyring::{self, KeyringError};
use souk_store::postgres::{self, Postgres};
use souk_store::{Blobs, Keyring, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::CliError;
use crate::seat::Seat;
pub use operator::FILE as OPERATOR_TOKEN;

/// Where a host keeps things.
#[derive(Clone, Debug, clap::Args)]
pub struct Places {
    /// Database to keep everything in but keys and packages, like postgres://souk@localhost/souk
    /// [default: journal and state in the data directory]
    #[arg(
        long,
        env = "SOUK_STORE",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    pub store: Option<String>,
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
    /// Archive directory, where older parts of the journal are kept for a month
    /// [default: archive in the data directory]
    #[arg(long, env = "SOUK_ARCHIVE", value_name = "DIR")]
    pub archive: Option<PathBuf>,
    /// Master key file, which opens all other keys; made at the first start
    /// [default: keys/master.key in the data directory]
    #[arg(long, env = "SOUK_MASTER_KEY", value_name = "FILE")]
    pub master_key: Option<PathBuf>,
}

impl Places {
    /// Returns what the embedded engine has to know.
    pub fn options(&self) -> Options {
        let usual = Options::at(&self.data);
        let or = |chosen: &Option<PathBuf>, usual: &PathBuf| {
            chosen.clone().unwrap_or_else(|| usual.clone())
        };
        Options {
            anchor: or(&self.anchor, &usual.anchor),
            archive: or(&self.archive, &usual.archive),
            clock: Some(Arc::new(SystemClock)),
            ..usual
        }
    }

    /// Returns the folder of the key file.
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// Returns the file of the master key.
    pub fn master_key(&self) -> PathBuf {
        self.master_key
            .clone()
            .unwrap_or_else(|| self.keys().join("master.key"))
    }

    /// Opens the keyring; it is made with a new store, never beside an old one.
    ///
    /// # Errors
    /// Keys that are missing or damaged.
    pub fn keyring(&self) -> Result<Keyring, CliError> {
        self.keyring_of(self.options().journal().exists())
    }

    /// Opens the keyring of a store that is old or new.
    fn keyring_of(&self, old: bool) -> Result<Keyring, CliError> {
        if old {
            self.must_have_keys()?;
        }
        if Keyring::exists(&self.keys()) && !self.master_key().exists() {
            return Err(CliError::damaged(format!(
                "the master key {} is missing",
                self.master_key().display()
            ))
            .hint(
                "Name it with --master-key if it lies elsewhere, or put it back from its copy: a \
                 new one opens nothing",
            ));
        }
        self.make_directory(&self.keys())?;
        keyring::open(&self.keys(), &self.master_key()).map_err(unopened)
    }

    /// Refuses a data directory without the keys of its store.
    ///
    /// # Errors
    /// When they are missing; a backup has none.
    pub fn must_have_keys(&self) -> Result<(), CliError> {
        if Keyring::exists(&self.keys()) {
            return Ok(());
        }
        if embedded::backup_options(&self.data).anchor.exists() {
            let what = format!(
                "{} is a backup, and a backup holds no keys",
                self.data.display()
            );
            return Err(CliError::new(what)
                .hint("Make a store from it first, with `souk store restore --keys`"));
        }
        Err(CliError::damaged(format!(
            "the keys of this store are missing in {}",
            self.keys().display()
        ))
        .hint("Put the key file back as it was; a new one could read nothing of what is stored"))
    }

    /// Keeps everybody else from the data directory.
    ///
    /// # Errors
    /// When a host is running on it.
    pub fn hold(&self) -> Result<Held, CliError> {
        embedded::hold(&self.options())
            .map_err(|error| CliError::of_store("the store cannot be changed", error))
    }

    /// Opens the store, wherever it is.
    ///
    /// # Errors
    /// What the engine finds wrong; a copy that was not finished.
    pub async fn store(&self) -> Result<Stored, CliError> {
        let stored = match &self.store {
            None => self.store_on(&self.options())?,
            Some(address) => self.tables(address)?,
        };
        let whole = stored.store.is_whole().await;
        if whole.map_err(|error| CliError::new("the store cannot be read").because(error))? {
            return Ok(stored);
        }
        Err(
            CliError::damaged("this store is a copy that was not finished")
                .hint("Run the same `souk store copy` again, or empty it"),
        )
    }

    /// Opens the store in the data directory with other options: the test laboratory leaves a
    /// protection out, or keeps less in a segment.
    ///
    /// # Errors
    /// What [`Embedded::open`] finds wrong.
    pub fn store_on(&self, options: &Options) -> Result<Stored, CliError> {
        let keyring = self.keyring()?;
        let (engine, opened) = Embedded::open(options)
            .map_err(|error| CliError::of_store("the store cannot be opened", error))?;
        Ok(Stored {
            store: Store::new(Arc::new(engine), Arc::new(keyring), Arc::new(SystemClock)),
            opened: opened.to_string(),
            held: None,
        })
    }

    /// Opens the store in a database; keys and packages stay in the data directory.
    fn tables(&self, address: &str) -> Result<Stored, CliError> {
        self.make_directory(&self.data)?;
        let held = self.hold()?;
        let mut options = database(address)?;
        options.hold = postgres::Hold::Look;
        let old = match Postgres::open(&options) {
            Ok((_, found)) => found.keyring.is_some() || found.sequence > 0,
            Err(postgres::OpenError::Absent { .. }) => false,
            Err(error) => return Err(unusable(error)),
        };
        let keyring = self.keyring_of(old)?;
        options.hold = postgres::Hold::Alone;
        options.keyring = Some(keyring.fingerprint());
        let (engine, opened) = Postgres::open(&options).map_err(unusable)?;
        Ok(Stored {
            store: Store::new(Arc::new(engine), Arc::new(keyring), Arc::new(SystemClock)),
            opened: opened.to_string(),
            held: Some(held),
        })
    }

    /// Refuses a data directory that is not there, or that holds no store: those who only look must
    /// not make one.
    ///
    /// # Errors
    /// When there is no such directory, or nothing in it.
    pub fn must_exist(&self) -> Result<(), CliError> {
        let data = self.data.display();
        let what = if !self.data.is_dir() {
            format!("there is no data directory {data}")
        } else if self.store.is_none() && !self.is_used() {
            format!("there is no store in {data}")
        } else {
            return Ok(());
        };
        Err(CliError::new(what).hint("Name the host's data directory with --data"))
    }

    /// Tells whether a host ever ran on the data directory.
    fn is_used(&self) -> bool {
        let options = self.options();
        options.journal().exists() || options.anchor.exists() || Keyring::exists(&self.keys())
    }

    pub(crate) fn make_directory(&self, path: &Path) -> Result<(), CliError> {
        std::fs::create_dir_all(path).map_err(|error| {
            CliError::new(format!("{} cannot be made", path.display()))
                .because(error)
                .hint("Choose a directory you may write to with --data")
        })
    }
}

/// The keys did not open: they are damaged, or out of reach.
fn unopened(error: KeyringError) -> CliError {
    let what = "the keys of this store cannot be opened";
    let KeyringError::Io { source, .. } = &error else {
        return CliError::damaged(what)
            .because(error)
            .hint("Put the master key and the key file back as they were");
    };
    let next = match source.kind() {
        ErrorKind::ReadOnlyFilesystem => {
            "A store is opened where it can be written to: copy all of it there first"
        }
        ErrorKind::PermissionDenied => "Run this as the user that the host runs as",
        _ => "Look at the disk: nothing is known to be wrong with the keys themselves",
    };
    CliError::new(what).because(error).hint(next)
}

/// Reads the address of a database.
///
/// # Errors
/// When it makes no sense.
pub fn database(address: &str) -> Result<postgres::Options, CliError> {
    postgres::Options::at(address).map_err(unusable)
}

/// What is said of a database that cannot be opened.
pub fn unusable(error: postgres::OpenError) -> CliError {
    let what = "the store in the database cannot be opened";
    let refused = if error.is_damage() {
        CliError::damaged(what)
    } else {
        CliError::new(what)
    };
    refused.because(error)
}

/// A store that is open.
pub struct Stored {
    /// The store.
    pub store: Store,
    /// What was found, in words.
    pub opened: String,
    /// Held as long as the store is, when the engine holds no directory itself.
    held: Option<Held>,
}

/// A host that is ready to serve.
pub struct Host {
    market: Market,
    listener: TcpListener,
    limits: souk_server::Limits,
    _held: Option<Held>,
}

impl Host {
    /// Puts a host on a store and starts to listen; nobody is answered yet.
    ///
    /// # Errors
    /// Packages that cannot be reached, an address that is taken.
    pub async fn open(
        places: &Places,
        stored: Stored,
        seat: Seat,
        config: Config,
        compiler: Compiler,
    ) -> Result<Self, CliError> {
        let Stored { store, held, .. } = stored;
        let blobs = Blobs::open(&places.data.join("blobs")).map_err(|error| {
            CliError::new("the package directory cannot be opened").because(error)
        })?;
        let runtime = Runtime::new(&souk_runtime::Limits::default())
            .map_err(|error| CliError::new("the sandbox cannot be started").because(error))?;
        let artifacts = places.data.join("artifacts");
        let trust = souk_runtime::Trust::Own;
        let workshop = Workshop::open(runtime, compiler, &artifacts, store.clone(), trust)
            .map_err(|error| {
                CliError::new("the directory of compiled packages cannot be opened").because(error)
            })?;
        let config = Config {
            outside: Some(way_out(paces(&config.terms.narrower))?),
            ..config
        };
        let market = Market::open(store, blobs, workshop, config)
            .map_err(|error| CliError::new("the market cannot be opened").because(error))?;
        unless_failed(&market, operator::keep_token(&places.data, &market)).await??;
        unless_failed(&market, market.make_ready())
            .await?
            .map_err(|error| CliError::new("the apps cannot be made ready").because(error))?;
        Ok(Self {
            market,
            listener: seat.listen()?,
            limits: souk_server::Limits::default(),
            _held: held,
        })
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
        let dispatching = self.market.dispatch(wait(stopping.clone()));
        let driving = self.market.drive(wait(stopping));
        let told = async {
            stop.await;
            down.send_replace(true);
        };
        let all = async { tokio::join!(told, serving, dispatching, driving) };
        let ((), (), (), ()) = unless_failed(&self.market, all).await?;
        Ok(())
    }
}

/// The way out for apps' requests: to the Internet, behind every protection.
fn way_out(paces: Paces) -> Result<Egress, CliError> {
    let trust = Trust::of_machine()
        .map_err(|error| CliError::new("no app could reach an https host").because(error))?;
    let (net, clock) = (Arc::new(Internet), Arc::new(SystemClock));
    let protections = souk_egress::Protections::default();
    Ok(Egress::new(net, clock, trust, paces, protections))
}

/// How often apps may send something there, as the operator has it.
fn paces(narrower: &Narrowers) -> Paces {
    let pace = |by: &Narrower| {
        let limits = souk_runtime::Limits::default().narrowed(by);
        souk_egress::Limits {
            per_minute: limits.http_per_minute,
            of_app: limits.http_at_once,
            ..souk_egress::Limits::default()
        }
    };
    let single = narrower.single.iter();
    Paces {
        every: pace(&narrower.every),
        single: single.map(|(app, by)| (app.clone(), pace(by))).collect(),
    }
}

/// Compiles in processes of their own, which start as this `souk`.
pub fn compiler(souk: PathBuf) -> Compiler {
    Compiler::elsewhere(Program {
        path: souk,
        arguments: vec!["compile".into()],
        // Its allocator would take the whole bound at once, and leave nothing to the threads.
        environment: vec![("MIMALLOC_ARENA_EAGER_COMMIT".into(), "0".into())],
    })
}

/// Does something, unless the store fails meanwhile. Then the store must not touch the disk again,
/// not even to put things away: it is left as it is until the process ends.
async fn unless_failed<T>(market: &Market, doing: impl Future<Output = T>) -> Result<T, CliError> {
    tokio::select! {
        biased;
        () = market.store().failed() => {
            std::mem::forget(market.clone());
            Err(CliError::damaged(STORE_FAILED).hint(START_AGAIN))
        }
        done = doing => Ok(done),
    }
}

const STORE_FAILED: &str = "the store refused a write or a sync, so the host stopped";
const START_AGAIN: &str =
    "Check the disk or the database, then start again: what was acknowledged is there";
