//! Erasure: when the key is gone, what it sealed can be read from nothing that is left.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use souk_core::{ChatId, TypedId, UserId};
use souk_store::embedded::{Moment, Options, backup, restore};
use souk_store::keyring::{copy_keys, open};
use souk_store::{Engine, Key, Keyring, Owner, Record, Sealed, Store};
use tempfile::TempDir;

use crate::common::{HandClock, files};
use crate::shop::{eager, eventually, within};

const SECRET: &[u8] = b"ana would like the blue cup";

fn ana() -> Owner {
    Owner::PersonInChat(UserId::from_bits(5), ChatId::from_bits(7))
}

fn bo() -> Owner {
    Owner::PersonInChat(UserId::from_bits(6), ChatId::from_bits(7))
}

/// A message, as it is stored.
#[derive(serde::Serialize, serde::Deserialize)]
struct Message(Sealed);

impl Record for Message {}

/// A shop with a keyring in files.
struct House {
    _folder: TempDir,
    options: Options,
    keys: std::path::PathBuf,
    master: std::path::PathBuf,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            options: eager(folder.path()),
            keys: folder.path().join("data/keys"),
            master: folder.path().join("data/keys/master.key"),
            _folder: folder,
        }
    }

    fn open(&self) -> Store {
        fs::create_dir_all(&self.keys).unwrap();
        let keyring = open(&self.keys, &self.master).unwrap();
        let (engine, _) = crate::common::open(&self.options);
        let engine: Arc<dyn Engine> = Arc::new(engine);
        Store::new(engine, Arc::new(keyring), Arc::new(HandClock::default()))
    }
}

/// Both say the same thing again and again, until there is a checkpoint and an archive.
async fn chatter(house: &House, store: &Store) {
    let archived = || !within(&house.options.archive).is_empty();
    for number in 0..1_000_u64 {
        for owner in [ana(), bo()] {
            let sealed = store.keyring().seal(&owner, SECRET).await.unwrap();
            let txn = store.begin().unwrap();
            let key = Key::room("said")
                .with(u64::from(owner == ana()))
                .with(number);
            txn.put(&key, &Message(sealed)).unwrap();
            store.commit(&txn).await.unwrap();
        }
    }
    eventually("an archive", archived).await;
}

/// What one of them said, as it is stored.
async fn said(store: &Store, who: &Owner) -> Sealed {
    let txn = store.begin().unwrap();
    let key = Key::room("said").with(u64::from(*who == ana())).with(0_u64);
    txn.get::<Message>(&key).await.unwrap().unwrap().0
}

fn is_in(folder: &Path, bytes: &[u8]) -> bool {
    let files = files(folder);
    let mut found = files.iter().map(|path| fs::read(path).unwrap());
    found.any(|file| file.windows(bytes.len()).any(|part| part == bytes))
}

/// The places of the key file: what is in them is what must go.
fn slots(keys: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(keys.join("keys")).unwrap();
    let slots = bytes[2_048..].chunks(128).filter(|slot| slot[0] == 1);
    slots.map(|slot| slot[17..100].to_vec()).collect()
}

fn reads(keyring: &Keyring, sealed: &Sealed) -> bool {
    keyring.open(sealed).as_deref() == Some(SECRET)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_erased_can_be_read_from_nothing_that_is_left() {
    let (house, to) = (House::new(), tempfile::tempdir().unwrap());
    let (first, copies) = (to.path().join("first"), to.path().join("keys"));
    let store = house.open();
    chatter(&house, &store).await;
    let (hers, his) = (said(&store, &ana()).await, said(&store, &bo()).await);
    backup(&house.options, &first).unwrap();
    copy_keys(&house.keys, &copies).unwrap();
    let Some([key_of_ana, key_of_bo]) = slots(&house.keys).first_chunk().cloned() else {
        panic!("two keys")
    };
    // Sealed from the first byte, in everything there is; the keys are apart.
    assert!(!is_in(&house.options.data, SECRET) && !is_in(to.path(), SECRET));
    assert!(!is_in(&first, &key_of_ana) && is_in(&copies, &key_of_ana));

    store.keyring().erase(&ana()).await.unwrap();
    assert!(!is_in(&house.options.data, &key_of_ana));
    assert!(!reads(store.keyring(), &hers) && reads(store.keyring(), &his));
    // Until the next backup the copy of the keys remembers.
    assert!(is_in(&copies, &key_of_ana));
    backup(&house.options, &to.path().join("second")).unwrap();
    copy_keys(&house.keys, &copies).unwrap();
    assert!(!is_in(to.path(), &key_of_ana) && is_in(&copies, &key_of_bo));
    drop(store);

    // The old backup with all the keys there are: everything is there but what she said.
    let again = House::new();
    restore(&first, &again.options, Moment::End).unwrap();
    copy_keys(&copies, &again.keys).unwrap();
    fs::copy(&house.master, &again.master).unwrap();
    let store = again.open();
    assert!(!reads(store.keyring(), &said(&store, &ana()).await));
    assert!(reads(store.keyring(), &said(&store, &bo()).await));
    assert_eq!(said(&store, &ana()).await, hers);
}
