//! `souk store copy`: a host moves from one engine to another.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use souk_core::Clock;
use souk_market::SystemClock;
use souk_store::embedded::{Embedded, Held, OpenError};
use souk_store::postgres::{Hold, Postgres};
use souk_store::{CopyError, Engine, Keyring};

use super::end::{End, Where, is_same};
use crate::CliError;
use crate::host::{Places, database, unusable};
use crate::ui::Ui;

/// Copy a store: from a data directory into a database, back, or anywhere else
///
/// No host may be running on either. Keys and packages go along: they stand in the data directory
/// itself, or for a store in a database in --data. Name what does not lie in a data directory as
/// you do for the host: with --from-anchor, --from-archive and --from-master-key where it is, with
/// --to-anchor, --to-archive and --to-master-key where it shall be. Prints what each side holds
/// with its digest, which must be the same. A copy that is cut short is never served; run the same
/// command again and it goes on.
#[derive(clap::Args)]
pub(crate) struct CopyArgs {
    /// Store to copy: a data directory, or the address of a database
    #[arg(long, value_name = "STORE", value_parser = Where::parse)]
    pub(super) from: Where,
    /// Where to: a directory or database with nothing in it
    #[arg(long, value_name = "STORE", value_parser = Where::parse)]
    pub(super) to: Where,
    /// Data directory with keys and packages of a store in a database
    #[arg(
        long,
        env = "SOUK_DATA",
        default_value = "souk-data",
        value_name = "DIR"
    )]
    pub(super) data: PathBuf,
    /// Anchor file of the store to copy [default: the data directory's name with .anchor]
    #[arg(long, env = "SOUK_ANCHOR", value_name = "FILE")]
    pub(super) from_anchor: Option<PathBuf>,
    /// Archive directory of the store to copy [default: archive in the data directory]
    #[arg(long, env = "SOUK_ARCHIVE", value_name = "DIR")]
    pub(super) from_archive: Option<PathBuf>,
    /// Master key file of the store to copy [default: keys/master.key in the data directory]
    #[arg(long, env = "SOUK_MASTER_KEY", value_name = "FILE")]
    pub(super) from_master_key: Option<PathBuf>,
    /// Anchor file of the copy [default: the data directory's name with .anchor]
    #[arg(long, value_name = "FILE")]
    pub(super) to_anchor: Option<PathBuf>,
    /// Archive directory of the copy [default: archive in the data directory]
    #[arg(long, value_name = "DIR")]
    pub(super) to_archive: Option<PathBuf>,
    /// Master key file of the copy [default: where the source's is if the keys stay where they
    /// are, else keys/master.key in the data directory]
    #[arg(long, value_name = "FILE")]
    pub(super) to_master_key: Option<PathBuf>,
}

pub(crate) async fn run(ui: &mut Ui, args: &CopyArgs) -> Result<(), CliError> {
    let [source, target] = args.ends()?;
    source.places().must_exist()?;
    let _held = args.hold()?;
    let from = open(&source, Hold::Look)?;
    carry(&source, &target)?;
    let to = open(&target, Hold::Alone)?;
    let tell = |cells| ui.status(format_args!("Copied {cells} cells."));
    let copied = souk_store::copy(&*from, &*to, SystemClock.now(), tell).await;
    let [held, copy] = copied.map_err(refused)?;
    ui.result(format_args!("source  {held}"));
    ui.result(format_args!("copy    {copy}"));
    ui.status(format_args!(
        "Keys and packages are in {}, the master key is {}. Start no host on the source any more.",
        target.home().display(),
        target.master_key().display()
    ));
    Ok(())
}

impl CopyArgs {
    /// Where the keys and packages of a store are.
    pub(super) fn home<'a>(&'a self, store: &'a Where) -> &'a Path {
        match store {
            Where::Tables(_) => &self.data,
            Where::Folder(folder) => folder,
        }
    }

    /// Both ends, which are not the same.
    fn ends(&self) -> Result<[End; 2], CliError> {
        let source = End::source(self);
        let target = End::target(self, &source)?;
        source.must_differ(&target)?;
        Ok([source, target])
    }

    /// Takes the directory with a database's keys, unless a side that is a directory takes it.
    fn hold(&self) -> Result<Option<Held>, CliError> {
        let sides = [&self.from, &self.to];
        let is_taken =
            |side: &&Where| matches!(side, Where::Folder(folder) if is_same(folder, &self.data));
        let is_database = |side: &&Where| matches!(side, Where::Tables(_));
        if sides.iter().any(is_taken) || !sides.iter().any(is_database) {
            return Ok(None);
        }
        let here = Places {
            store: None,
            data: self.data.clone(),
            anchor: None,
            archive: None,
            master_key: None,
        };
        here.make_directory(&self.data)?;
        here.hold().map(Some)
    }
}

/// Opens an end with its keys, which must be there.
fn open(end: &End, hold: Hold) -> Result<Arc<dyn Engine>, CliError> {
    must_have_keys(end)?;
    let Where::Tables(address) = &end.store else {
        let (engine, _) = Embedded::open(&end.options()).map_err(unopened)?;
        drop(end.places().keyring()?);
        return Ok(Arc::new(engine));
    };
    let mut options = database(address)?;
    options.hold = hold;
    options.keyring = Some(end.places().keyring()?.fingerprint());
    let (engine, _) = Postgres::open(&options).map_err(unusable)?;
    Ok(Arc::new(engine))
}

/// A data directory did not open. Its anchor has another flag here than everywhere else.
fn unopened(error: OpenError) -> CliError {
    let anchor = matches!(
        error,
        OpenError::AnchorMissing { .. } | OpenError::AnchorDamaged { .. }
    );
    let refused = CliError::of_store("the store cannot be opened", error);
    if anchor {
        refused.hint("Here an anchor is named with --from-anchor or --to-anchor")
    } else {
        refused
    }
}

/// Refuses an end without its keys: new ones would open nothing.
fn must_have_keys(end: &End) -> Result<(), CliError> {
    let keys = end.places().keys();
    if !Keyring::exists(&keys) {
        let what = format!("there are no keys in {}", keys.display());
        return Err(CliError::damaged(what).hint("Name the data directory of the host with --data"));
    }
    let master = end.master_key();
    if !master.exists() {
        let what = format!("the master key {} is missing", master.display());
        return Err(CliError::damaged(what).hint(
            "Name it with --from-master-key if it lies elsewhere, or put it back from its copy",
        ));
    }
    Ok(())
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
fn carry(source: &End, target: &End) -> Result<(), CliError> {
    let (from, to) = (source.home(), target.home());
    let carried = || {
        if !is_same(from, to) {
            carry_all(&from.join("keys"), &to.join("keys"), &["master.key"])?;
            carry_all(&from.join("blobs"), &to.join("blobs"), &[])?;
        }
        let (key, new_key) = (source.master_key(), target.master_key());
        if is_same(&key, &new_key) {
            return Ok(());
        }
        if let Some(folder) = new_key.parent() {
            fs::create_dir_all(folder)?;
        }
        carry_file(&key, &new_key)
    };
    carried().map_err(|error: io::Error| {
        CliError::new("keys and packages cannot be copied")
            .because(error)
            .hint("Each must be absent where it is copied to, or be the same there")
    })
}

/// Copies a folder, but for the files in it that have these names.
fn carry_all(from: &Path, to: &Path, but: &[&str]) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if but.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            carry_all(&entry.path(), &target, &[])?;
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
