//! The registry: which apps there are, who owns them, and what they may do.
//!
//! A merchant publishes a [`package`]: one signed file. The first one binds an app's id to the
//! merchant and to the key it was signed with; every later one has to come from both. The bytes are
//! a blob, found by their digest; here is what the host decides by.

pub mod app;
pub mod command;
pub mod contract;
pub mod envelope;
pub mod grant;
mod keys;
pub mod matter;
pub mod package;
mod record;
mod refusal;
pub mod setting;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use refusal::Refusal;
