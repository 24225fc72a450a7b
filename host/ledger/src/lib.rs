//! The ledger: who has how much, and why.
//!
//! Every movement is one [`Entry`](entry::Entry) that debits one account and credits another by the
//! same amount. Six things are always true: the books balance, nobody goes below zero, what is held
//! cannot be spent and resolves once, what an order says was paid and refunded is what the entries
//! say, entries never change, and the same transfer sent twice happens once, or is refused twice.
//! [`audit`](audit::audit) checks them from the entries alone.
//!
//! Everything here is a rule over a transaction of `souk-store`: it reads, decides and stages. It
//! never commits, never asks what time it is and never waits for anybody. Each rule is a ladder of
//! refusals in the order of [`Refusal`], then a line; below the line nothing is refused. So a
//! refusal has staged nothing, and its caller may go on. After [`Refusal::Broken`] and
//! [`Refusal::Store`] it may not: the transaction must be given up.

#![deny(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::float_arithmetic,
    reason = "money is never rounded, cut or wrapped"
)]

pub mod account;
pub mod approval;
pub mod audit;
mod digest;
pub mod entry;
pub mod gift;
pub mod hold;
mod invariant;
mod keys;
mod news;
pub mod once;
pub mod order;
pub mod payout;
pub mod policy;
pub mod proof;
pub mod rail;
mod reason;
pub mod receipt;
mod record;
mod refusal;
pub mod settlement;
pub mod spent;
pub mod statement;
mod text;
pub mod transfer; // Start here: the rules of moving money.

pub use account::{Balance, Holder, Purse, Rail, Standing};
pub use entry::{Entry, EntryKind, Phase};
pub use gift::{Gift, GiftState};
pub use invariant::Broken;
pub use news::{News, news_log, statement_log};
pub use order::{Details, Order, OrderState, Paid, Refunded};
pub use policy::Policy;
pub use receipt::Receipt;
pub use refusal::Refusal;
pub use statement::Line;
pub use text::quote;

#[cfg(test)]
mod tests;
