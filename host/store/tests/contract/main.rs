//! The contract every engine is held to: one suite, run on each.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "test helpers, shared by several files"
)]

mod cases;
#[path = "../common/mod.rs"]
mod common;
mod serial;

use common::Place;

macro_rules! contract {
    ($($case:ident)*) => {
        mod memory {
            $( #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::cases::$case(&super::Place::memory()).await;
            } )*
        }
        mod embedded {
            $( #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::cases::$case(&super::Place::embedded()).await;
            } )*
        }
        mod postgres {
            $( #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::cases::$case(&super::Place::postgres()).await;
            } )*
        }
        /// A case that is not listed would never run.
        #[test]
        fn every_case_is_listed() {
            let cases = include_str!("cases.rs").matches("\npub async fn ").count();
            assert_eq!(cases, [$(stringify!($case)),*].len());
        }
    };
}

contract! {
    what_was_put_is_read_until_it_is_deleted
    nobody_sees_what_is_not_committed
    a_value_that_changed_after_it_was_read_is_a_conflict
    a_value_that_appeared_after_it_was_missed_is_a_conflict
    a_range_that_changed_after_it_was_read_is_a_conflict
    what_lies_beyond_the_page_is_no_conflict
    a_peek_is_never_a_conflict
    a_key_that_is_read_again_is_what_it_was_at_first
    appends_never_conflict_and_get_their_places_in_commit_order
    a_count_that_changed_is_a_conflict
    chained_entries_carry_a_hash_over_all_before_them
    logs_with_similar_names_are_kept_apart
    adds_never_conflict_and_stay_within_their_bounds
    an_add_that_fits_no_more_applies_nothing_of_its_batch
    a_number_that_changed_after_it_was_read_is_a_conflict
    scans_go_in_pages_and_both_ways_and_include_own_writes
    a_batch_is_applied_whole
    a_read_only_commit_is_checked_too
    commit_time_never_goes_back
    an_error_answered_on_stale_data_is_run_again
    everything_is_still_there_after_opening_again
    whatever_is_interleaved_is_as_if_it_had_been_one_after_the_other
    whatever_runs_at_once_is_as_if_it_had_been_one_after_the_other
}
