//! A store moves between engines, with equal digests, also when it is stopped half-way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use souk_core::Timestamp;
use souk_store::{
    Batch, Bounds, CommitError, Committed, CopyError, Engine, Fit, Key, Range, RawKey, Store,
    StoreError, SurveyError, Versioned, copy, is_whole, survey,
};

use crate::common::{Place, store};

const NOW: Timestamp = Timestamp::from_millis(1);

/// An engine that takes so many commits and then no more.
struct Worn {
    engine: Arc<dyn Engine>,
    left: AtomicU64,
}

#[async_trait]
impl Engine for Worn {
    async fn get(&self, key: &[u8]) -> Result<Option<Versioned>, StoreError> {
        self.engine.get(key).await
    }

    async fn scan(&self, range: &Range) -> Result<Vec<(RawKey, Versioned)>, StoreError> {
        self.engine.scan(range).await
    }

    async fn commit(&self, batch: Batch, now: Timestamp) -> Result<Committed, CommitError> {
        if !batch.is_read_only() && self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(StoreError::Stopped.into());
        }
        self.engine.commit(batch, now).await
    }

    async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        self.engine.durable(sequence).await
    }
}

/// Writes something of every kind, more than one part of a copy holds.
async fn fill(store: &Store) {
    for number in 0..100_u64 {
        let txn = store.begin().unwrap();
        let key = |name: &str| Key::room("test").with(name).with(number % 10);
        let long = "long ".repeat(10_000);
        txn.put(&Key::room("value").with(number), &long).unwrap();
        let fit = txn.add(&key("number"), 5, Bounds::NONE).await.unwrap();
        assert_eq!(fit, Fit::Fits);
        txn.append(&key("log"), &number).unwrap();
        let index = (&key("index").with(number), &souk_store::Place::LATER);
        txn.append_indexed(&key("chain"), &number, index).unwrap();
        store.commit(&txn).await.unwrap();
    }
}

async fn move_through(places: &[Place]) {
    let first = places[0].open();
    fill(&store(&first)).await;
    let original = survey(&*first).await.unwrap();
    assert_eq!(
        (original.cells, original.logs, original.entries),
        (430, 20, 200)
    );
    for pair in places.windows(2) {
        let (from, to) = (pair[0].open(), pair[1].open());
        let [source, target] = copy(&*from, &*to, NOW, |_| {}).await.unwrap();
        assert_eq!((source, target), (original, original));
        let again = copy(&*from, &*to, NOW, |_| {}).await;
        assert!(matches!(again, Err(CopyError::NotEmpty)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_moves_from_engine_to_engine_and_stays_what_it_is() {
    move_through(&[Place::memory(), Place::postgres(), Place::postgres()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_was_cut_short_is_never_whole_and_goes_on() {
    let (from, to) = (Place::memory().open(), Place::postgres().open());
    fill(&store(&from)).await;
    let mut tries = 0;
    loop {
        let worn = Worn {
            engine: Arc::clone(&to),
            left: AtomicU64::new(1),
        };
        match copy(&*from, &worn, NOW, |_| {}).await {
            Ok([source, target]) => {
                assert_eq!(source, target);
                break;
            }
            Err(CopyError::Store(StoreError::Stopped)) => tries += 1,
            Err(error) => panic!("{error}"),
        }
        assert!(!is_whole(&*to).await.unwrap());
        let half = survey(&*to).await;
        assert!(matches!(half, Err(SurveyError::Unfinished)));
    }
    assert!(tries > 1, "it was whole after {tries} cuts");
    assert!(is_whole(&*to).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_copy_of_something_else_is_not_gone_on_with() {
    let (from, to) = (Place::memory().open(), Place::postgres().open());
    fill(&store(&from)).await;
    let worn = Worn {
        engine: Arc::clone(&to),
        left: AtomicU64::new(1),
    };
    assert!(copy(&*from, &worn, NOW, |_| {}).await.is_err());
    fill(&store(&from)).await;
    let refused = copy(&*from, &*to, NOW, |_| {}).await;
    assert!(matches!(refused, Err(CopyError::OtherSource)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_finds_what_was_altered() {
    let engine = Place::postgres().open();
    fill(&store(&engine)).await;
    let whole = survey(&*engine).await.unwrap();
    let alter = async |key: &RawKey, value: Option<Vec<u8>>| {
        let before = engine.get(key).await.unwrap().unwrap().value;
        let write = async |value| {
            let batch = Batch {
                writes: [(key.clone(), value)].into(),
                ..Batch::default()
            };
            engine.commit(batch, NOW).await.unwrap();
        };
        write(value).await;
        let found = survey(&*engine).await;
        write(Some(before)).await;
        assert_eq!(survey(&*engine).await.unwrap(), whole);
        found
    };
    let log = Key::room("test").with("chain").with(3_u64);
    let entry = |place: u64| {
        let length = u32::try_from(log.as_bytes().len()).unwrap().to_be_bytes();
        [b"e", &length[..], log.as_bytes(), &place.to_be_bytes()].concat()
    };
    let missing = alter(&entry(4), None).await;
    assert!(matches!(missing, Err(SurveyError::Log { .. })));
    let altered = alter(&entry(4), Some(vec![7; 40])).await;
    assert!(matches!(altered, Err(SurveyError::Chain { .. })));
    let cut = alter(&entry(9), None).await;
    assert!(matches!(cut, Err(SurveyError::Log { .. })));
    let value = [b"v", Key::room("value").with(3_u64).as_bytes()].concat();
    let other = alter(&value, Some(b"other".to_vec())).await.unwrap();
    assert_ne!(other.digest, whole.digest);
}
