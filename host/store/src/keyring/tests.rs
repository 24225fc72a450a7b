//! What the keyring promises: content comes back, erased content never does, damage is named.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use souk_core::{ChatId, Timestamp, TypedId, UserId};

use super::file::{HEADER_BYTES, Head, KeyFile, SLOTS_AT, slot_at};
use super::slot::SLOT_BYTES;
use super::*;

fn owner(number: u128) -> Owner {
    Owner::PersonInChat(UserId::from_bits(number), ChatId::from_bits(7))
}

fn load(dir: &Path) -> Result<Keyring, KeyringError> {
    Keyring::load(dir, &MasterKey::from_bytes([7; 32]))
}

/// Seals one text for each of `count` owners, one after the other.
async fn seal_all(ring: &Keyring, count: u128) -> Vec<Sealed> {
    let mut sealed = Vec::new();
    for number in 0..count {
        sealed.push(ring.seal(&owner(number), b"a secret").await.unwrap());
    }
    sealed
}

fn readable(ring: &Keyring, sealed: &[Sealed]) -> usize {
    sealed
        .iter()
        .filter(|one| ring.open(one).as_deref() == Some(b"a secret"))
        .count()
}

fn flip(path: &Path, offset: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[offset] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn content_comes_back_and_shows_neither_itself_nor_its_owner() {
    let ring = Keyring::ephemeral().unwrap();
    let one = ring.seal(&owner(1), b"the cup is for ana").await.unwrap();
    let again = ring.seal(&owner(1), b"the cup is for ana").await.unwrap();
    assert_eq!(ring.open(&one).unwrap(), b"the cup is for ana");
    assert_ne!(one, again);
    assert!(!one.0.windows(3).any(|part| part == b"ana"));
    assert!(!one.0.windows(16).any(|part| part == 1u128.to_be_bytes()));
}

#[tokio::test]
async fn a_bit_changed_or_another_owner_s_name_opens_nothing() {
    let ring = Keyring::ephemeral().unwrap();
    let sealed = seal_all(&ring, 2).await;
    for place in 0..sealed[0].0.len() {
        let mut changed = sealed[0].clone();
        changed.0[place] ^= 1;
        assert_eq!(ring.open(&changed), None);
    }
    let mut moved = sealed[0].clone();
    moved.0[..16].copy_from_slice(&sealed[1].0[..16]);
    assert_eq!(ring.open(&moved), None);
    assert_eq!(ring.open(&Sealed(vec![1, 2, 3])), None);
}

#[tokio::test]
async fn keys_and_signatures_outlive_the_process() {
    let dir = tempfile::tempdir().unwrap();
    assert!(!Keyring::exists(dir.path()));
    let ring = load(dir.path()).unwrap();
    let sealed = seal_all(&ring, 600).await;
    let said = (
        ring.public_keys(),
        ring.sign(b"m"),
        ring.keyed_hash("p", &[b"a", b"b"]),
    );
    drop(ring);
    assert!(Keyring::exists(dir.path()));
    let ring = load(dir.path()).unwrap();
    assert_eq!(readable(&ring, &sealed), 600);
    assert_eq!(
        said,
        (
            ring.public_keys(),
            ring.sign(b"m"),
            ring.keyed_hash("p", &[b"a", b"b"])
        )
    );
    assert_ne!(said.2, ring.keyed_hash("p", &[b"ab"]));
    assert_ne!(said.2, ring.keyed_hash("q", &[b"a", b"b"]));
}

#[tokio::test]
async fn many_new_owners_at_once_get_one_key_each() {
    let dir = tempfile::tempdir().unwrap();
    let ring = Arc::new(load(dir.path()).unwrap());
    let mut seals = tokio::task::JoinSet::new();
    for number in 0..200 {
        let ring = Arc::clone(&ring);
        seals.spawn(async move { ring.seal(&owner(number % 50), b"a secret").await.unwrap() });
    }
    let sealed = seals.join_all().await;
    assert_eq!(readable(&load(dir.path()).unwrap(), &sealed), 200);
    let names: std::collections::BTreeSet<_> =
        sealed.iter().map(|one| one.0[..16].to_vec()).collect();
    assert_eq!(names.len(), 50);
}

#[tokio::test]
async fn what_was_erased_stays_erased_and_its_owner_can_begin_again() {
    let dir = tempfile::tempdir().unwrap();
    let ring = load(dir.path()).unwrap();
    let sealed = seal_all(&ring, 3).await;
    let before = fs::read(KeyFile::path(dir.path())).unwrap();
    ring.erase(&owner(1)).await.unwrap();
    ring.erase(&owner(99)).await.unwrap();
    assert_eq!(readable(&ring, &sealed), 2);
    let anew = ring.seal(&owner(1), b"a secret").await.unwrap();
    drop(ring);

    let ring = load(dir.path()).unwrap();
    assert_eq!(readable(&ring, &sealed), 2);
    assert_eq!(ring.open(&anew).unwrap(), b"a secret");
    let wrapped = &before[usize::try_from(SLOTS_AT).unwrap() + 128 + 20..][..48];
    let after = fs::read(KeyFile::path(dir.path())).unwrap();
    assert!(
        !after.windows(48).any(|part| part == wrapped),
        "the wrapped key is still in the file"
    );
}

#[tokio::test]
async fn an_erasure_that_was_cut_short_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let ring = load(dir.path()).unwrap();
    let sealed = seal_all(&ring, 3).await;
    drop(ring);
    let opened = KeyFile::open_or_create(dir.path(), &MasterKey::from_bytes([7; 32])).unwrap();
    let mut file = opened.file;
    file.write_head(Head {
        erasing: Some(1),
        ..file.head
    })
    .unwrap();
    drop(file);
    flip(
        &KeyFile::path(dir.path()),
        usize::try_from(slot_at(1)).unwrap() + 60,
    );
    for _ in 0..2 {
        assert_eq!(readable(&load(dir.path()).unwrap(), &sealed), 2);
    }
}

#[tokio::test]
async fn slots_that_were_never_counted_may_be_torn() {
    let dir = tempfile::tempdir().unwrap();
    let ring = load(dir.path()).unwrap();
    let sealed = seal_all(&ring, 2).await;
    drop(ring);
    let path = KeyFile::path(dir.path());
    let mut bytes = fs::read(&path).unwrap();
    let (torn, free) = (
        usize::try_from(slot_at(2)).unwrap(),
        usize::try_from(slot_at(4)).unwrap(),
    );
    bytes[torn..torn + 50].fill(9);
    let slot = bytes[usize::try_from(slot_at(0)).unwrap()..][..128].to_vec();
    bytes[free..free + 128].copy_from_slice(&slot);
    fs::write(&path, bytes).unwrap();
    for _ in 0..2 {
        let ring = load(dir.path()).unwrap();
        assert_eq!(readable(&ring, &sealed), 2);
        let more = ring.seal(&owner(77), b"a secret").await.unwrap();
        assert_eq!(ring.open(&more).unwrap(), b"a secret");
    }
}

#[tokio::test]
async fn a_damaged_key_is_refused_by_place_wherever_the_damage_is() {
    let dir = tempfile::tempdir().unwrap();
    drop(seal_all(&load(dir.path()).unwrap(), 4).await);
    let path = KeyFile::path(dir.path());
    for slot in 0..4 {
        for byte in 0..SLOT_BYTES {
            let place = usize::try_from(slot_at(slot)).unwrap() + byte;
            flip(&path, place);
            let refused = load(dir.path()).map(drop).unwrap_err();
            assert!(
                matches!(refused, KeyringError::Damaged { index, offset, .. }
                if index == slot && offset == slot_at(slot))
            );
            flip(&path, place);
        }
    }
    load(dir.path()).unwrap();
}

#[tokio::test]
async fn a_cut_file_another_master_and_another_format_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(seal_all(&load(dir.path()).unwrap(), 4).await);
    let other = Keyring::load(dir.path(), &MasterKey::from_bytes([8; 32])).map(drop);
    assert!(matches!(other, Err(KeyringError::OtherMaster { .. })));

    let path = KeyFile::path(dir.path());
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..usize::try_from(slot_at(3)).unwrap()]).unwrap();
    assert!(matches!(
        load(dir.path()).map(drop),
        Err(KeyringError::Damaged { index: 3, .. })
    ));
    for place in 0..HEADER_BYTES {
        fs::write(&path, &bytes).unwrap();
        flip(&path, place);
        assert!(matches!(
            load(dir.path()).map(drop),
            Err(KeyringError::Format { .. })
        ));
    }
}

#[tokio::test]
async fn one_damaged_head_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let sealed = seal_all(&load(dir.path()).unwrap(), 3).await;
    for place in [512, 1024] {
        flip(&KeyFile::path(dir.path()), place);
        assert_eq!(readable(&load(dir.path()).unwrap(), &sealed), 3);
        flip(&KeyFile::path(dir.path()), place);
    }
}

#[test]
fn the_master_key_is_made_once_and_only_its_owner_reads_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master.key");
    let made = MasterKey::load_or_create(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    assert_eq!(
        MasterKey::load_or_create(&path).unwrap().0.bytes(),
        made.0.bytes()
    );

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(
        MasterKey::load_or_create(&path),
        Err(KeyringError::Exposed { .. })
    ));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "abc\n").unwrap();
    assert!(matches!(
        MasterKey::load_or_create(&path),
        Err(KeyringError::NoMasterKey { .. })
    ));
}

/// A keyring with its master key in a file.
fn with_file(dir: &Path) -> (std::path::PathBuf, Keyring) {
    let master = dir.join("master.key");
    let ring = open(dir, &master).unwrap();
    (master, ring)
}

/// Tells whether bytes are in any file of a folder.
fn is_anywhere(dir: &Path, bytes: &[u8]) -> bool {
    let files = fs::read_dir(dir)
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let mut found = files.map(|file| file.windows(bytes.len()).any(|part| part == bytes));
    found.any(|found| found)
}

#[tokio::test]
async fn a_new_signing_key_leaves_the_old_one_s_public_half() {
    let folder = tempfile::tempdir().unwrap();
    let (master, ring) = with_file(folder.path());
    let sealed = seal_all(&ring, 20).await;
    ring.erase(&owner(3)).await.unwrap();
    let mut old = vec![(ring.public_key(), ring.sign(b"receipt"))];
    drop(ring);
    for time in 1..=3 {
        rotate_signing(folder.path(), &master, Timestamp::from_millis(time)).unwrap();
        let ring = open(folder.path(), &master).unwrap();
        let expected = old.iter().zip(1..).map(|((public_key, _), time)| Retired {
            public_key: *public_key,
            until: Timestamp::from_millis(time),
        });
        assert!(ring.retired().iter().copied().eq(expected));
        assert_eq!(readable(&ring, &sealed), 19);
        assert!(old.iter().all(|(key, _)| *key != ring.public_key()));
        old.push((ring.public_key(), ring.sign(b"receipt")));
    }
    for (key, signature) in old {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&signature);
        key.verify_strict(b"receipt", &signature).unwrap();
    }
}

#[tokio::test]
async fn a_new_master_key_opens_everything_and_the_old_one_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (master, ring) = with_file(folder.path());
    let sealed = seal_all(&ring, 20).await;
    let (hash, key) = (ring.keyed_hash("name", &[b"ana"]), ring.public_key());
    drop(ring);
    let old = fs::read(&master).unwrap();
    rotate_master(folder.path(), &master).unwrap();
    assert!(!is_anywhere(folder.path(), &old));
    let ring = open(folder.path(), &master).unwrap();
    assert_eq!(readable(&ring, &sealed), 20);
    assert_eq!(
        (ring.keyed_hash("name", &[b"ana"]), ring.public_key()),
        (hash, key)
    );
    drop(ring);

    // Cut short after the keys were wrapped anew: the next opening ends it.
    let new = fs::read(&master).unwrap();
    fs::write(master.with_extension("key-next"), &new).unwrap();
    fs::set_permissions(
        master.with_extension("key-next"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    fs::write(&master, &old).unwrap();
    assert_eq!(
        readable(&open(folder.path(), &master).unwrap(), &sealed),
        20
    );
    assert_eq!(fs::read(&master).unwrap(), new);
    // Cut short before that: the old one is still in force, and the change can be made again.
    fs::write(master.with_extension("key-next"), &old).unwrap();
    assert_eq!(
        readable(&open(folder.path(), &master).unwrap(), &sealed),
        20
    );

    fs::write(&master, &old).unwrap();
    fs::remove_file(master.with_extension("key-next")).unwrap();
    let refused = open(folder.path(), &master).err().unwrap();
    assert!(
        matches!(refused, KeyringError::OtherMaster { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_copy_of_the_keys_opens_what_they_open_and_forgets_what_was_erased() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (master, ring) = with_file(folder.path());
    let sealed = seal_all(&ring, 20).await;
    copy_keys(folder.path(), copies.path()).unwrap();
    assert!(!is_anywhere(copies.path(), &fs::read(&master).unwrap()));
    let slot = usize::try_from(slot_at(3)).unwrap();
    let wrapped = fs::read(KeyFile::path(folder.path())).unwrap()[slot..][..100].to_vec();
    ring.erase(&owner(3)).await.unwrap();
    assert!(!is_anywhere(folder.path(), &wrapped));
    assert!(is_anywhere(copies.path(), &wrapped));
    assert_eq!(
        readable(&open(copies.path(), &master).unwrap(), &sealed),
        20
    );

    copy_keys(folder.path(), copies.path()).unwrap();
    assert!(!is_anywhere(copies.path(), &wrapped));
    assert_eq!(
        readable(&open(copies.path(), &master).unwrap(), &sealed),
        19
    );
    let mode = fs::metadata(KeyFile::path(copies.path())).unwrap();
    assert_eq!(mode.permissions().mode() & 0o077, 0);
}

#[tokio::test]
async fn the_keys_can_be_copied_while_new_ones_are_made() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (master, ring) = with_file(folder.path());
    let ring = Arc::new(ring);
    let maker = Arc::clone(&ring);
    let mut making = tokio::task::JoinSet::new();
    making.spawn(async move { seal_all(&maker, 300).await });
    let mut least = 0;
    let sealed = loop {
        if let Some(made) = making.try_join_next() {
            break made.unwrap();
        }
        copy_keys(folder.path(), copies.path()).unwrap();
        let opened = file::open(
            &KeyFile::path(copies.path()),
            &MasterKey::load_or_create(&master).unwrap().0,
        )
        .unwrap();
        assert!(opened.keys.len() >= least);
        least = opened.keys.len();
        tokio::task::yield_now().await;
    };
    copy_keys(folder.path(), copies.path()).unwrap();
    assert_eq!(
        readable(&open(copies.path(), &master).unwrap(), &sealed),
        300
    );
}

/// A key file of format 1 with one key, as it was written before there were retired keys.
const FORMAT_1: &[u8] = include_bytes!("format-1.keys");

#[tokio::test]
async fn a_key_file_of_the_first_format_is_read_and_becomes_one_of_the_second() {
    let folder = tempfile::tempdir().unwrap();
    let master = folder.path().join("master.key");
    fs::write(&master, hex::encode([7; 32])).unwrap();
    fs::set_permissions(&master, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(KeyFile::path(folder.path()), FORMAT_1).unwrap();
    let ring = open(folder.path(), &master).unwrap();
    assert_eq!(ring.retired(), []);
    let key = ring.public_key();
    assert_eq!(ring.keys.count(), 1);
    drop(ring);
    rotate_signing(folder.path(), &master, Timestamp::from_millis(9)).unwrap();
    let ring = open(folder.path(), &master).unwrap();
    assert_eq!((ring.retired()[0].public_key, ring.keys.count()), (key, 1));
    let file = fs::read(KeyFile::path(folder.path())).unwrap();
    assert_eq!((FORMAT_1[11], file[11]), (1, 2));
}
