//! `souk` itself and `souk serve`.

use expect_test::expect;
use serde_json::{Value, json};
use souk::client::Client;

use crate::desk::Desk;

/// Makes an account on a host for Ana and returns a token of it.
pub(crate) fn token(base: &str) -> String {
    token_of(base, "ana", "Ana")
}

/// Makes an account on a host and returns a token of it.
pub(crate) fn token_of(base: &str, handle: &str, name: &str) -> String {
    let account = json!({"handle": handle, "name": name, "password": "one-small-market"});
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let made: Value = Client::new(base, "")
            .post("/v1/accounts", &account)
            .await
            .unwrap();
        assert_eq!(made["handle"], handle);
    });
    sign_in_as(base, handle)
}

/// Gives Ana, who is known already, a token.
pub(crate) fn sign_in(base: &str) -> String {
    sign_in_as(base, "ana")
}

fn sign_in_as(base: &str, handle: &str) -> String {
    let ask = json!({"handle": handle, "password": "one-small-market", "label": "test"});
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let issued: Value = Client::new(base, "")
            .post("/v1/tokens", &ask)
            .await
            .unwrap();
        issued["token"].as_str().unwrap().to_owned()
    })
}

#[test]
fn the_help_is_what_it_is() {
    let desk = Desk::new();
    desk.check(
        "",
        expect![[r#"
            Souk: chat, wallet and sandbox for mini-shops, in one process

            Usage: souk <COMMAND>

            Commands:
              demo       A complete market on this machine: people, shops, money
              serve      Run the host
              build      Build a mini-app into one signed package
              publish    Publish a package to a running host
              statement  Print a statement of your account
              config     What you set for your apps
              trace      The runs of your apps
              replay     Run an app once more on what it was told in a recorded run, with no host at all
              failed     Events that your apps kept failing at
              chat       What apps may do in your chats, and who decides it
              leave      Leave an app: it knows you no more
              grants     What apps may do with you
              activity   Print what apps did for you, newest first
              wallet     Your wallet, and the ledger
              takings    What your apps took
              operator   What only the operator may do
              policy     What apps may do on a host, and how they are bounded
              receipt    Get receipts and the host's keys, and check receipts with no host at all
              store      Check what is stored, make it anew from the journal, or move it
              key        Change the host's keys
              help       Print this message or the help of the given subcommand(s)

            Options:
              -h, --help     Print help (see more with '--help')
              -V, --version  Print version
            [exit status: 2]
        "#]],
    );
    desk.check(
        "frobnicate",
        expect![[r#"
        error: unrecognized subcommand 'frobnicate'

        Usage: souk <COMMAND>

        For more information, try '--help'.
        [exit status: 2]
    "#]],
    );
}

#[test]
fn a_rotation_says_which_keys_it_can_change() {
    Desk::new().check(
        "key rotate",
        expect![[r#"
            error: the following required arguments were not provided:
              <--signing|--master>

            Usage: souk key rotate <--signing|--master>

            For more information, try '--help'.
            [exit status: 2]
        "#]],
    );
}

#[test]
fn a_host_that_cannot_start_says_why() {
    let desk = Desk::new();
    desk.check(
        "serve --listen nowhere",
        expect![[r#"
        error: invalid value 'nowhere' for '--listen <ADDRESS>': invalid socket address syntax

        For more information, try '--help'.
        [exit status: 2]
    "#]],
    );
    let host = desk.serve();
    desk.check(
        "serve --data data --listen 127.0.0.1:0",
        expect![[r#"
            Error: the store cannot be opened
            Caused by: the store in data is in use by process N; stop that one first
            [exit status: 1]
        "#]],
    );
    let taken = host.base.trim_start_matches("http://").to_owned();
    let seen = desk.type_in(&format!("serve --data other --listen {taken}"));
    expect![[r#"
        Error: nobody can listen at ADDRESS
        Caused by: Address already in use (os error 98)
        Hint: Choose another address with --listen, or port 0 for a free one
        [exit status: 1]
    "#]]
    .assert_eq(&plain(&seen.replace(&taken, "ADDRESS")));
    host.stop();
    desk.put("data/keys/master.key", "nonsense");
    desk.check("serve --data data --listen 127.0.0.1:0", expect![[r#"
        Error: the keys of this store cannot be opened
        Caused by: data/keys/master.key is no master key: it must hold 64 hexadecimal digits; restore it from its copy
        Hint: Put the master key and the key file back as they were
        [exit status: 3]
    "#]]);
    std::fs::remove_dir_all(desk.path("data/keys")).unwrap();
    desk.check(
        "serve --data data --listen 127.0.0.1:0",
        expect![[r#"
        Error: the keys of this store are missing in data/keys
        Hint: Put the key file back as it was; a new one could read nothing of what is stored
        [exit status: 3]
    "#]],
    );
    desk.put("file", "a file");
    desk.check(
        "serve --data file/data",
        expect![[r#"
        Error: file/data/keys cannot be made
        Caused by: Not a directory (os error 20)
        Hint: Choose a directory you may write to with --data
        [exit status: 1]
    "#]],
    );
}

/// Without what differs from run to run.
fn plain(seen: &str) -> String {
    let lines = seen.lines().filter(|line| !line.starts_with("Opened"));
    lines.map(|line| format!("{line}\n")).collect()
}
