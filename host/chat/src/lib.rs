//! Chat: conversations, who is in them, what they say, and the cards that apps post.
//!
//! A [`chat`] is a log of changes. A [`message`] is posted by appending, so any number of people
//! and apps speak in one chat at once and none waits for another. What was said is sealed with the
//! key of the person it belongs to. Whoever is not a [`member`] of a chat gets the same answers as
//! for a chat that does not exist.
//!
//! A [`card`] is checked when it is posted; what is stored and drawn is what was checked.

pub mod card;
pub mod chat;
mod keys;
pub mod member;
pub mod message;
mod record;
mod refusal;

pub use card::{Button, Card, CardError, CardFault, InputError};
pub use chat::{Change, Chat, Kind};
pub use message::{Author, Content, Message};
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
