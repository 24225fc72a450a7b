//! Reading TOML by hand, so that every mistake has a place.
//!
//! A table is opened with the names it may have: anything else in it is a mistake, answered with
//! the nearest name. Values are asked for what they should be.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Fault;

/// A value and its place.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A table in which every name is known.
pub(super) struct Fields<'t> {
    table: &'t DeTable<'t>,
    at: Range<usize>,
}

/// A text and its place.
#[derive(Clone)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) at: Range<usize>,
}

impl<'t> Fields<'t> {
    /// Opens a table.
    pub(super) fn open(
        table: &'t DeTable<'t>,
        at: Range<usize>,
        known: &[&str],
    ) -> Result<Self, Fault> {
        let unknown = table
            .keys()
            .filter(|name| !known.contains(&name.get_ref().as_ref()));
        match unknown.min_by_key(|name| name.span().start) {
            None => Ok(Self { table, at }),
            Some(name) => Err(unknown_name(name.span(), "field", name.get_ref(), known)),
        }
    }

    /// Opens a value that should be a table.
    pub(super) fn of(value: &'t Value<'t>, known: &[&str]) -> Result<Self, Fault> {
        match value.get_ref() {
            DeValue::Table(table) => Self::open(table, value.span(), known),
            other => Err(unlike(value, "a table", other)),
        }
    }

    /// Where the table is.
    pub(super) fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    pub(super) fn optional(&self, name: &str) -> Option<&'t Value<'t>> {
        self.table.get(name)
    }

    pub(super) fn required(&self, name: &str) -> Result<&'t Value<'t>, Fault> {
        let missing = || Fault::new(self.at(), format!("`{name}` is missing"));
        self.optional(name).ok_or_else(missing)
    }

    /// A list that may be left out.
    pub(super) fn list(&self, name: &str) -> Result<Vec<&'t Value<'t>>, Fault> {
        self.optional(name).map_or_else(|| Ok(Vec::new()), list)
    }
}

/// Reads a list.
pub(super) fn list<'t>(value: &'t Value<'t>) -> Result<Vec<&'t Value<'t>>, Fault> {
    match value.get_ref() {
        DeValue::Array(items) => Ok(items.iter().collect()),
        other => Err(unlike(value, "a list", other)),
    }
}

/// Refuses the first value of a list that is one too many.
pub(super) fn at_most<'t>(
    most: usize,
    what: &str,
    values: Vec<&'t Value<'t>>,
) -> Result<Vec<&'t Value<'t>>, Fault> {
    match values.get(most) {
        None => Ok(values),
        Some(extra) => Err(Fault::new(extra.span(), format!("at most {most} {what}"))),
    }
}

/// Reads a text.
pub(super) fn word<'t>(value: &'t Value<'t>) -> Result<Word<'t>, Fault> {
    match value.get_ref() {
        DeValue::String(text) => Ok(Word {
            text,
            at: value.span(),
        }),
        other => Err(unlike(value, "a text in quotes", other)),
    }
}

/// Reads a whole number from 1.
pub(super) fn count(value: &Value<'_>) -> Result<u32, Fault> {
    let DeValue::Integer(number) = value.get_ref() else {
        return Err(unlike(value, "a whole number", value.get_ref()));
    };
    let read = u32::from_str_radix(number.as_str(), number.radix())
        .ok()
        .filter(|read| *read > 0);
    let what = || format!("`{number}` is not a whole number from 1 to {}", u32::MAX);
    read.ok_or_else(|| Fault::new(value.span(), what()))
}

/// Tells whether a text is digits, with a point between them at most.
pub(super) fn plain_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(text)
        || text
            .split_once('.')
            .is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// A name that nobody knows, and the one that was probably meant.
pub(super) fn unknown_name(at: Range<usize>, kind: &str, name: &str, known: &[&str]) -> Fault {
    let shown: String = name.chars().take(40).collect();
    let fault = Fault::new(
        at,
        format!("there is no {kind} `{}` here", shown.escape_debug()),
    );
    match nearest(name, known) {
        Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
        None => fault.hint(format!("known here: {}", known.join(", "))),
    }
}

fn unlike(value: &Value<'_>, wanted: &str, found: &DeValue<'_>) -> Fault {
    Fault::new(
        value.span(),
        format!("expected {wanted}, found a TOML {}", found.type_str()),
    )
}

/// The known name that is fewest edits away, if they are few for its length.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = |meant: &&str| edits(name, meant) <= meant.chars().count().div_ceil(3);
    known
        .iter()
        .copied()
        .filter(near)
        .min_by_key(|meant| edits(name, meant))
}

/// How many letters have to be added, taken away or changed (Levenshtein), one row at a time.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for letter in from.chars().take(80) {
        let mut left = row.first().map_or(0, |above| above.saturating_add(1));
        let mut next = vec![left];
        for (pair, wanted) in row.windows(2).zip(&to) {
            let [diagonal, above] = pair else { continue };
            let changed = diagonal.saturating_add(usize::from(letter != *wanted));
            left = changed
                .min(above.saturating_add(1))
                .min(left.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
