//! Chat: conversations, who is in them, what they say, and the cards that apps post.
//!
//! A [`chat`] is a log of changes. A [`message`] is posted by appending, so any number of people
//! and apps speak in one chat at once and none waits for another. What was said is sealed with the
//! key of the person it belongs to. Whoever is not a [`member`] of a chat gets the same answers as
//! for a chat that does not exist.
//!
//! A [`card`] is checked when it is posted; what is stored and drawn is what was checked. What a
//! message said before is kept for a while, so that a press on what somebody still sees counts.
//!
//! A message can be for one person only, and can look different to each viewer; what only one
//! person hears of is in a log of their own, so that nobody else sees so much as a gap. Apps
//! [listen](listener) where an [admin] of a group lets them, and [speak later](push) where a person
//! let them.

pub mod admin;
pub mod card;
pub mod chat;
pub mod history;
mod keys;
pub mod listener;
pub mod member;
pub mod message;
pub mod push;
mod record;
mod refusal;
mod revision;
pub mod view;

pub use card::{Button, Card, CardError, CardFault, InputError};
pub use chat::{Change, Chat, Kind};
pub use listener::Listener;
pub use message::{Author, Content, Message};
pub use push::Push;
pub use record::Aside;
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
