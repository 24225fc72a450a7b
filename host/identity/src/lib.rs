//! Identity: who somebody is, how they prove it, and what apps may know of them.
//!
//! A person has an [`account`] with a [`password`]. A browser that knows the password gets a
//! [`session`], a program a bearer [`token`]; both are secrets of which only a hash is stored. An
//! app sees a person under a [`pairwise`] id that says nothing to other apps, and what the person
//! agreed to by [`consent`]; at each app they spend within their [`budget`]. With a [`launch`]
//! token an app can prove to its merchant's backend who it deals with. Who leaves an app is
//! [somebody new](ties) to it afterwards. Whoever runs the host is the [`operator`].
//!
//! What a person wrote about themselves is sealed with their own key: once that is erased, their
//! name and handle are gone everywhere, and only ids are left.

pub mod account;
mod base32;
pub mod budget;
pub mod consent;
mod keys;
pub mod launch;
mod news;
pub mod operator;
mod pages;
pub mod pairwise;
pub mod password;
mod record;
mod refusal;
mod secret;
pub mod session;
pub mod ties;
pub mod token;

pub use account::{Account, Profile};
pub use budget::Budget;
pub use consent::{Answered, Question, Waiting};
pub use news::{News, news_log};
pub use refusal::Refusal;
pub use secret::Secret;
pub use token::Token;

#[cfg(test)]
mod tests;
