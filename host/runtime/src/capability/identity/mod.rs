//! `identity`: who an event came from, as far as the app may know.
//!
//! Contract: `sdk/wit/deps/souk-identity`. Rules: `souk-identity`.

mod host;

use souk_core::UserId;

/// What a guest holds of a person.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
#[derive(Clone, Copy, Debug)]
pub struct UserHandle(UserId);
