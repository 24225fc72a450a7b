//! A folder to work in, `souk` to type into it, and the transcript of what it says.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use expect_test::Expect;
use tempfile::TempDir;

/// A folder of its own, called DIR in transcripts.
pub(crate) struct Desk(TempDir);

/// A host that runs until it is dropped.
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) base: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a file into the folder.
    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Types a command and compares what is seen.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a page is written where it is expected"
    )]
    pub(crate) fn check(&self, words: &str, seen: Expect) {
        seen.assert_eq(&self.type_in(words));
    }

    /// Types a command and returns what is seen. A `~` is a space inside a word.
    pub(crate) fn type_in(&self, words: &str) -> String {
        let said = self.souk(words).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut page = format!("{}{}", text(&said.stderr), text(&said.stdout));
        let status = said.status.code();
        writeln!(page, "[exit status: {}]", status.expect("it was killed")).unwrap();
        let page = page.replace(&self.0.path().display().to_string(), "DIR");
        without_process_numbers(&page)
    }

    /// Starts a host on the data directory `data` in the folder.
    pub(crate) fn serve(&self) -> Running {
        self.serve_from("data")
    }

    /// Starts a host on another data directory.
    pub(crate) fn serve_from(&self, data: &str) -> Running {
        self.serve_with(&format!("--data {data}"))
    }

    /// Starts a host on a database, with its keys in `data`.
    pub(crate) fn serve_on(&self, tables: &str) -> Running {
        self.serve_with(&format!("--data data --store {tables}"))
    }

    /// Starts a host with these words, and the simulated bank.
    pub(crate) fn serve_with(&self, places: &str) -> Running {
        let words = format!("serve {places} --listen 127.0.0.1:0 --simulated-bank");
        let mut serve = self.souk(&words);
        let mut child = serve
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
        Running {
            child,
            base: line.trim().to_owned(),
        }
    }

    /// A command, not yet typed.
    pub(crate) fn souk(&self, words: &str) -> Command {
        let mut souk = Command::new(Path::new(env!("CARGO_BIN_EXE_souk")));
        let words = words.split_whitespace();
        souk.args(words.map(|word| word.replace('~', " ")))
            .current_dir(self.0.path())
            .env_remove("SOUK_STORE")
            .env("HOME", self.0.path())
            .env("XDG_CONFIG_HOME", self.0.path());
        souk
    }
}

/// Leaves out what differs from run to run.
fn without_process_numbers(page: &str) -> String {
    let mut words = page.split("by process ");
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |page, rest| {
        let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        format!("{page}by process N{rest}")
    })
}

impl Running {
    /// Stops the host as an operator would.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that was stopped is gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
