//! What a mini-app may import, and what to say about everything else.
//!
//! Guests import interfaces they never call, so this list is about what exists; what an app may do
//! is decided at the call.

/// The platform's own interfaces, exactly these.
const PLATFORM: [&str; 13] = [
    "souk:types/common@0.1.0",
    "souk:miniapp/events@0.1.0",
    "souk:runtime/limits@0.1.0",
    "souk:runtime/log@0.1.0",
    "souk:messaging/chats@0.1.0",
    "souk:identity/users@0.1.0",
    "souk:wallet/payments@0.1.0",
    "souk:storage/buckets@0.1.0",
    "souk:config/values@0.1.0",
    "souk:schedule/timers@0.1.0",
    "souk:http/types@0.1.0",
    "souk:http/reader@0.1.0",
    "souk:http/outbox@0.1.0",
];

/// The narrow WASI that the standard libraries of languages import, in any version of 0.2.
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
        "read with souk:http/reader@0.1.0, change with souk:http/outbox@0.1.0",
    ),
    (
        "wasi:sockets",
        "apps have no network: talk through souk:messaging, keep data in souk:storage",
    ),
    ("wasi:keyvalue", "use souk:storage/buckets@0.1.0"),
    ("wasi:blobstore", "use souk:storage/buckets@0.1.0"),
    ("wasi:messaging", "use souk:messaging/chats@0.1.0"),
    ("wasi:config", "use souk:config/values@0.1.0"),
    (
        "wasi:logging",
        "write to standard output: it becomes the app's log",
    ),
    ("wasi:", "build for wasm32-wasip2, WASI 0.2"),
    (
        "souk:",
        "this host speaks version 0.1.0 of the packages in sdk/wit",
    ),
    ("", "import only the packages in sdk/wit and WASI 0.2"),
];

/// Returns what to use instead of an import the platform does not have, or `None` if it has it.
pub(super) fn instead_of(import: &str) -> Option<&'static str> {
    if is_known(import) {
        return None;
    }
    let (_, instead) = INSTEAD
        .iter()
        .find(|(start, _)| import.starts_with(start))?;
    Some(instead)
}

fn is_known(import: &str) -> bool {
    let wasi = |(name, version): (&str, &str)| {
        let patch = version.strip_prefix("0.2.").unwrap_or_default();
        WASI.contains(&name) && patch.parse::<u32>().is_ok()
    };
    PLATFORM.contains(&import) || import.split_once('@').is_some_and(wasi)
}
