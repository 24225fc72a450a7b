//! Every bound of the host: a name with its unit, a number and a reason.
//!
//! Most significant word first, the unit before `MAX`. Relations between bounds are facts the
//! compiler checks, at the end. What an operator may tighten starts from these.

// WHEN ADDING A BOUND: say in one sentence why it is this number and not another.

// Names and texts.

/// An app id. A reverse domain name may be 253 bytes long; nobody's is half of that.
pub const APP_ID_BYTES_MAX: usize = 128;
/// A person's handle. Fits in one line of a phone beside a time.
pub const HANDLE_CHARS_MAX: usize = 32;
/// A person's or a chat's display name.
pub const NAME_CHARS_MAX: usize = 80;
/// A password. Argon2 reads all of it; longer ones only cost time.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// A password. NIST SP 800-63B, 3.1.1.2.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Text an app supplies for a host-drawn sheet or notice: three lines on a phone.
pub const QUOTED_CHARS_MAX: usize = 200;
/// The text of one message.
pub const MESSAGE_BYTES_MAX: usize = 16 << 10;
/// One Adaptive Card. Teams allows 28 KiB.
pub const CARD_BYTES_MAX: usize = 28 << 10;
/// Elements nested in one card. The renderer and the checks recurse.
pub const CARD_DEPTH_MAX: usize = 16;
/// Inputs sent with one action.
pub const INPUTS_BYTES_MAX: usize = 16 << 10;
/// Members of one chat. A message is told to each.
pub const CHAT_MEMBERS_MAX: usize = 1_000;
/// Entries in one page of a list.
pub const PAGE_ENTRIES_MAX: usize = 200;
/// Entries in one page of a list when the caller does not say.
pub const PAGE_ENTRIES_DEFAULT: usize = 50;

// Packages.

/// One package. Python guests are 18 MiB.
pub const PACKAGE_BYTES_MAX: usize = 32 << 20;
/// The manifest inside it.
pub const MANIFEST_BYTES_MAX: usize = 64 << 10;
/// Commands of one app. Telegram allows 100 and nobody reads them.
pub const COMMANDS_MAX: usize = 32;

// One invocation.

/// One run of a guest. Long enough for a slow guest language; short enough that a chat feels alive.
pub const RUN_MS_MAX: u64 = 2_000;
/// The clock that enforces it. A run is cut at most one tick late.
pub const EPOCH_TICK_MS: u64 = 10;
/// All memories and tables of one run together.
pub const RUN_MEMORY_BYTES_MAX: usize = 64 << 20;
/// Runs at once. Two cores keep far fewer busy; the rest wait for a commit.
pub const RUNS_AT_ONCE_MAX: usize = 64;
/// What the host may give to guests in total.
pub const RUNS_MEMORY_BYTES_MAX: usize = 4 << 30;
/// One run's host calls.
pub const HOST_CALLS_MAX: u64 = 1_000;
/// What one host call may bring in.
pub const HOST_CALL_BYTES_MAX: usize = 1 << 20;
/// What one host call about money may bring in. A thousand order lines fit.
pub const MONEY_CALL_BYTES_MAX: usize = 256 << 10;
/// What all host calls of one run may hand to the guest. A trace stays below 1.25 MiB.
pub const RUN_ANSWER_BYTES_MAX: usize = 1 << 20;
/// Handles a run holds at once.
pub const HANDLES_MAX: usize = 1_000;
/// What a run may print.
pub const LOG_BYTES_MAX: usize = 64 << 10;
/// How often a run that saw stale data starts again before the person is asked to retry.
pub const STALE_RUNS_MAX: u32 = 16;

// Effects.

/// Messages one run may post. A run answers one event; more is a flood.
pub const RUN_MESSAGES_MAX: usize = 16;
/// One stored value. sled is kept free of large values.
pub const STORED_VALUE_BYTES_MAX: usize = 64 << 10;
/// One stored key.
pub const STORED_KEY_BYTES_MAX: usize = 512;
/// Entries of one storage scan.
pub const STORED_SCAN_MAX: usize = 100;

// Orders.

/// Lines of one order.
pub const ORDER_LINES_MAX: usize = 100;
/// How long an order waits when the app does not say.
pub const ORDER_WAITS_MS_DEFAULT: u64 = 2 * 60 * 60 * 1_000;
/// How long an order may wait.
pub const ORDER_WAITS_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1_000;
/// How long an order must be allowed to wait: less is gone before a person has read it.
pub const ORDER_WAITS_MS_MIN: u64 = 1_000;
/// Sheets of one app waiting for one person.
pub const SHEETS_WAITING_MAX: usize = 3;
/// How long an approval's nonce is good. A person reads a sheet in less.
pub const APPROVAL_MS_MAX: u64 = 10 * 60 * 1_000;

// Events.

/// How deep a chain of events may go: an event whose app causes an event whose app …
pub const EVENT_DEPTH_MAX: u8 = 8;
/// Events waiting in one lane.
pub const LANE_EVENTS_MAX: u64 = 1_000;
/// How often an app may ask to have one event again (`retry`) before it is given up.
pub const EVENT_TRIES_MAX: u32 = 5;
/// How long a dispatcher holds a lane without saying so again. Also how long a crash holds it up.
pub const LEASE_MS: u64 = 2_000;
/// How long the buttons of an older revision of a card are honoured.
pub const OLD_BUTTONS_MS: u64 = 24 * 60 * 60 * 1_000;

// The edge.

/// A request's headers must be in by then.
pub const HEADER_READ_MS_MAX: u64 = 5_000;
/// A request's body must be in by then.
pub const BODY_READ_MS_MAX: u64 = 10_000;
/// A JSON body.
pub const BODY_BYTES_MAX: usize = 256 << 10;
/// Connections at once.
pub const CONNECTIONS_MAX: usize = 16_384;
/// How long a shutdown waits for requests under way.
pub const SHUTDOWN_MS_MAX: u64 = 5_000;
/// How long the answer to an idempotency key is kept (Stripe keeps 24 h).
pub const KEY_KEPT_MS: u64 = 72 * 60 * 60 * 1_000;
/// An idempotency key.
pub const KEY_BYTES_MAX: usize = 200;
/// How long a session lasts.
pub const SESSION_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1_000;

const _: () = assert!(20 * EPOCH_TICK_MS <= RUN_MS_MAX);
const _: () = assert!(RUNS_AT_ONCE_MAX * RUN_MEMORY_BYTES_MAX <= RUNS_MEMORY_BYTES_MAX);
const _: () = assert!(MONEY_CALL_BYTES_MAX <= HOST_CALL_BYTES_MAX);
const _: () = assert!(STORED_VALUE_BYTES_MAX <= HOST_CALL_BYTES_MAX);
const _: () = assert!(CARD_BYTES_MAX <= STORED_VALUE_BYTES_MAX);
const _: () = assert!(PAGE_ENTRIES_DEFAULT <= PAGE_ENTRIES_MAX);
const _: () = assert!(ORDER_WAITS_MS_DEFAULT <= ORDER_WAITS_MS_MAX);
const _: () = assert!(MANIFEST_BYTES_MAX <= PACKAGE_BYTES_MAX);
