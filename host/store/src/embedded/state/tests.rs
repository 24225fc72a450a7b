//! What lies on disk in blocks reads as if it did not.

use std::collections::BTreeMap;

use tempfile::TempDir;

use super::*;
use crate::apply::entry_key;
use crate::disk::Durable;
use crate::embedded::checkpoint::record::Part;
use crate::embedded::checkpoint::writer::Writer;

/// Writes with the commit that made them, in the order of their keys.
type Written = Vec<(RawKey, u64, Option<Vec<u8>>)>;

const LOGS: [&[u8]; 3] = [b"a", b"bb", b"b"];

/// Small numbers in no order.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 7_u64;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % below
    }
}

/// Tables as a follower gets them: logs go on where they ended, and some values change.
fn tables(count: usize) -> Vec<Written> {
    let (mut next, mut version) = (numbers(), 0);
    let mut places = [0; LOGS.len()];
    let mut table = || {
        let mut writes = BTreeMap::new();
        version += 1;
        for (log, place) in LOGS.iter().zip(&mut places) {
            for _ in 0..next(40) {
                writes.insert(entry_key(log, *place), Some(vec![9; next(400)]));
                *place += 1;
            }
        }
        let value = (next(3) > 0).then(|| vec![8; next(50)]);
        writes.insert(format!("v{}", next(5)).into_bytes(), value);
        let writes = writes.into_iter();
        writes.map(|(key, value)| (key, version, value)).collect()
    };
    (0..count).map(|_| table()).collect()
}

fn apply(state: &State, table: &[(RawKey, u64, Option<Vec<u8>>)]) {
    let writes = table.iter();
    let writes = writes.map(|(key, version, value)| (key, *version, value.as_deref()));
    state.apply(writes, &mut Census::default()).unwrap();
}

fn all(state: &State) -> Vec<(RawKey, Versioned)> {
    let found = state.scan(&Range::from(RawKey::new())).unwrap();
    found.map(Result::unwrap).collect()
}

/// What there should be.
fn model(tables: &[Written]) -> BTreeMap<RawKey, Versioned> {
    let mut model = BTreeMap::new();
    for (key, version, value) in tables.iter().flatten() {
        match value.clone() {
            Some(value) => {
                let version = *version;
                model.insert(key.clone(), Versioned { version, value });
            }
            None => drop(model.remove(key)),
        }
    }
    model
}

fn options(folder: &TempDir) -> Options {
    let options = Options::at(folder.path());
    fs::create_dir_all(options.checkpoints()).unwrap();
    options
}

fn applied(sequence: u64) -> Applied {
    Applied {
        store: [7; 16],
        sequence,
        tally: Tally::default(),
    }
}

/// Applies tables and says so.
fn follow(state: &State, tables: &[Written]) {
    for table in tables {
        apply(state, table);
        state.set_applied(&applied(table[0].1)).unwrap();
    }
}

/// Makes the checkpoint of what so many tables give.
fn checkpoint(options: &Options, tables: &[Written]) -> Head {
    let mut head = Head::genesis([7; 16]);
    head.stamp.sequence = tables.len().try_into().unwrap();
    let path = options.checkpoints_of([7; 16]).path(head.stamp.sequence);
    let mut writer = Writer::create(&Durable, &path, &head).unwrap();
    for (key, found) in model(tables) {
        let entry = Part {
            key: &key,
            version: found.version,
            value: Some(&found.value),
        };
        writer.push(&entry).unwrap();
    }
    writer.finish().unwrap();
    head
}

/// What some tables wrote, the newest of each key.
fn late(tables: &[Written]) -> Writes {
    let all = tables.iter().flatten().cloned();
    all.map(|(key, version, value)| (key, (version, value)))
        .collect()
}

/// Reads ranges in no order, and every key.
fn compare(state: &State, tables: &[Written]) {
    let (model, mut next) = (model(tables), numbers());
    let mut ends: Vec<RawKey> = model.keys().cloned().collect();
    ends.extend(model.keys().map(|key| [key, &[0][..]].concat()));
    ends.extend([
        vec![],
        vec![u8::MAX],
        b"e".to_vec(),
        entry_key(b"bb", 9_999),
    ]);
    for _ in 0..1_000 {
        let range = Range {
            start: ends[next(ends.len())].clone(),
            end: ends[next(ends.len())].clone(),
            limit: 5,
            reverse: next(2) == 0,
        };
        let found = state.scan(&range).unwrap().take(5).map(Result::unwrap);
        let within = range.start < range.end;
        let due = within.then(|| model.range(range.start.clone()..range.end.clone()));
        let due = due.into_iter().flatten();
        let due = due.map(|(key, versioned)| (key.clone(), versioned.clone()));
        let due: Vec<_> = if range.reverse {
            due.rev().take(5).collect()
        } else {
            due.take(5).collect()
        };
        assert_eq!(found.collect::<Vec<_>>(), due, "{range:?}");
    }
    for (key, versioned) in &model {
        assert_eq!(state.get(key).unwrap().as_ref(), Some(versioned));
    }
    for key in (0..5).map(|number| format!("v{number}").into_bytes()) {
        assert_eq!(state.get(&key).unwrap().as_ref(), model.get(&key));
    }
    assert_eq!(state.get(&entry_key(b"bb", 9_999)).unwrap(), None);
}

#[test]
fn every_range_is_read_as_it_was_written() {
    let (folder, tables) = (tempfile::tempdir().unwrap(), tables(30));
    let state = State::open(&options(&folder)).unwrap();
    follow(&state, &tables);
    let keys = state.layers().active.sled.with(|db| Ok(db.len())).unwrap();
    let model = model(&tables);
    assert!(keys * 3 < model.len(), "{keys}");
    compare(&state, &tables);
}

#[test]
fn nobody_can_tell_in_which_layer_a_value_lies() {
    let (folder, tables) = (tempfile::tempdir().unwrap(), tables(60));
    let options = options(&folder);
    let mut state = State::open(&options).unwrap();
    for (round, from) in [(1, 0), (2, 30)] {
        follow(&state, &tables[from..from + 20]);
        // The segment that is whole ends with the 15th table, and the state has five more.
        let floor = from + 15;
        let tail = late(&tables[floor..from + 20]);
        state
            .turn(&tail, floor.try_into().unwrap(), &Durable)
            .unwrap();
        compare(&state, &tables[..from + 20]);
        drop(state);
        state = State::open(&options).unwrap();
        follow(&state, &tables[from + 20..from + 25]);
        compare(&state, &tables[..from + 25]);
        let early = checkpoint(&options, &tables[..floor - 1]);
        state.rest_on(&early, &Durable).unwrap();
        assert!(state.waits_for().is_some(), "it lacks a table");
        let ahead = checkpoint(&options, &tables[..from + 26]);
        state.rest_on(&ahead, &Durable).unwrap();
        assert!(state.waits_for().is_some(), "it would hide a table");
        let head = checkpoint(&options, &tables[..floor]);
        state.rest_on(&head, &Durable).unwrap();
        assert_eq!(
            (state.waits_for(), state.rests_on()),
            (None, head.stamp.sequence)
        );
        compare(&state, &tables[..from + 25]);
        drop(state);
        state = State::open(&options).unwrap();
        follow(&state, &tables[from + 25..from + 30]);
        compare(&state, &tables[..from + 30]);
        assert_eq!(layers::numbers(&options.state()).unwrap(), [round + 1]);
    }
}

#[test]
fn blocks_of_a_follower_that_was_interrupted_are_written_over() {
    let (folder, tables) = (tempfile::tempdir().unwrap(), tables(20));
    let state = State::open(&options(&folder)).unwrap();
    // All of it arrived, but the state says that it ends with the fifth table: the rest is
    // replayed, in other portions.
    tables.iter().for_each(|table| apply(&state, table));
    let rest = model(&tables[5..]);
    let mut rest: Vec<_> = rest
        .into_iter()
        .map(|(key, one)| (key, one.version, Some(one.value)))
        .collect();
    rest.sort_by_key(|(_, version, _)| *version);
    for portion in rest.chunks(97) {
        let mut portion = portion.to_vec();
        portion.sort();
        apply(&state, &portion);
    }
    let due: Vec<_> = model(&tables).into_iter().collect();
    assert_eq!(all(&state), due);
    assert_eq!(state.tally().unwrap().1, 20);
}
