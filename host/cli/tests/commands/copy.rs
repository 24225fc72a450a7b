//! `souk store copy` between directories whose anchor, archive and master key lie elsewhere.

use std::fs;

use expect_test::expect;

use crate::database::sides;
use crate::desk::Desk;

const ELSEWHERE: &str = "--anchor away/anchor --archive away/archive --master-key safe/master.key";
const FROM: &str = "--from-anchor away/anchor --from-archive away/archive \
                    --from-master-key safe/master.key";

/// A store whose host keeps nothing in its usual place, as the help recommends.
fn spread_out() -> Desk {
    let desk = Desk::new();
    for folder in ["away", "safe", "far"] {
        fs::create_dir(desk.path(folder)).unwrap();
    }
    let host = desk.serve_with(&format!("--data data {ELSEWHERE}"));
    crate::host::token(&host.base);
    host.stop();
    desk
}

#[test]
fn a_store_is_copied_from_and_to_wherever_its_parts_lie() {
    let desk = spread_out();
    let to = "--to-anchor far/anchor --to-archive far/archive --to-master-key far/master.key";
    let copied = desk.type_in(&format!("store copy --from data --to copy {FROM} {to}"));
    let [source, copy] = sides(&copied);
    assert_eq!(source, copy);
    assert!(
        copied.contains("the master key is far/master.key"),
        "{copied}"
    );
    assert!(!desk.path("copy.anchor").exists() && !desk.path("copy/keys/master.key").exists());
    let there = "--anchor far/anchor --archive far/archive --master-key far/master.key";
    let audit = desk.type_in(&format!("wallet audit --data copy {there}"));
    assert!(audit.contains("balanced\n"), "{audit}");

    // The variables of the host name what is copied, and nothing of the copy.
    let mut usual = desk.souk("store copy --from data --to usual");
    let usual = usual
        .env("SOUK_ANCHOR", "away/anchor")
        .env("SOUK_ARCHIVE", "away/archive")
        .env("SOUK_MASTER_KEY", "safe/master.key");
    let said = usual.output().unwrap();
    assert!(said.status.success(), "{said:?}");
    assert!(desk.path("usual.anchor").exists() && desk.path("usual/keys/master.key").exists());
    desk.serve_from("usual").stop();
}

#[test]
fn a_copy_says_where_to_name_what_it_does_not_find() {
    let desk = spread_out();
    desk.check(
        "store copy --from data --to copy",
        expect![[r#"
        Error: the master key data/keys/master.key is missing
        Hint: Name it with --from-master-key if it lies elsewhere, or put it back from its copy
        [exit status: 3]
    "#]],
    );
    desk.check(
        "store copy --from data --to copy --from-master-key safe/master.key",
        expect![[r#"
            Error: the store cannot be opened
            Caused by: the anchor data.anchor is missing, so nobody can tell whether the journal in data/journal is whole; name it with --anchor if it lies elsewhere, or put it back; if it is lost, accept the journal as it is with `souk store rebuild --adopt-anchor`
            Hint: Here an anchor is named with --from-anchor or --to-anchor
            [exit status: 3]
        "#]],
    );
    let made = ["copy", "copy.anchor", "data/keys/master.key", "data.anchor"];
    assert!(!made.iter().any(|name| desk.path(name).exists()));
}

#[test]
fn a_copy_goes_to_another_store() {
    let desk = spread_out();
    let mut page = String::new();
    for words in [
        "--to data",
        "--to ./data",
        "--to copy --to-anchor away/anchor",
        "--to postgres:",
        "--to mysql://localhost/souk",
        "--to postgres://localhost/souk --to-anchor far/anchor",
    ] {
        let seen = desk.type_in(&format!("store copy --from data {FROM} {words}"));
        page += &format!("$ {words}\n{seen}");
    }
    expect![[r#"
        $ --to data
        Error: the data directory data is that of both the source and the copy
        Hint: Name another place for the copy, with nothing in it
        [exit status: 1]
        $ --to ./data
        Error: the data directory data is that of both the source and the copy
        Hint: Name another place for the copy, with nothing in it
        [exit status: 1]
        $ --to copy --to-anchor away/anchor
        Error: the anchor away/anchor is that of both the source and the copy
        Hint: Name another place for the copy, with nothing in it
        [exit status: 1]
        $ --to postgres:
        error: invalid value 'postgres:' for '--to <STORE>': write a database like postgres://souk@localhost/souk, and a directory with a colon like ./postgres:

        For more information, try '--help'.
        [exit status: 2]
        $ --to mysql://localhost/souk
        error: invalid value 'mysql://localhost/souk' for '--to <STORE>': write a database like postgres://souk@localhost/souk, and a directory with a colon like ./mysql://localhost/souk

        For more information, try '--help'.
        [exit status: 2]
        $ --to postgres://localhost/souk --to-anchor far/anchor
        Error: a database has no anchor and no archive
        Hint: Leave out --to-anchor and --to-archive
        [exit status: 1]
    "#]].assert_eq(&page);
}
