//! `souk store copy`: a host moves from one engine to another.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_core::Clock;
use souk_market::SystemClock;
use souk_store::embedded::{Embedded, Held, Options};
use souk_store::postgres::{Hold, Postgres};
use souk_store::{CopyError, Engine, Keyring};

use crate::CliError;
use crate::host::{Places, database, unusable};
use crate::ui::Ui;

/// Copy a store: from a data directory into a database, back, or anywhere else
///
/// No host may be running on either. Keys and packages go along: they stand in the data directory
/// itself, or for a store in a database in --data. Prints what each side holds with its digest,
/// which must be the same. A copy that is cut short is never served; run the same command again and
/// it goes on.
#[derive(clap::Args)]
pub(crate) struct CopyArgs {
    /// Store to copy: a data directory, or the address of a database
    #[arg(long, value_name = "STORE")]
    from: String,
    /// Where to: a directory or database with nothing in it
    #[arg(long, value_name = "STORE")]
    to: String,
    /// Data directory with keys and packages of a store in a database
    #[arg(
        long,
        env = "SOUK_DATA",
        default_value = "souk-data",
        value_name = "DIR"
    )]
    data: PathBuf,
}

pub(crate) async fn run(ui: &mut Ui, args: &CopyArgs) -> Result<(), CliError> {
    let (home, new_home) = (args.home(&args.from), args.home(&args.to));
    places(home).must_exist()?;
    let _held = args.hold()?;
    let from = open(&args.from, home, Hold::Look)?;
    let moved = (home != new_home).then(|| carry(home, new_home));
    moved.transpose()?;
    let to = open(&args.to, new_home, Hold::Alone)?;
    let tell = |cells| ui.status(format_args!("Copied {cells} cells."));
    let copied = souk_store::copy(&*from, &*to, SystemClock.now(), tell).await;
    let [source, target] = copied.map_err(refused)?;
    ui.result(format_args!("source  {source}"));
    ui.result(format_args!("copy    {target}"));
    ui.status(format_args!(
        "Keys and packages are in {}. Start no host on the source any more.",
        new_home.display()
    ));
    Ok(())
}

impl CopyArgs {
    /// Where the keys and packages of a store are.
    fn home<'a>(&'a self, store: &'a str) -> &'a Path {
        if is_database(store) {
            &self.data
        } else {
            Path::new(store)
        }
    }

    /// Takes the directory with a database's keys, unless a side that is a directory takes it.
    fn hold(&self) -> Result<Option<Held>, CliError> {
        let sides = [&self.from, &self.to];
        let taken = |side: &&String| !is_database(side) && Path::new(side.as_str()) == self.data;
        if sides.iter().any(taken) || !sides.iter().any(|side| is_database(side)) {
            return Ok(None);
        }
        let here = places(&self.data);
        here.make_directory(&self.data)?;
        here.hold().map(Some)
    }
}

fn is_database(store: &str) -> bool {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| store.starts_with(scheme))
}

fn places(home: &Path) -> Places {
    Places {
        store: None,
        data: home.to_path_buf(),
        anchor: None,
        archive: None,
        master_key: None,
    }
}

fn open(store: &str, home: &Path, hold: Hold) -> Result<Arc<dyn Engine>, CliError> {
    if !is_database(store) {
        let (engine, _) = Embedded::open(&Options::at(home))
            .map_err(|error| CliError::of_store("the store cannot be opened", error))?;
        return Ok(Arc::new(engine));
    }
    must_have_keys(home)?;
    let mut options = database(store)?;
    options.hold = hold;
    options.keyring = Some(places(home).keyring()?.fingerprint());
    let (engine, _) = Postgres::open(&options).map_err(unusable)?;
    Ok(Arc::new(engine))
}

fn must_have_keys(home: &Path) -> Result<(), CliError> {
    let keys = home.join("keys");
    if Keyring::exists(&keys) {
        return Ok(());
    }
    let what = format!("there are no keys in {}", keys.display());
    Err(CliError::damaged(what).hint("Name the data directory of the host with --data"))
}

fn refused(error: CopyError) -> CliError {
    let what = "the store was not copied";
    match error {
        CopyError::Source(_) | CopyError::Target(_) | CopyError::Differs { .. } => {
            CliError::damaged(what).because(error)
        }
        CopyError::Store(_)
        | CopyError::NotEmpty
        | CopyError::OtherSource
        | CopyError::SourceChanged => CliError::new(what).because(error),
    }
}

/// Copies keys and packages to where the copy looks for them.
fn carry(home: &Path, new_home: &Path) -> Result<(), CliError> {
    must_have_keys(home)?;
    let carried = ["keys", "blobs"]
        .iter()
        .try_for_each(|what| carry_all(&home.join(what), &new_home.join(what)));
    carried.map_err(|error| {
        CliError::new("keys and packages cannot be copied")
            .because(error)
            .hint("Each must be absent from the new directory, or be the same there")
    })
}

fn carry_all(from: &Path, to: &Path) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            carry_all(&entry.path(), &target)?;
        } else {
            carry_file(&entry.path(), &target)?;
        }
    }
    File::open(to)?.sync_all()
}

/// Copies a file whole or not at all; one that is there already must be the same.
fn carry_file(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        return if fs::read(from)? == fs::read(to)? {
            Ok(())
        } else {
            Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{} is another", to.display()),
            ))
        };
    }
    let new = to.with_extension("new");
    fs::copy(from, &new)?;
    File::open(&new)?.sync_all()?;
    fs::rename(new, to)
}
