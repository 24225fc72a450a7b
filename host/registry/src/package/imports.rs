//! What a mini-app may import, and what to say about everything else.
//!
//! Guests import interfaces they never call, so this list is about what exists; what an app may do
//! is decided at the call.

use super::PackageError;
use crate::contract::{self, Has, Interface, Version};

/// The track of WASI there is, in any version: toolchains raise it before they need what is new in
/// it, and what a host lacks is found when it links.
const WASI_TRACK: Version = Version::new(0, 2, 0);

/// The narrow WASI that the standard libraries of languages import.
const WASI: [&str; 19] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure-seed",
    "wasi:random/random",
];

/// What to use instead, by what the import's name starts with; the first that fits.
const INSTEAD: [(&str, &str); 10] = [
    (
        "wasi:http",
        "read with souk:http/reader, change with souk:http/outbox",
    ),
    (
        "wasi:sockets",
        "apps have no network: talk through souk:messaging, keep data in souk:storage",
    ),
    ("wasi:keyvalue", "use souk:storage/buckets"),
    ("wasi:blobstore", "use souk:storage/buckets"),
    ("wasi:messaging", "use souk:messaging/chats"),
    ("wasi:config", "use souk:config/values"),
    (
        "wasi:logging",
        "write to standard output: it becomes the app's log",
    ),
    ("wasi:", "build for wasm32-wasip2, WASI 0.2"),
    ("souk:", "import only the packages in sdk/wit, as released"),
    ("", "import only the packages in sdk/wit and WASI 0.2"),
];

/// Checks that the platform has an import, in a version that serves it.
pub(super) fn check(import: &str) -> Result<(), PackageError> {
    let unknown = || PackageError::UnknownImport {
        import: import.to_owned(),
        instead: instead_of(import),
    };
    let wanted = Interface::parse(import).ok_or_else(unknown)?;
    if WASI.contains(&wanted.name) && wanted.version.is_on_track_of(WASI_TRACK) {
        return Ok(());
    }
    match contract::has(&contract::IMPORTS, wanted) {
        Has::It => Ok(()),
        Has::Nothing => Err(unknown()),
        Has::Others(newest) => Err(PackageError::ContractVersion {
            wanted: import.to_owned(),
            newest,
        }),
    }
}

/// Returns what to use instead of an import the platform does not have.
fn instead_of(import: &str) -> &'static str {
    let fits = INSTEAD.iter().find(|(start, _)| import.starts_with(start));
    fits.map_or("", |(_, instead)| instead)
}
