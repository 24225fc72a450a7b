//! `souk store`, and what a start says of what is damaged.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use expect_test::expect;

use crate::desk::Desk;

/// A store in which something happened, its host stopped.
fn used() -> Desk {
    let desk = Desk::new();
    let host = desk.serve();
    crate::host::token(&host.base);
    host.stop();
    desk
}

fn journal(desk: &Desk) -> PathBuf {
    desk.path("data/journal/0000000001.journal")
}

fn flip(path: &Path, offset: u64) {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset).unwrap();
    file.write_all_at(&[byte[0] ^ 1], offset).unwrap();
}

#[test]
fn what_is_there_already_is_not_written_over() {
    let desk = used();
    let backup = backed_up(&desk);
    desk.check(
        &format!("store restore {backup} --data data"),
        expect![[r#"
            Error: the store cannot be restored
            Caused by: data/journal is there already; name a place where nothing is
            [exit status: 1]
        "#]],
    );
}

/// A backup of a store in which something happened; where it is.
fn backed_up(desk: &Desk) -> String {
    let page = desk.type_in("store backup backups --data data --keys copy");
    let made = page.lines().find(|line| line.starts_with("backups/"));
    made.unwrap_or_else(|| panic!("{page}")).to_owned()
}

#[test]
fn what_cannot_be_restored_leaves_nothing_in_the_way() {
    let desk = used();
    let backup = backed_up(&desk);
    fs::create_dir(desk.path("nothere")).unwrap();
    let mut page = String::new();
    for words in [
        "BACKUP --data new --to-record 0",
        "BACKUP --data new --to-record 5000",
        "BACKUP --data new --keys nothere",
        "BACKUP --data new --store postgres://localhost/souk",
        "backups --data new",
        "copy --data new",
        "nowhere --data new",
    ] {
        let typed = format!("store restore {}", words.replace("BACKUP", &backup));
        let seen = desk.type_in(&typed).replace(&backup, "BACKUP");
        page += &format!("$ {words}\n{seen}");
    }
    expect![[r#"
        $ BACKUP --data new --to-record 0
        Error: the store cannot be restored
        Caused by: the backup goes from record 1 to record 3, and not to that moment
        [exit status: 1]
        $ BACKUP --data new --to-record 5000
        Error: the store cannot be restored
        Caused by: the backup goes from record 1 to record 3, and not to that moment
        [exit status: 1]
        $ BACKUP --data new --keys nothere
        error: invalid value 'nothere' for '--keys <DIR>': there is no copy of a key file in it; name the directory of `souk store backup --keys`

        For more information, try '--help'.
        [exit status: 2]
        $ BACKUP --data new --store postgres://localhost/souk
        Error: a database is not restored by `souk`
        Hint: Restore it with pg_restore, and the folders `keys` and `blobs` of the data directory; to bring a backup into a database, restore it to a data directory and use `souk store copy`
        [exit status: 1]
        $ backups --data new
        Error: the store cannot be restored
        Caused by: backups is no backup: the folder `journal` is not in it; name a folder that `souk store backup` printed
        [exit status: 1]
        $ copy --data new
        Error: the store cannot be restored
        Caused by: copy is no backup: the folder `journal` is not in it; name a folder that `souk store backup` printed
        [exit status: 1]
        $ nowhere --data new
        Error: the store cannot be restored
        Caused by: nowhere is no backup: the folder `journal` is not in it; name a folder that `souk store backup` printed
        [exit status: 1]
    "#]].assert_eq(&page);
    assert!(!desk.path("new").exists() && !desk.path("new.anchor").exists());
    let early = "--to-time 2001-01-01T00:00:00Z";
    let seen = desk.type_in(&format!("store restore {backup} --data new {early}"));
    assert!(seen.contains("the first commit"), "{seen}");
    assert!(
        seen.contains("[exit status: 1]") && !desk.path("new").exists(),
        "{seen}"
    );

    let late = "--to-time 2999-01-01T00:00:00Z --keys copy";
    let seen = desk.type_in(&format!("store restore {backup} --data new {late}"));
    let told = "The backup has nothing later than that: all of it was restored.\n";
    assert!(
        seen.contains(told) && seen.contains("[exit status: 0]"),
        "{seen}"
    );
    // Where a file is damaged, it is found while it is copied.
    let journal = desk.path(&backup).join("journal/0000000001.journal");
    flip(&journal, 400);
    let seen = desk.type_in(&format!("store restore {backup} --data again --keys copy"));
    assert!(seen.contains("[exit status: 3]"), "{seen}");
    flip(&journal, 400);
    let seen = desk.type_in(&format!("store restore {backup} --data again --keys copy"));
    assert!(seen.contains("[exit status: 0]"), "{seen}");
}

#[test]
fn a_database_is_backed_up_by_its_own_tools() {
    let desk = used();
    desk.check(
        "store backup backups --data data --store postgres://localhost/souk",
        expect![[r#"
            Error: a database is not backed up by `souk`
            Hint: Copy it with pg_dump, then the folders `keys` and `blobs` of the data directory; `On PostgreSQL` in host/docs/store.md says in which order
            [exit status: 1]
        "#]],
    );
    assert!(!desk.path("backups").exists());
}

#[test]
fn whoever_looks_at_a_backup_leaves_nothing_in_it() {
    let desk = used();
    let backup = backed_up(&desk);
    let names = || {
        let entries = fs::read_dir(desk.path(&backup)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let words = format!("--data {backup} --anchor {backup}/anchor");
    let seen = desk.type_in(&format!("store verify {words}"));
    assert!(
        seen.contains("state: missing") && seen.contains("status: 0"),
        "{seen}"
    );
    let seen = desk.type_in(&format!("wallet audit {words}"));
    expect![[r#"
        Error: BACKUP is a backup, and a backup holds no keys
        Hint: Make a store from it first, with `souk store restore --keys`
        [exit status: 1]
    "#]]
    .assert_eq(&seen.replace(&backup, "BACKUP"));
    assert_eq!(names(), before);
}

#[test]
fn whoever_takes_a_journal_as_it_is_hears_what_was_accepted() {
    let desk = used();
    let adopt = "store rebuild --data data --adopt-anchor";
    let mut page = desk.type_in(adopt);
    fs::rename(desk.path("data.anchor"), desk.path("old")).unwrap();
    page += &desk.type_in("store verify --data data");
    page += &desk.type_in(adopt);
    expect![[r#"
        journal: 3 records in 1 file; state: sound, 3 records applied; the anchor agrees, so nothing had to be accepted
        [exit status: 0]
        Error: the store does not check out
        Caused by: the anchor data.anchor is missing, so nobody can tell whether the journal in data/journal is whole; name it with --anchor if it lies elsewhere, or put it back; if it is lost, accept the journal as it is with `souk store rebuild --adopt-anchor`
        [exit status: 3]
        journal: 3 records in 1 file; state: sound, 3 records applied; accepted without a readable anchor, so what is missing is not known
        [exit status: 0]
    "#]].assert_eq(&page);
}

#[test]
fn a_master_key_that_lies_elsewhere_is_not_made_anew() {
    let desk = used();
    let master = desk.path("data/keys/master.key");
    fs::rename(&master, desk.path("mine")).unwrap();
    desk.check("wallet audit --data data", expect![[r#"
        Error: the master key data/keys/master.key is missing
        Hint: Name it with --master-key if it lies elsewhere, or put it back from its copy: a new one opens nothing
        [exit status: 3]
    "#]]);
    assert!(!master.exists());
    let seen = desk.type_in("wallet audit --data data --master-key mine");
    assert!(seen.contains("balanced\n"), "{seen}");
}

#[test]
fn what_is_not_there_is_not_made() {
    let desk = Desk::new();
    desk.check(
        "store verify --data nowhere",
        expect![[r#"
        Error: there is no data directory nowhere
        Hint: Name the host's data directory with --data
        [exit status: 1]
    "#]],
    );
    desk.check(
        "store rebuild --data nowhere",
        expect![[r#"
        Error: there is no data directory nowhere
        Hint: Name the host's data directory with --data
        [exit status: 1]
    "#]],
    );
    fs::create_dir(desk.path("empty")).unwrap();
    desk.check(
        "store verify --data empty",
        expect![[r#"
            Error: there is no store in empty
            Hint: Name the host's data directory with --data
            [exit status: 1]
        "#]],
    );
}

#[test]
fn a_store_in_use_is_left_alone() {
    let desk = Desk::new();
    let host = desk.serve();
    desk.check(
        "store verify --data data",
        expect![[r#"
            Error: the store does not check out
            Caused by: the store in data is in use by process N; stop that one first
            [exit status: 1]
        "#]],
    );
    desk.check(
        "store rebuild --data data",
        expect![[r#"
            Error: the state cannot be rebuilt
            Caused by: the store in data is in use by process N; stop that one first
            [exit status: 1]
        "#]],
    );
    desk.check(
        "wallet audit --data data",
        expect![[r#"
            Error: the store cannot be opened
            Caused by: the store in data is in use by process N; stop that one first
            [exit status: 1]
        "#]],
    );
    host.stop();
}

#[test]
fn a_state_that_is_gone_or_damaged_is_made_anew() {
    let desk = used();
    fs::remove_dir_all(desk.path("data/state")).unwrap();
    desk.serve().stop();
    let db = desk.path("data/state/1/db");
    for offset in (0..fs::metadata(&db).unwrap().len()).step_by(97) {
        flip(&db, offset);
    }
    let sound = || {
        desk.type_in("store verify --data data")
            .contains("state: sound")
    };
    assert!(!sound(), "every 97th byte is another");
    desk.serve().stop();
    assert!(sound());
}

#[test]
fn a_damaged_journal_is_refused_with_file_and_place() {
    let desk = used();
    let length = fs::metadata(journal(&desk)).unwrap().len();
    flip(&journal(&desk), length - 1);
    let serve = "serve --data data --listen 127.0.0.1:0";
    let told = |seen: &str| {
        let place = "DIR/data/journal/0000000001.journal";
        assert!(
            seen.contains(place) || seen.contains("data/journal/0000000001.journal"),
            "{seen}"
        );
        assert!(
            seen.contains("[exit status: 3]") && seen.contains("byte"),
            "{seen}"
        );
    };
    for command in [
        serve,
        "store verify --data data",
        "store rebuild --data data",
    ] {
        told(&desk.type_in(command));
    }
    flip(&journal(&desk), length - 1);
    flip(&journal(&desk), 400);
    told(&desk.type_in(serve));
    flip(&journal(&desk), 400);
    desk.serve().stop();
}

#[test]
fn a_journal_cut_short_is_refused() {
    let desk = used();
    let file = OpenOptions::new().write(true).open(journal(&desk)).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length - 10).unwrap();
    let seen = desk.type_in("serve --data data --listen 127.0.0.1:0");
    assert!(
        seen.contains("0000000001.journal") && seen.contains("[exit status: 3]"),
        "{seen}"
    );
}
