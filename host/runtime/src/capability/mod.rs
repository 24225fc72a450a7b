//! What mini-apps can do: one folder for each capability of the contract.
//!
//! A folder translates between the guest's words and a rules crate, and decides nothing itself. In
//! its `host.rs` every function reads alike: it passes the door, turns what the guest said into
//! domain types, calls the rule, and turns the answer back.

// WHEN ADDING A CAPABILITY: its WIT package, SDK module, guests and tests have the same name.
pub(crate) mod config;
pub(crate) mod http;
pub(crate) mod identity;
pub(crate) mod messaging;
pub(crate) mod schedule;
pub(crate) mod storage;
pub(crate) mod wallet;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings::MiniApp;
use crate::bindings::souk::types::common::Allowance;
use crate::border::component::Linker as Border;
use crate::ctx::Ctx;

/// Links every capability, whatever the app was granted: a call without its grant is answered.
pub(crate) fn add_to_linker(linker: Linker<Ctx>) -> wasmtime::Result<Linker<Ctx>> {
    let mut border = Border::behind(|ctx: &mut Ctx| &mut ctx.door, linker);
    MiniApp::add_to_linker::<_, HasSelf<Ctx>>(&mut border, |ctx| ctx)?;
    Ok(border.into_linker())
}

// WHEN THERE IS ANOTHER LIMIT: its name and unit go into host/docs/limits.md.
/// What is left of a limit of `most`, which is whole again in the next run or nobody knows when.
pub(crate) fn allowance<N: TryInto<u64>>(name: &str, left: N, most: N) -> Allowance {
    let number = |count: N| count.try_into().unwrap_or(u64::MAX);
    Allowance {
        name: name.to_owned(),
        allowed: number(most),
        remaining: number(left),
        resets: None,
    }
}
