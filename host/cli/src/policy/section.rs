//! One section of a policy: words by the names of two tables, the permissions there are and the
//! bounds of a run. What is wrong is found while the file is read, so that its place is known.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use souk_registry::grant::{Allowed, Policy};
use souk_registry::matter::{Row, TABLE, named};
use souk_runtime::{BOUNDS, Bound, Narrower, bound};

/// What holds for every app, or what else holds for one.
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    #[serde(default, deserialize_with = "table")]
    permissions: Vec<(&'static Row, Allowed)>,
    #[serde(default, deserialize_with = "table")]
    limits: Vec<(&'static Bound, u64)>,
}

impl Section {
    /// What apps may do by this section, where it says something, and else by another.
    pub(super) fn permissions(&self, otherwise: &Policy) -> Policy {
        let said = self.permissions.iter().cloned();
        said.fold(otherwise.clone(), |policy, (row, allowed)| {
            policy.with(row, allowed)
        })
    }

    /// How they are bounded, likewise.
    pub(super) fn limits(&self, otherwise: &Narrower) -> Narrower {
        let said = self.limits.iter();
        said.fold(otherwise.clone(), |narrower, (bound, most)| {
            narrower.with(bound, *most)
        })
    }
}

/// A row of a table that can be looked up by its name, and what can be said of it.
trait Said: Sized + 'static {
    /// What there can be said.
    type Word;
    /// What it is called among others.
    const KIND: &'static str;

    fn named(name: &str) -> Option<&'static Self>;
    fn names() -> Vec<&'static str>;
    fn read<'de, D: Deserializer<'de>>(&self, word: D) -> Result<Self::Word, D::Error>;
}

impl Said for Row {
    type Word = Allowed;
    const KIND: &'static str = "permission";

    fn named(name: &str) -> Option<&'static Self> {
        named(name)
    }

    fn names() -> Vec<&'static str> {
        TABLE.iter().map(|row| row.name).collect()
    }

    fn read<'de, D: Deserializer<'de>>(&self, word: D) -> Result<Allowed, D::Error> {
        word.deserialize_any(Words(self))
    }
}

impl Said for Bound {
    type Word = u64;
    const KIND: &'static str = "limit";

    fn named(name: &str) -> Option<&'static Self> {
        bound(name)
    }

    fn names() -> Vec<&'static str> {
        BOUNDS.iter().map(|bound| bound.name).collect()
    }

    fn read<'de, D: Deserializer<'de>>(&self, word: D) -> Result<u64, D::Error> {
        let (most, between) = (u64::deserialize(word)?, self.least..=self.usual());
        if between.contains(&most) {
            return Ok(most);
        }
        let (least, usual) = between.into_inner();
        Err(Error::custom(format!(
            "`{}` cannot be {most}: write a number from {least} to {usual}",
            self.name
        )))
    }
}

fn table<'de, D: Deserializer<'de>, T: Said>(
    from: D,
) -> Result<Vec<(&'static T, T::Word)>, D::Error> {
    from.deserialize_map(Table(PhantomData))
}

struct Table<T>(PhantomData<T>);

impl<'de, T: Said> Visitor<'de> for Table<T> {
    type Value = Vec<(&'static T, T::Word)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a table with a line for each {}", T::KIND)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut lines: A) -> Result<Self::Value, A::Error> {
        let mut said = Vec::new();
        while let Some(Name(row)) = lines.next_key()? {
            said.push((row, lines.next_value_seed(Of(row))?));
        }
        Ok(said)
    }
}

/// The name of a row.
struct Name<T: 'static>(&'static T);

impl<'de, T: Said> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(name: D) -> Result<Self, D::Error> {
        let name = String::deserialize(name)?;
        T::named(&name).map(Self).ok_or_else(|| {
            let (kind, names) = (T::KIND, T::names().join(", "));
            Error::custom(format!("there is no {kind} `{name}`: write one of {names}"))
        })
    }
}

/// What is said of a row.
struct Of<T: 'static>(&'static T);

impl<'de, T: Said> DeserializeSeed<'de> for Of<T> {
    type Value = T::Word;

    fn deserialize<D: Deserializer<'de>>(self, word: D) -> Result<T::Word, D::Error> {
        self.0.read(word)
    }
}

/// A word or a list of them.
struct Words<'a>(&'a Row);

impl<'de> Visitor<'de> for Words<'_> {
    type Value = Allowed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Allowed::words(self.0))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Allowed, E> {
        Allowed::whole(self.0, word).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Allowed, A::Error> {
        let mut words: Vec<String> = Vec::new();
        while let Some(word) = list.next_element()? {
            words.push(word);
        }
        Allowed::most(self.0, &words).map_err(Error::custom)
    }
}
