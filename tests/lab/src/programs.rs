//! Where the programs are that the laboratory starts, and how they live: all lie beside this one.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use souk::stage::{House, Programs};

use crate::Wrong;
use crate::unprotected::Without;

/// Returns the program of this name that was built together with this one.
pub(crate) fn beside(name: &str) -> Result<PathBuf, Wrong> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!("{} is not built", path.display()).into())
    }
}

/// A guest program in Rust, as `tests/guests/build` has it.
pub(crate) fn guest(name: &str) -> Result<Vec<u8>, Wrong> {
    built(&format!(
        "target/wasm32-wasip2/release/examples/{name}.wasm"
    ))
}

/// A guest program in JavaScript.
pub(crate) fn guest_js(name: &str) -> Result<Vec<u8>, Wrong> {
    built(&format!("js/target/{name}.wasm"))
}

fn built(path: &str) -> Result<Vec<u8>, Wrong> {
    let guests = concat!(env!("CARGO_MANIFEST_DIR"), "/../guests");
    let path = Path::new(guests).join(path);
    std::fs::read(&path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()).into())
}

/// The host as people run it.
pub(crate) fn souk() -> Result<Vec<OsString>, Wrong> {
    Ok(vec![beside("souk")?.into_os_string()])
}

/// A host that lacks a protection.
pub(crate) fn unprotected(without: Without) -> Result<Vec<OsString>, Wrong> {
    let host = beside("unprotected-host")?.into_os_string();
    Ok(vec![host, "--without".into(), without.name().into()])
}

/// A host that ends segments and makes checkpoints under any load, with all protections or without
/// one.
pub(crate) fn eager(without: Option<Without>) -> Result<Vec<OsString>, Wrong> {
    let mut host = match without {
        Some(without) => unprotected(without)?,
        None => vec![beside("unprotected-host")?.into_os_string()],
    };
    host.push("--eager".into());
    Ok(host)
}

/// Starts a host with a store of its own, at a free port.
pub(crate) async fn open_house(room: &Path, host: Vec<OsString>) -> Result<House, Wrong> {
    let programs = Programs {
        host,
        souk: beside("souk")?,
        flags: Vec::new(),
    };
    Ok(House::open(programs, room, SocketAddr::from(([127, 0, 0, 1], 0))).await?)
}
