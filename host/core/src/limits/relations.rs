//! How the bounds relate to each other: what does not hold does not compile.

use super::*;

const _: () = assert!(20 * EPOCH_TICK_MS <= RUN_MS_MAX);
/// A call of a trace beside what was said and answered: its name, a digest, lengths.
const TRACE_CALL_BYTES_MAX: usize = 100;
/// What a run was told: the answer from outside, at most.
const TRACE_EVENT_BYTES_MAX: usize = HTTP_BODY_BYTES_MAX + HTTP_HEADER_BYTES_MAX;
const _: () = assert!(
    RUN_ANSWER_BYTES_MAX
        + HOST_CALLS_MAX as usize * TRACE_CALL_BYTES_MAX
        + TRACE_GIVEN_BYTES_MAX
        + TRACE_EVENT_BYTES_MAX
        + LOG_BYTES_MAX
        <= TRACE_BYTES_MAX
);
const _: () = assert!(2 * EPOCH_TICK_MS <= RUN_BRISK_MS && RUN_BRISK_MS < RUN_MS_MAX);
const _: () = assert!(APP_RUNS_AT_ONCE_MAX * 2 <= RUNS_AT_ONCE_MAX);
const _: () = assert!(APP_RUN_WAITS_MS_MAX <= RUN_MS_MAX);
const _: () = assert!(RUNS_AT_ONCE_MAX * RUN_MEMORY_BYTES_MAX <= RUNS_MEMORY_BYTES_MAX);
const _: () = assert!(MONEY_CALL_BYTES_MAX <= HOST_CALL_BYTES_MAX);
const _: () = assert!(STORED_VALUE_BYTES_MAX <= HOST_CALL_BYTES_MAX);
const _: () = assert!(CARD_BYTES_MAX <= STORED_VALUE_BYTES_MAX);
const _: () = assert!(CARD_BYTES_MAX + MESSAGE_BYTES_MAX <= STORED_VALUE_BYTES_MAX);
const _: () = assert!(2 * CARD_DEPTH_MAX < CARD_JSON_DEPTH_MAX);
const _: () = assert!(HANDLE_CHARS_MIN <= HANDLE_CHARS_MAX);
const _: () = assert!(PAGE_ENTRIES_DEFAULT <= PAGE_ENTRIES_MAX);
const _: () = assert!(ORDER_WAITS_MS_DEFAULT <= ORDER_WAITS_MS_MAX);
const _: () = assert!(ORDER_TEXT_BYTES_MAX <= STORED_VALUE_BYTES_MAX / 2);
const _: () = assert!(MANIFEST_BYTES_MAX <= PACKAGE_BYTES_MAX);
const _: () = assert!(ASSET_BYTES_MAX <= PACKAGE_BYTES_MAX);
const _: () = assert!(ASSETS_MAX < COMPONENT_SECTIONS_MAX);
const _: () = assert!(2 * COMPILE_TURN_MS_MAX < COMPILE_MS_MAX);
const _: () = assert!(PACKAGE_BYTES_MAX < ARTIFACT_BYTES_MAX);
const _: () = assert!(ARTIFACT_BYTES_MAX <= SHELF_BYTES_MAX);
const _: () = assert!(ARTIFACT_BYTES_MAX as u64 <= COMPILE_MEMORY_BYTES_MAX);
const _: () = assert!(VALUE_BYTES_MAX < RECORD_BYTES_MAX);
const _: () = assert!(RECORD_BYTES_MAX < COMMITS_WAITING_BYTES_MAX);
const _: () =
    assert!((RECORD_BYTES_MAX as u64) < SEGMENT_BYTES && SEGMENT_GROWTH_BYTES < SEGMENT_BYTES);
const _: () = assert!(COMMIT_SILENT_MS_MAX < DATABASE_ANSWER_MS_MAX);
const _: () = assert!(DATABASE_ANSWER_MS_MAX < OUTCOME_WAITS_MS_MAX);
const _: () = assert!(2 * OUTCOME_WAITS_MS_MAX < GROUP_KEPT_MS);
const _: () = assert!(SEGMENT_BYTES <= CHECKPOINT_BYTES_MIN && UPKEEP_MS < SCRUB_MS);
const _: () = assert!(STORED_PAGE_ENTRIES * STORED_VALUE_BYTES_MAX <= RUN_ANSWER_BYTES_MAX);
const _: () = assert!(SHEETS_WAITING_MAX <= RUN_ORDERS_MAX);
const _: () = assert!(TIMER_AHEAD_MS_MIN < TIMER_AHEAD_MS_MAX && CHAT_TIMERS_MAX <= APP_TIMERS_MAX);
const _: () = assert!(HTTP_BODY_BYTES_MAX + HTTP_HEADER_BYTES_MAX <= STORED_VALUE_BYTES_MAX);
const _: () =
    assert!(RUN_READS_MAX * (HTTP_BODY_BYTES_MAX + HTTP_HEADER_BYTES_MAX) <= RUN_ANSWER_BYTES_MAX);
const _: () = assert!(HTTP_READ_MS_MAX <= RUN_READS_MS_MAX && RUN_READS_MS_MAX < RUN_MS_MAX);
const _: () = assert!(HTTP_SEND_MS_MAX < SEND_LEASE_MS);
const _: () = assert!(HTTP_APP_AT_ONCE_REQUESTS_MAX <= HTTP_AT_ONCE_REQUESTS_MAX);
const RUN_MESSAGE_BYTES_MAX: usize = RUN_MESSAGES_MAX * (MESSAGE_BYTES_MAX + CARD_BYTES_MAX);
const RUN_ORDER_BYTES_MAX: usize = RUN_ORDERS_MAX * ORDER_LINES_MAX * QUOTED_CHARS_MAX * 4;
const _: () = assert!(
    RUN_STAGED_BYTES_MAX + 2 * RUN_MESSAGE_BYTES_MAX + RUN_ORDER_BYTES_MAX <= RECORD_BYTES_MAX
);
