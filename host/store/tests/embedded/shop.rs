//! A little shop whose books every test can check: what was sold is in a log, a number and a value.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_store::embedded::{Embedded, OpenError, Opened, Options};
use souk_store::{Bounds, CommitError, Engine, Key, Page, Store, StoreError};

use crate::common::{copy, open, store};

/// A store on an embedded engine.
pub struct Shop {
    pub engine: Arc<Embedded>,
    pub store: Store,
    pub opened: Opened,
}

impl Shop {
    pub fn open(options: &Options) -> Self {
        let (engine, opened) = open(options);
        Self::of(engine, opened)
    }

    pub fn of(engine: Embedded, opened: Opened) -> Self {
        let engine = Arc::new(engine);
        let store = store(&(Arc::clone(&engine) as Arc<dyn Engine>));
        Self {
            engine,
            store,
            opened,
        }
    }

    /// Sells once: one commit. Returns its number.
    pub async fn sell(&self, number: u64) -> Result<u64, CommitError> {
        let txn = self.store.begin()?;
        txn.put(&Key::room("sale").with(number), &format!("sale {number}"))?;
        txn.put(&Key::room("last"), &number)?;
        txn.append(&Key::room("sales"), &number)?;
        let _ = txn.add(&Key::room("sold"), 1, Bounds::NONE).await?;
        if let Some(old) = number.checked_sub(10) {
            txn.delete(&Key::room("sale").with(old))?;
        }
        Ok(self.store.commit(&txn).await?.sequence)
    }

    pub async fn sell_all(&self, numbers: std::ops::Range<u64>) {
        for number in numbers {
            let mut sold = self.sell(number).await;
            // A disk that others use much is waited for, as the refusal asks.
            while let Err(CommitError::Store(StoreError::Busy { retry_ms })) = sold {
                tokio::time::sleep(Duration::from_millis(retry_ms)).await;
                sold = self.sell(number).await;
            }
            assert_eq!(sold, Ok(number + 1));
        }
    }

    /// Writes so many keys that were not there, in one commit.
    pub async fn put_keys(&self, count: u64) {
        let txn = self.store.begin().unwrap();
        let from = self.engine.reached().journal;
        for number in 0..count {
            let key = Key::room("many").with(from).with(number);
            txn.put(&key, &number).unwrap();
        }
        self.store.commit(&txn).await.unwrap();
    }

    /// Reads the books, checks that they agree, and returns how many sales there are.
    pub async fn sold(&self) -> u64 {
        let txn = self.store.begin().unwrap();
        let sold = u64::try_from(txn.number(&Key::room("sold")).await.unwrap()).unwrap();
        assert_eq!(txn.count(&Key::room("sales")).await.unwrap(), sold);
        let log = txn
            .entries::<u64>(&Key::room("sales"), Page::first(9_999_999))
            .await
            .unwrap();
        assert!(log.into_iter().eq((0..sold).map(|number| (number, number))));
        let last = txn.get::<u64>(&Key::room("last")).await.unwrap();
        assert_eq!(last, sold.checked_sub(1));
        let page = Page::first(99);
        let sales = txn.scan::<String>(&Key::room("sale"), page).await.unwrap();
        let kept = sold.saturating_sub(10)..sold;
        let kept = kept.map(|number| (Key::room("sale").with(number), format!("sale {number}")));
        assert!(sales.into_iter().eq(kept));
        sold
    }
}

/// Makes a store with so many sales and closes it.
pub async fn shop_with(options: &Options, sales: u64) {
    let shop = Shop::open(options);
    shop.sell_all(0..sales).await;
}

/// Opens a store, checks its books and closes it.
pub async fn sold(options: &Options) -> (u64, Opened) {
    let shop = Shop::open(options);
    (shop.sold().await, shop.opened.clone())
}

/// Opens a store that must not open.
pub fn refused(options: &Options) -> OpenError {
    match Embedded::open(options) {
        Ok((_, opened)) => panic!("it opened: {opened}"),
        Err(error) => error,
    }
}

/// Copies a store, running or not, to another folder: what a crash at this moment leaves.
pub fn crash(options: &Options, folder: &Path) -> Options {
    let data = folder.join("data");
    // The anchor first: what is written behind it must not be missing from the journal.
    let anchor = folder.join("data.anchor");
    fs::copy(&options.anchor, &anchor).unwrap();
    copy(&options.data, &data);
    Options {
        data,
        anchor,
        ..options.clone()
    }
}

/// Options under which checkpoints are made every few segments, and a start reads no more than it
/// must.
pub fn eager(folder: &Path) -> Options {
    Options {
        checkpoint_bytes: 200 << 10,
        checked_bytes: 0,
        checked_keys: 0,
        ..crate::common::options(folder)
    }
}

/// Waits for something that the upkeep does in the background.
pub async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// The files in a folder; none if it is not there.
pub fn within(folder: &Path) -> Vec<std::path::PathBuf> {
    if folder.exists() {
        crate::common::files(folder)
    } else {
        Vec::new()
    }
}

/// The finished checkpoints there are.
pub fn checkpoints(options: &Options) -> Vec<std::path::PathBuf> {
    let mut found = within(&options.checkpoints());
    found.retain(|path| path.extension().is_some_and(|name| name == "checkpoint"));
    found
}

/// The folders of the state's layers.
pub fn layers(options: &Options) -> Vec<String> {
    let names = fs::read_dir(options.state()).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    // Beside them lies the room that is kept for a start.
    names.retain(|name| name.parse::<u64>().is_ok());
    names.sort();
    names
}

/// Makes a store with so many sales and at least one checkpoint, all segments before it archived,
/// and closes it.
pub async fn shop_with_checkpoint(options: &Options, sales: u64) {
    let shop = Shop::open(options);
    shop.sell_all(0..sales).await;
    let archived = || !checkpoints(options).is_empty() && !within(&options.archive).is_empty();
    eventually("a checkpoint", archived).await;
}

/// Sells until there are two checkpoints and an archive, and closes the store when the state rests
/// on the newest. Returns how many sales there are then.
pub async fn shop_with_two_checkpoints(options: &Options) -> u64 {
    let (shop, mut sales) = (Shop::open(options), 0);
    while checkpoints(options).len() < 2 {
        shop.sell_all(sales..sales + 100).await;
        sales += 100;
    }
    eventually("an archive", || within(&options.archive).len() > 2).await;
    eventually("one layer", || layers(options).len() == 1).await;
    sales
}
