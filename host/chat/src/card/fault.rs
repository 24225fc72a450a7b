//! What can be wrong with a card, in words its author can act on.

use souk_core::limits::{
    CARD_BYTES_MAX, CARD_DEPTH_MAX, CARD_ID_BYTES_MAX, CARD_JSON_DEPTH_MAX, CARD_PIXELS_MAX,
    LINK_BYTES_MAX,
};

/// The first thing wrong with a card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}", if pointer.is_empty() { "the card" } else { pointer.as_str() })]
pub struct CardError {
    /// Where: a JSON pointer (RFC 6901), empty for the whole card.
    pub pointer: String,
    /// What.
    pub what: CardFault,
}

/// What is wrong with a place in a card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardFault {
    /// More than [`CARD_BYTES_MAX`].
    #[error("is larger than {CARD_BYTES_MAX} bytes")]
    TooLarge,
    /// More than [`CARD_JSON_DEPTH_MAX`] brackets open at once.
    #[error("has more than {CARD_JSON_DEPTH_MAX} brackets open at once")]
    JsonTooDeep,
    /// Not JSON.
    #[error("is not JSON from line {line}, column {column} on")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Elements nested deeper than [`CARD_DEPTH_MAX`].
    #[error("is nested deeper than {CARD_DEPTH_MAX} elements")]
    TooDeep,
    /// Something that must be there is not.
    #[error("lacks `{0}`")]
    Lacks(&'static str),
    /// A type that cannot stand here.
    #[error("`{found}` cannot stand here; what can: {allowed}")]
    Type {
        /// The type that was found.
        found: String,
        /// The types that can stand here.
        allowed: String,
    },
    /// A property that is not in the profile.
    #[error("is not a property of {kind} in this profile; these are: {allowed}")]
    Property {
        /// The type that was to have it.
        kind: &'static str,
        /// The properties it has.
        allowed: String,
    },
    /// A value of the wrong sort.
    #[error("must be {0}")]
    Must(&'static str),
    /// A word that is not one of those known here.
    #[error("must be one of: {0}")]
    OneOf(String),
    /// Not an id.
    #[error(
        "must be an id: 1 to {CARD_ID_BYTES_MAX} letters, digits, dots, hyphens and underscores, \
         a letter or digit first"
    )]
    Id,
    /// An id that is in the card already.
    #[error("is the id of something else in this card too")]
    IdTwice,
    /// Not a size in pixels.
    #[error("must be a size like 80px, at most {CARD_PIXELS_MAX}px")]
    Pixels,
    /// Not a link that may be followed.
    #[error(
        "must be a link to a public host that starts with https:// and is at most \
         {LINK_BYTES_MAX} plain characters long, without a user name"
    )]
    Link,
    /// Not a picture that may be shown.
    #[error("must be a picture of the package, like asset:cup.png, or a path under /v1/")]
    Picture,
    /// The least is more than the most.
    #[error("is less than the least that may be entered")]
    Bounds,
    /// A value that the input's own rules refuse.
    #[error("does not fit the input's own rules: {0}")]
    Default(String),
    /// A choice with a value another one has.
    #[error("is the value of an earlier choice too")]
    ChoiceTwice,
    /// A comma in the value of one of several choices.
    #[error("must not contain a comma, which separates the values of several choices")]
    Comma,
    /// A toggle that says the same on and off.
    #[error("must say something else on than off")]
    Toggle,
}
