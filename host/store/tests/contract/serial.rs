//! Random transactions against a serial model: whatever was committed must read and leave behind
//! what the same transactions would have, one after the other, in the order of their commits.

use std::collections::BTreeMap;
use std::sync::Arc;

use souk_store::{Bounds, CommitError, Engine, Fit, Key, Page, Store, StoreError, Txn};

use tokio::task::JoinSet;

use crate::common::{Dice, Place, store};

/// Numbers stay between zero and this.
const CEILING: i64 = 20;
const BOUNDS: Bounds = Bounds {
    floor: 0,
    ceiling: CEILING,
};

/// One thing a transaction does. Keys are numbers: few, so that transactions meet.
#[derive(Clone, Debug)]
enum Op {
    Get(u64),
    Scan {
        room: u64,
        after: Option<u64>,
        limit: usize,
        reverse: bool,
    },
    Put(u64),
    Delete(u64),
    Add(u64, i64),
    Number(u64),
    Append(u64),
    Count(u64),
}

/// What a transaction saw with a checked read.
type Seen = Vec<(u64, u64)>;

/// A transaction on its way: what it does, and what it has seen so far.
#[derive(Clone, Debug, Default)]
struct Run {
    ops: Vec<Op>,
    done: usize,
    seen: Vec<Seen>,
    /// Which adds were staged.
    staged: Vec<bool>,
}

/// Everything there is, as a serial execution leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    values: BTreeMap<u64, u64>,
    numbers: BTreeMap<u64, i64>,
    logs: BTreeMap<u64, Vec<u64>>,
}

fn value_key(key: u64) -> Key {
    Key::room("value").with(key / 4).with(key % 4)
}

fn number_key(key: u64) -> Key {
    Key::room("number").with(key)
}

fn log_key(key: u64) -> Key {
    Key::room("log").with(key)
}

/// What a transaction writes depends on all it has seen, so that a stale read leaves a trace.
fn digest(seen: &[Seen], salt: u64) -> u64 {
    let all = seen
        .iter()
        .flatten()
        .flat_map(|(key, value)| [*key, *value]);
    all.fold(salt, |sum, next| {
        (sum ^ next).wrapping_mul(0x0100_0000_01b3).rotate_left(17)
    })
}

fn program(dice: &mut Dice) -> Run {
    let ops = (0..1 + dice.below(6)).map(|_| match dice.below(10) {
        0 | 1 => Op::Get(dice.below(12)),
        2 => Op::Scan {
            room: dice.below(3),
            after: (dice.below(2) == 0).then(|| dice.below(4)),
            limit: usize::try_from(dice.below(4)).unwrap(),
            reverse: dice.below(2) == 0,
        },
        3 | 4 => Op::Put(dice.below(12)),
        5 => Op::Delete(dice.below(12)),
        6 => Op::Add(dice.below(3), i64::try_from(dice.below(15)).unwrap() - 7),
        7 => Op::Number(dice.below(3)),
        8 => Op::Append(dice.below(2)),
        _ => Op::Count(dice.below(2)),
    });
    Run {
        ops: ops.collect(),
        ..Run::default()
    }
}

impl Run {
    /// Does the next thing in a real transaction.
    async fn step(&mut self, txn: &Txn) -> Result<(), StoreError> {
        let op = self.ops[self.done].clone();
        self.done += 1;
        let salt = u64::try_from(self.done).unwrap();
        match op {
            Op::Get(key) => {
                let found = txn.get::<u64>(&value_key(key)).await?;
                self.seen
                    .push(found.into_iter().map(|value| (key, value)).collect());
            }
            Op::Scan {
                room,
                after,
                limit,
                reverse,
            } => {
                let after = after.map(|after| value_key(room * 4 + after));
                let page = Page {
                    after,
                    limit,
                    reverse,
                };
                let prefix = Key::room("value").with(room);
                let found = txn.scan::<u64>(&prefix, page).await?;
                let place = |key: &Key| {
                    let bytes = key.after(&prefix).unwrap();
                    room * 4 + u64::from_be_bytes(bytes.try_into().unwrap())
                };
                self.seen.push(
                    found
                        .iter()
                        .map(|(key, value)| (place(key), *value))
                        .collect(),
                );
            }
            Op::Put(key) => txn.put(&value_key(key), &digest(&self.seen, salt))?,
            Op::Delete(key) => txn.delete(&value_key(key))?,
            Op::Add(key, delta) => {
                let fit = txn.add(&number_key(key), delta, BOUNDS).await?;
                self.staged.push(fit == Fit::Fits);
            }
            Op::Number(key) => {
                let number = txn.number(&number_key(key)).await?;
                self.seen.push(vec![(key, number.cast_unsigned())]);
            }
            Op::Append(key) => txn.append(&log_key(key), &digest(&self.seen, salt))?,
            Op::Count(key) => self.seen.push(vec![(key, txn.count(&log_key(key)).await?)]),
        }
        Ok(())
    }

    /// Does everything in the model, and checks that it sees the same and gets the same places.
    fn replay(&self, model: &mut Model, places: &[u64]) {
        let before = model.clone();
        let (mut seen, mut staged, mut places) = (Vec::new(), self.staged.iter(), places.iter());
        for (done, op) in (1..).zip(&self.ops) {
            match *op {
                Op::Get(key) => {
                    seen.push(
                        model
                            .values
                            .get(&key)
                            .map(|value| (key, *value))
                            .into_iter()
                            .collect(),
                    );
                }
                Op::Scan {
                    room,
                    after,
                    limit,
                    reverse,
                } => {
                    seen.push(model.page(room, after, limit, reverse));
                }
                Op::Put(key) => {
                    model.values.insert(key, digest(&seen, done));
                }
                Op::Delete(key) => {
                    model.values.remove(&key);
                }
                Op::Add(key, delta) => {
                    if *staged.next().unwrap() {
                        let number = model.numbers.entry(key).or_default();
                        *number += delta;
                        assert!((0..=CEILING).contains(number), "{self:?} broke a bound");
                    }
                }
                Op::Number(key) => {
                    let number = model.numbers.get(&key).copied().unwrap_or_default();
                    seen.push(vec![(key, number.cast_unsigned())]);
                }
                Op::Append(key) => {
                    let log = model.logs.entry(key).or_default();
                    assert_eq!(places.next().copied(), u64::try_from(log.len()).ok());
                    log.push(digest(&seen, done));
                }
                Op::Count(key) => {
                    // A transaction does not see its own appends.
                    let count = before.logs.get(&key).map_or(0, Vec::len);
                    seen.push(vec![(key, u64::try_from(count).unwrap())]);
                }
            }
        }
        assert_eq!(seen, self.seen, "{self:?} saw what was not there");
    }
}

impl Model {
    fn page(&self, room: u64, after: Option<u64>, limit: usize, reverse: bool) -> Seen {
        let of_room = self.values.range(room * 4..room * 4 + 4);
        let of_room = of_room.map(|(key, value)| (*key, *value));
        let beyond = move |key: u64| match after.map(|after| room * 4 + after) {
            None => true,
            Some(after) if reverse => key < after,
            Some(after) => key > after,
        };
        let mut found: Seen = of_room.filter(|(key, _)| beyond(*key)).collect();
        if reverse {
            found.reverse();
        }
        found.truncate(limit);
        found
    }

    /// Reads everything from the store.
    async fn read(store: &Store) -> Self {
        let txn = store.begin().unwrap();
        let mut model = Self::default();
        for key in 0..12 {
            let found = txn.get::<u64>(&value_key(key)).await.unwrap();
            model.values.extend(found.map(|value| (key, value)));
        }
        for key in 0..3 {
            model
                .numbers
                .insert(key, txn.number(&number_key(key)).await.unwrap());
        }
        for key in 0..2 {
            let log = txn
                .entries::<u64>(&log_key(key), Page::first(9_999))
                .await
                .unwrap();
            assert!(
                log.iter()
                    .map(|(place, _)| *place)
                    .eq(0..u64::try_from(log.len()).unwrap())
            );
            assert_eq!(
                txn.count(&log_key(key)).await.unwrap(),
                u64::try_from(log.len()).unwrap()
            );
            model
                .logs
                .insert(key, log.into_iter().map(|(_, value)| value).collect());
        }
        model
    }

    fn padded(mut self) -> Self {
        for key in 0..3 {
            self.numbers.entry(key).or_default();
            self.logs.entry(key.min(1)).or_default();
        }
        self
    }
}

/// A run that was committed, in the order of commits; one that only read comes after the commit
/// whose number it was given.
type History = BTreeMap<(u64, u64), (Run, Vec<u64>)>;

fn note(history: &mut History, run: Run, committed: souk_store::Committed) {
    let writes = |op: &Op| matches!(op, Op::Put(_) | Op::Delete(_) | Op::Append(_));
    let wrote = run.ops.iter().any(writes) || run.staged.contains(&true);
    let turn = if wrote {
        0
    } else {
        1 + u64::try_from(history.len()).unwrap()
    };
    let before = history.insert((committed.sequence, turn), (run, committed.places));
    assert!(before.is_none(), "two commits got one number");
}

fn replay(history: History, start: Model) -> Model {
    let mut model = start;
    for (run, places) in history.into_values() {
        run.replay(&mut model, &places);
    }
    model
}

/// Runs transactions in turns, one step of one of them at a time.
pub async fn interleave(place: &Place, seed: u64) {
    let mut dice = Dice::new(seed);
    let engine = place.open();
    let store = store(&engine);
    let start = Model::read(&store).await;
    let (mut history, mut conflicts) = (History::new(), 0);
    let mut open: Vec<(Run, Txn)> = Vec::new();
    for _ in 0..400 {
        if open.len() < 5 {
            open.push((program(&mut dice), store.begin().unwrap()));
        }
        let turn = usize::try_from(dice.below(u64::try_from(open.len()).unwrap())).unwrap();
        let (run, txn) = &mut open[turn];
        if run.done < run.ops.len() {
            run.step(txn).await.unwrap();
            continue;
        }
        let (run, txn) = open.swap_remove(turn);
        match store.commit(&txn).await {
            Ok(committed) => note(&mut history, run, committed),
            Err(CommitError::Conflict) => conflicts += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(
        conflicts > 0 && history.len() > 20,
        "nothing met: {conflicts} conflicts"
    );
    assert_eq!(replay(history, start), Model::read(&store).await.padded());
}

/// Runs transactions on several threads at once.
pub async fn at_once(place: &Place, seed: u64) {
    let engine = place.open();
    let start = Model::read(&store(&engine)).await;
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        tasks.spawn(many(Arc::clone(&engine), seed * 100 + number));
    }
    let mut history = History::new();
    for (run, committed) in tasks.join_all().await.into_iter().flatten() {
        note(&mut history, run, committed);
    }
    assert!(history.len() > 400, "only {} commits", history.len());
    assert_eq!(
        replay(history, start),
        Model::read(&store(&engine)).await.padded()
    );
}

async fn many(engine: Arc<dyn Engine>, seed: u64) -> Vec<(Run, souk_store::Committed)> {
    let (mut dice, store, mut done) = (Dice::new(seed), store(&engine), Vec::new());
    for _ in 0..300 {
        let (mut run, txn) = (program(&mut dice), store.begin().unwrap());
        while run.done < run.ops.len() {
            run.step(&txn).await.unwrap();
            tokio::task::yield_now().await;
        }
        match store.commit(&txn).await {
            Ok(committed) => done.push((run, committed)),
            Err(CommitError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
    done
}
