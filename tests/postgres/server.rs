//! A PostgreSQL of the tests' own: started by whoever comes first, stopped some seconds after the
//! last has gone. The suites of the store and of the ledger and the laboratory all take it in.

use std::fs::File;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which server is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One that does not sync, for tests.
    Fast,
    /// One that does, for measurements.
    Durable,
    /// One that does, for the test that lets it crash.
    Alone,
}

/// A server that runs as long as this is held.
struct Server {
    address: String,
    _used: File,
}

const UP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/postgres/up");

/// Returns the address of empty tables that nobody else has.
pub fn fresh(kind: Kind) -> String {
    static SERVERS: [OnceLock<Server>; 3] = [const { OnceLock::new() }; 3];
    static SCHEMAS: AtomicU64 = AtomicU64::new(0);
    let [fast, durable, alone] = &SERVERS;
    let server = match kind {
        Kind::Fast => fast,
        Kind::Durable => durable,
        Kind::Alone => alone,
    };
    let server = server.get_or_init(|| start(kind));
    let number = SCHEMAS.fetch_add(1, Ordering::SeqCst);
    let schema = format!("test_{}_{number}", std::process::id());
    say(&server.address, &format!("CREATE SCHEMA {schema}"));
    format!("{}?options=-csearch_path%3D{schema}", server.address)
}

/// Returns the way through a server's socket to tables whose address is given.
pub fn by_socket(kind: Kind, address: &str) -> String {
    let folder = run(&["where", name(kind)]).replace('/', "%2F");
    address.replace("127.0.0.1", &folder)
}

/// Says something to a database as its administrator.
pub fn say(address: &str, sql: &str) {
    let mut psql = Command::new("psql");
    psql.args([
        "-q",
        "-X",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        address,
        "-c",
        sql,
    ]);
    let said = psql.output().unwrap();
    let words = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "{sql}: {words}");
}

/// Lets a server crash and come back: all who are connected are cut off.
pub fn crash(kind: Kind) {
    run(&["crash", name(kind)]);
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Fast => "fast",
        Kind::Durable => "durable",
        Kind::Alone => "alone",
    }
}

fn start(kind: Kind) -> Server {
    let kind = name(kind);
    // Before it is looked for, so that nobody stops it in between.
    let used = File::create(format!("{}.users", run(&["where", kind]))).unwrap();
    used.lock_shared().unwrap();
    Server {
        address: run(&[kind]),
        _used: used,
    }
}

fn run(words: &[&str]) -> String {
    let ran = Command::new(UP).args(words).output().unwrap();
    let wrong = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{UP}: {wrong}");
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}
