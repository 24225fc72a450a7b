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
    desk.check("store copy --from data --to copy", expect![[r#""#]]);
    desk.check(
        "store copy --from data --to copy --from-master-key safe/master.key",
        expect![[r#""#]],
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
    expect![[r#""#]].assert_eq(&page);
}
