//! One end of a copy: a store, and where what belongs to it lies.

use std::fs;
use std::path::{Path, PathBuf};

use souk_store::embedded::Options;

use super::copy::CopyArgs;
use crate::CliError;
use crate::host::Places;

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// In the tables of a database.
    Tables(String),
    /// In a data directory.
    Folder(PathBuf),
}

/// One end of a copy.
pub(super) struct End {
    pub(super) store: Where,
    places: Places,
}

impl Where {
    /// Reads what follows --from or --to.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let is_database = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        match text.split_once(':') {
            _ if is_database => Ok(Self::Tables(text.to_owned())),
            Some((scheme, _)) if is_scheme(scheme) => Err(format!(
                "write a database like postgres://souk@localhost/souk, and a directory with a \
                 colon like ./{text}"
            )),
            _ => Ok(Self::Folder(text.into())),
        }
    }
}

/// Tells whether something before a colon says what kind of address it is (RFC 3986).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
}

impl End {
    /// The store to copy.
    pub(super) fn source(args: &CopyArgs) -> Self {
        Self {
            store: args.from.clone(),
            places: Places {
                store: None,
                data: args.home(&args.from).to_path_buf(),
                anchor: args.from_anchor.clone(),
                archive: args.from_archive.clone(),
                master_key: args.from_master_key.clone(),
            },
        }
    }

    /// What it is copied to. Keys that stay where they are keep their master key.
    pub(super) fn target(args: &CopyArgs, source: &Self) -> Result<Self, CliError> {
        let named = args.to_anchor.is_some() || args.to_archive.is_some();
        if named && matches!(args.to, Where::Tables(_)) {
            return Err(CliError::new("a database has no anchor and no archive")
                .hint("Leave out --to-anchor and --to-archive"));
        }
        let data = args.home(&args.to).to_path_buf();
        let stays = is_same(&data, source.home());
        let master_key = args.to_master_key.clone();
        Ok(Self {
            store: args.to.clone(),
            places: Places {
                store: None,
                data,
                anchor: args.to_anchor.clone(),
                archive: args.to_archive.clone(),
                master_key: master_key.or_else(|| stays.then(|| source.master_key())),
            },
        })
    }

    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// The directory with the keys and packages.
    pub(super) fn home(&self) -> &Path {
        &self.places.data
    }

    pub(super) fn master_key(&self) -> PathBuf {
        self.places.master_key()
    }

    /// What the embedded engine has to know of it. Nothing expires while it is copied.
    pub(super) fn options(&self) -> Options {
        Options {
            clock: None,
            ..self.places.options()
        }
    }

    /// Refuses two ends that are one, or that share what each must have for itself.
    pub(super) fn must_differ(&self, other: &Self) -> Result<(), CliError> {
        let shared = match (&self.store, &other.store) {
            (Where::Folder(one), Where::Folder(two)) if is_same(one, two) => {
                Some(("the data directory", one.clone()))
            }
            (Where::Tables(one), Where::Tables(two)) if one == two => {
                return Err(CliError::new("--from and --to name the same database")
                    .hint("Name with --to one with nothing in it"));
            }
            (Where::Folder(_), Where::Folder(_)) => {
                let (one, two) = (self.options(), other.options());
                let pairs = [
                    ("the anchor", one.anchor, two.anchor),
                    ("the archive", one.archive, two.archive),
                ];
                let mut pairs = pairs.into_iter().filter(|(_, one, two)| is_same(one, two));
                pairs.next().map(|(what, one, _)| (what, one))
            }
            _ => None,
        };
        let Some((what, path)) = shared else {
            return Ok(());
        };
        let path = path.display();
        Err(CliError::new(format!(
            "{what} {path} is that of both the source and the copy"
        ))
        .hint("Name another place for the copy, with nothing in it"))
    }
}

/// Tells whether two paths lead to the same place.
pub(super) fn is_same(one: &Path, two: &Path) -> bool {
    let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    one == two || place(one) == place(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_a_database_or_a_directory_and_nothing_in_between() {
        for folder in ["data", "/srv/souk", "./a:b", "a/b:c", "c d:e"] {
            assert_eq!(Where::parse(folder), Ok(Where::Folder(folder.into())));
        }
        for tables in ["postgres://souk@localhost/souk", "postgresql:///souk"] {
            assert_eq!(Where::parse(tables), Ok(Where::Tables(tables.to_owned())));
        }
        for wrong in [
            "postgres:",
            "postgres:souk",
            "mysql://localhost/souk",
            "a:b",
        ] {
            assert!(Where::parse(wrong).is_err(), "{wrong}");
        }
    }
}
