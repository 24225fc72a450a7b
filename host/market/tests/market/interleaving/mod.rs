//! Two runs of one app at the same moment, in every order that their steps can come in: they are as
//! if one came after the other. Without the check of what was read they are not.
//!
//! A step is what a run does with the store that the other can notice: a read of what both use, and
//! the commit. What lies between two of them is the run's own, so that nothing is left out.

mod raffle;
mod stepping;

use std::collections::BTreeSet;

use raffle::{Deed, Drawn, Raffle};
use stepping::{RUNS, Step};

/// Every order in which the steps of both runs can come.
fn orders(steps: [usize; RUNS]) -> Vec<Vec<Step>> {
    let all: usize = steps.iter().sum();
    let places = 0..1_u32 << all;
    let of_first = places.filter(|places| places.count_ones() as usize == steps[0]);
    let order = |places: u32| {
        (0..all)
            .map(|at| usize::from(places >> at & 1 == 0))
            .collect()
    };
    of_first.map(order).collect()
}

/// What came of it.
#[derive(Default)]
struct Came {
    /// What comes of one after the other, too.
    serial: BTreeSet<[Drawn; RUNS]>,
    torn: BTreeSet<[Drawn; RUNS]>,
}

/// Has two people do it at once in every order.
async fn drawn(raffle: &Raffle, prizes: u64) -> Came {
    let serial = raffle.serial(prizes).await;
    assert_ne!(serial[0], serial[1], "it makes a difference who is first");
    let steps = raffle.steps().await;
    assert!(steps.iter().all(|steps| *steps >= 3), "{steps:?}");
    let mut came = Came::default();
    for order in orders(steps) {
        let drawn = raffle.draw(prizes, order).await;
        let of = if serial.contains(&drawn) {
            &mut came.serial
        } else {
            &mut came.torn
        };
        of.insert(drawn);
    }
    came
}

async fn is_serial(deed: Deed) {
    let raffle = Raffle::open(deed, true).await;
    for prizes in [1, 2] {
        let came = drawn(&raffle, prizes).await;
        assert_eq!(came.torn, BTreeSet::new(), "{prizes}");
        assert_eq!(came.serial.len(), RUNS, "each is first in some order");
    }
    raffle.balances().await;
}

#[tokio::test]
async fn two_runs_are_as_if_one_came_after_the_other() {
    is_serial(Deed::Draw).await;
}

#[tokio::test]
async fn two_last_looks_and_their_payments_are_too() {
    is_serial(Deed::Buy).await;
}

#[tokio::test]
async fn without_the_check_of_what_was_read_they_are_not() {
    for deed in [Deed::Draw, Deed::Buy] {
        let raffle = Raffle::open(deed, false).await;
        assert_ne!(drawn(&raffle, 1).await.torn, BTreeSet::new(), "{deed:?}");
    }
}
