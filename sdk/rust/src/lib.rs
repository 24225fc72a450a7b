//! Write a mini-app for Souk: a shop that lives in a chat.
//!
//! A mini-app is a type with handlers: implement [`MiniApp`] and name the type in [`export!`]. This
//! is a whole one:
//!
//! ```
//! use souk_sdk::prelude::*;
//!
//! struct TeaHouse;
//!
//! impl MiniApp for TeaHouse {
//!     /// `/tea` shows the menu.
//!     fn command(_: &Event, _: Command) -> Result {
//!         let menu = Card::new("Jasmine tea, 2.50 USD")
//!             .heading("Today: jasmine tea")
//!             .button(Button::submit("order", "A cup, please", "jasmine"));
//!         Chat::current()?.post(menu)?;
//!         Ok(())
//!     }
//!
//!     /// The button puts a payment sheet before whoever pressed it.
//!     fn action(event: &Event, action: Action) -> Result {
//!         let tea: String = action.data()?;
//!         Order::ask(event.id()).item(tea, 1, Money::usd(250)).send()?;
//!         Ok(())
//!     }
//!
//!     /// They approved it, or they did not.
//!     fn order(_: &Event, order: Order) -> Result {
//!         if order.state() == OrderState::Paid {
//!             Chat::current()?.post("Your tea is on its way.")?;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! souk_sdk::export!(TeaHouse);
//! ```
//!
//! Beside it stand a `Cargo.toml` with `crate-type = ["cdylib"]` and a `miniapp.toml` that says
//! what the app is called, what people type and what it asks for; `cargo build --release --target
//! wasm32-wasip2` makes the component. `sample-miniapps/tea-house` is this app grown up: forms,
//! names on cups, refunds, a tally.
//!
//! # What is good to know
//! - **An event is a transaction.** Messages, values, orders and refunds are staged and happen
//!   together when the handler returns `Ok`; a [`Failure`], a panic or a timeout leaves nothing.
//! - **Authority is a handle.** [`Chat`], [`User`], [`Bucket`] and [`Wallet`] are what the host is
//!   willing to hand out for this event. A refusal is a [`Denied`]: match on it, or pass it on
//!   with `?`.
//! - **An app never moves money.** It asks with [`Order::ask`]; the host draws the sheet and the
//!   person approves.
//! - **The outside** is read with [`http::get`] and changed with [`http::post`]: a change leaves
//!   when the event has committed, and its answer is an event of its own.
//! - **Time stands still** during an event, and random numbers are the same when it runs again.
//! - **What you print** becomes the app's log.
//!
//! The crate compiles for the host too, so that an app's own logic is tested with plain `cargo
//! test`; only calls that reach the host need one.

// The derive names this crate by its name, here as everywhere.
extern crate self as souk_sdk;

mod app;
pub mod card;
pub mod config;
mod denied;
mod event;
mod failure;
pub mod http;
mod id;
pub mod identity;
mod inputs;
pub mod limits;
pub mod messaging;
mod money;
pub mod schedule;
pub mod storage;
pub mod wallet;

#[doc(hidden)]
#[allow(
    missing_docs,
    unsafe_code,
    unreachable_pub,
    elided_lifetimes_in_paths,
    clippy::all,
    clippy::indexing_slicing,
    clippy::semicolon_if_nothing_returned,
    clippy::uninlined_format_args,
    clippy::use_self,
    clippy::cast_lossless,
    reason = "generated"
)]
pub mod wit;

pub use app::{__handle, MiniApp};
pub use card::Card;
pub use denied::{Allowance, Denied, Limit};
pub use event::{Action, Command, Event, Happening};
pub use failure::{Again, Failure, FieldError, Result};
pub use http::Answer;
pub use identity::{MerchantUserId, User, UserId};
pub use messaging::{Chat, ChatId, Content, Heard, MessageId, PushToken};
pub use money::{Currency, Money, MoneyError};
pub use schedule::Timer;
pub use storage::Bucket;
pub use wallet::{Ask, Line, LineKind, Order, OrderId, OrderState, Wallet};

/// What nearly every mini-app uses.
pub mod prelude {
    pub use crate::card::{Body, Button, Card, Choice, Form};
    pub use crate::{
        Action, Answer, Ask, Bucket, Chat, ChatId, Command, Content, Currency, Denied, Event,
        Failure, Happening, Heard, MessageId, MiniApp, Money, Order, OrderId, OrderState,
        PushToken, Result, Timer, User, UserId, Wallet,
    };
}
