//! A peer: the same hello in JavaScript, served by workerd, in one isolate that stays. No durable
//! work. It is there where `tests/bench` could install it.

use std::path::Path;

use serde::Deserialize;
use tokio::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/workerd");
const PROGRAM: &str = "node_modules/@cloudflare/workerd-linux-64/bin/workerd";

/// What it says when it listens.
#[derive(Deserialize)]
struct Listens {
    port: u16,
}

/// What starts it, if it is installed.
pub(super) fn command() -> Option<Command> {
    let folder = Path::new(FOLDER);
    let program = folder.join(PROGRAM);
    program.is_file().then(|| {
        let mut command = Command::new(program);
        command.args(["serve", "--socket-addr=http=127.0.0.1:0", "--control-fd=1"]);
        command.arg(folder.join("hello.capnp"));
        command
    })
}

/// Where it listens, if this is how it says so: others say their address itself.
pub(super) fn base(said: &str) -> Option<String> {
    let Listens { port } = serde_json::from_str(said).ok()?;
    Some(format!("http://127.0.0.1:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_first_line_says_where_it_listens() {
        let said = r#"{"event":"listen","socket":"http","port":40535}"#;
        assert_eq!(base(said).as_deref(), Some("http://127.0.0.1:40535"));
        assert_eq!(base("http://127.0.0.1:1"), None);
    }
}
