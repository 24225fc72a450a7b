//! Every bound of the host: a name with its unit, a number and a reason.
//!
//! Most significant word first, the unit before `MAX`. Relations between bounds are facts the
//! compiler checks, at the end. What an operator may tighten starts from these.

mod relations;
mod store;

pub use self::store::*;

// WHEN ADDING A BOUND: say in one sentence why it is this number and not another.

// Names and texts.

/// An app id. A reverse domain name may be 253 bytes long; nobody's is half of that.
pub const APP_ID_BYTES_MAX: usize = 128;
/// A person's handle. Fits in one line of a phone beside a time.
pub const HANDLE_CHARS_MAX: usize = 32;
/// A person's handle. One letter is nobody's name and would be fought over.
pub const HANDLE_CHARS_MIN: usize = 2;
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
/// A link in a card. Browsers agree on about so much.
pub const LINK_BYTES_MAX: usize = 2_048;
/// Brackets open at once in a card's JSON: two for each nested element, and room for data.
pub const CARD_JSON_DEPTH_MAX: usize = 64;
/// A width or a height in a card, in pixels. A card must not push the conversation off the screen.
pub const CARD_PIXELS_MAX: u64 = 1_000;
/// The id of an input or a button in a card.
pub const CARD_ID_BYTES_MAX: usize = 64;
/// Members of one chat. A message is told to each.
pub const CHAT_MEMBERS_MAX: usize = 1_000;
/// Chats one person is in. Their list is read whole.
pub const CHATS_MAX: usize = 5_000;
/// Apps that listen in one chat. Each message there is an event of each of them.
pub const LISTENERS_MAX: usize = 8;
/// How long the buttons of what a message said before are honoured: somebody looks at a screen that
/// has not been drawn anew.
pub const REVISION_KEPT_MS: u64 = 24 * 60 * 60 * 1_000;
/// Messages an app may post later to somebody who let it, before they let it again.
pub const PUSH_CREDITS: u64 = 10;
/// How long a push token is good. Who asked to be told of something has the answer by then.
pub const PUSH_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
/// How long a launch token is good. It goes straight to where it is used.
pub const LAUNCH_MS_MAX: u64 = 60_000;
/// What an app may have put into a launch token, to know it again.
pub const LAUNCH_NONCE_BYTES_MAX: usize = 256;
/// What a link may hand to the app it opens. Telegram has the same.
pub const START_PARAMETER_CHARS_MAX: usize = 64;
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
/// What people type to call one. Telegram has the same.
pub const COMMAND_CHARS_MAX: usize = 32;
/// Permissions one manifest asks for: each there is, once.
pub const PERMISSIONS_MAX: usize = 32;
/// Pictures of one app. Phones ask for a handful of sizes.
pub const ICONS_MAX: usize = 16;
/// What people call a version, like 1.2.0-rc.1.
pub const VERSION_NAME_CHARS_MAX: usize = 40;
/// The name of a language. RFC 5646, 4.4.1, calls it enough for all but the strangest.
pub const LANG_BYTES_MAX: usize = 35;
/// Assets in one package. Each is listed before any is looked at.
pub const ASSETS_MAX: usize = 256;
/// One asset. A picture for a card is far smaller.
pub const ASSET_BYTES_MAX: usize = 4 << 20;
/// The name of one asset. Fits in a card's link and in every file system.
pub const ASSET_NAME_BYTES_MAX: usize = 128;
/// Sections of a component's outermost level. A JavaScript guest has about a hundred.
pub const COMPONENT_SECTIONS_MAX: usize = 10_000;
/// How long the compiling of one package may take, the wait for its turn included: its publisher is
/// answered within 20 seconds. A Python guest of 18 MiB takes half of it.
pub const COMPILE_MS_MAX: u64 = 19_000;
/// How long a package waits for its turn before its publisher is asked to try again.
pub const COMPILE_TURN_MS_MAX: u64 = 5_000;
/// What a compiler may take of the machine's memory. A Python guest takes half of it.
pub const COMPILE_MEMORY_BYTES_MAX: u64 = 1 << 30;
/// Compilers at once. Each keeps a core busy; people who wait for an answer need one too.
pub const COMPILES_AT_ONCE_MAX: usize = 1;
/// What a compiled package may come to. A Python guest's comes to 60 MiB.
pub const ARTIFACT_BYTES_MAX: usize = 256 << 20;
/// Compiled packages kept in memory. A thousand Rust guests fit; beyond that, the one that was not
/// used for longest is loaded again when it is.
pub const SHELF_BYTES_MAX: usize = 512 << 20;

// One invocation.

/// Inputs an app may point at in one answer. Nobody mends more at once.
pub const FIELD_ERRORS_MAX: usize = 100;
/// One run of a guest. Long enough for a slow guest language; short enough that a chat feels alive.
pub const RUN_MS_MAX: u64 = 2_000;
/// The clock that enforces it. A run is cut at most one tick late, and gives up its thread at each:
/// dozens that never end on one core still leave each other within 20 ms.
pub const EPOCH_TICK_MS: u64 = 2;
/// A run that has computed for longer goes on with the lowest priority: it is not one that people
/// feel the host by. A Rust guest takes a hundredth of it, a Python guest half.
pub const RUN_BRISK_MS: u64 = 5;
/// All memories and tables of one run together.
pub const RUN_MEMORY_BYTES_MAX: usize = 64 << 20;
/// Runs at once. Two cores keep far fewer busy; the rest wait for a commit.
pub const RUNS_AT_ONCE_MAX: usize = 64;
/// Runs of one app at once; the next one waits. Apps whose runs never end take a quarter of the
/// places each, and leave the rest to others.
pub const APP_RUNS_AT_ONCE_MAX: usize = 16;
/// Engines, of which each core has one as long as there are enough. An app that runs on all of them
/// is in memory as often.
pub const ENGINES_MAX: usize = 8;
/// How long a run waits for others of its app before whoever wants it is asked to try again. In
/// that time a place of an app whose runs end is free a thousand times.
pub const APP_RUN_WAITS_MS_MAX: u64 = 1_000;
/// What the host may give to guests in total.
pub const RUNS_MEMORY_BYTES_MAX: usize = 4 << 30;
/// One run's host calls.
pub const HOST_CALLS_MAX: u64 = 1_000;
/// One run's prints, clock readings and the like. They have no effect; a language runtime that
/// starts makes dozens, a loop around a clock that stands still is caught.
pub const WASI_CALLS_MAX: u64 = 100_000;
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
pub const STORED_SCAN_ENTRIES_MAX: usize = 100;
/// How long a stored value must be allowed to live: less is gone before anybody has pressed.
pub const STORED_TTL_MS_MIN: u64 = 1_000;
/// How long a value with a time to live may live: as far ahead as a timer.
pub const STORED_TTL_MS_MAX: u64 = TIMER_AHEAD_MS_MAX;
/// Expired values of one bucket that are deleted at once. One commit stays small, and the due list
/// goes on to others.
pub const EXPIRED_AT_ONCE_VALUES: usize = 100;
/// Expired values of one bucket are looked for no more often than this.
pub const EXPIRY_SLOT_MS: u64 = 1_000;
/// Entries a scan reads at once: the largest together are what a run may be handed.
pub const STORED_PAGE_ENTRIES: usize = 16;
/// What one bucket holds, keys included. A shop with 100,000 orders keeps a few hundred bytes each.
pub const BUCKET_BYTES_MAX: i64 = 64 << 20;
/// What a counter may say, up and down: 2^53 − 1, as for money.
pub const COUNTER_STEPS_MAX: i64 = (1 << 53) - 1;
/// What one run may write into its storage, keys included. A commit stays small.
pub const RUN_STAGED_BYTES_MAX: usize = 1 << 20;
/// Sheets one run may open. Three can wait; the rest is for those it takes back again.
pub const RUN_ORDERS_MAX: usize = 16;

// Requests to the outside.

/// The name of a host. RFC 1035 allows no more.
pub const HOST_NAME_BYTES_MAX: usize = 253;
/// Origins one manifest names. A shop speaks to a payment desk, a courier and its own backend.
pub const ORIGINS_MAX: usize = 16;
/// The address a request goes to. Servers and proxies agree on about so much.
pub const URL_BYTES_MAX: usize = 2_048;
/// Headers of one request, or of one answer.
pub const HTTP_HEADERS_MAX: usize = 64;
/// All headers of one request together, or of one answer. Most servers take no more.
pub const HTTP_HEADER_BYTES_MAX: usize = 16 << 10;
/// The body of one request, and of one answer: what is kept of it is one stored value.
pub const HTTP_BODY_BYTES_MAX: usize = 48 << 10;
/// How long one answer may take that a run waits for. A run has twice the time.
pub const HTTP_READ_MS_MAX: u64 = 1_000;
/// How long one answer may take that nobody waits for.
pub const HTTP_SEND_MS_MAX: u64 = 10_000;
/// Requests of one app in a minute. A crowd that presses one button causes fewer.
pub const HTTP_REQUESTS_PER_MINUTE_MAX: usize = 120;
/// Requests of one app under way at once: a slow backend of one must not hold up the others.
pub const HTTP_APP_AT_ONCE_REQUESTS_MAX: usize = 8;
/// Requests under way at once. Each has a connection of its own.
pub const HTTP_AT_ONCE_REQUESTS_MAX: usize = 64;
/// Addresses of one host that are tried in turn.
pub const HTTP_ADDRESSES_MAX: usize = 4;
/// What one run may read from outside. One that needs more is slower than people bear.
pub const RUN_READS_MAX: usize = 4;
/// How long a run may wait for answers, all together. The rest of its time is its own.
pub const RUN_READS_MS_MAX: u64 = 1_500;
/// What one run may send to the outside.
pub const RUN_SENDS_MAX: usize = 8;
/// Letters of one app on their way. A backend that is down for an hour is caught up with.
pub const SENDS_WAITING_MAX: i64 = 1_000;
/// How often a request is sent that nobody answers.
pub const SEND_TRIES_MAX: u32 = 5;
/// How long the second try waits; each next one four times as long, the last about an hour.
pub const SEND_RETRY_MS: u64 = 60_000;
/// How long a dispatcher has for one request before another takes it.
pub const SEND_LEASE_MS: u64 = 30_000;
/// Events that may follow from each other through answers from outside: more is a loop.
pub const CHAIN_EVENTS_MAX: u32 = 8;
/// How long an answer is kept for a run that repeats. Whoever has to be asked has answered by then.
pub const READS_KEPT_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

// Configuration.

/// The name of a value its merchant sets.
pub const SETTING_NAME_BYTES_MAX: usize = 64;
/// A value its merchant sets. Keys and certificates fit.
pub const SETTING_BYTES_MAX: usize = 8 << 10;
/// Values of one app. Their list is read whole.
pub const SETTINGS_MAX: i64 = 100;

// Timers.

/// The name of a timer. A word or an id of the app's own.
pub const TIMER_NAME_BYTES_MAX: usize = 64;
/// What a timer brings back. More is kept in storage, under a key that fits here.
pub const TIMER_PAYLOAD_BYTES_MAX: usize = 4 << 10;
/// How far ahead a timer may be set: a year, leap years included.
pub const TIMER_AHEAD_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1_000;
/// How near a timer may be set: an app that winds itself up again keeps the host busy no more than
/// a person who types.
pub const TIMER_AHEAD_MS_MIN: u64 = 1_000;
/// Timers of one app in one chat, or outside of chats. Their list is read whole.
pub const CHAT_TIMERS_MAX: i64 = 100;
/// Timers of one app. A shop with a reminder for every chat of a town.
pub const APP_TIMERS_MAX: i64 = 10_000;
/// Timers one run may set or cancel.
pub const RUN_TIMERS_MAX: usize = 16;

// Orders.

/// A shop's own name of an article. EAN, ISBN and what shops number by hand fit.
pub const ITEM_ID_CHARS_MAX: usize = 64;
/// Lines of one order.
pub const ORDER_LINES_MAX: usize = 100;
/// All texts of one order together. A hundred lines of a hundred letters in any script, nearly.
pub const ORDER_TEXT_BYTES_MAX: usize = 32 << 10;
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
/// How long an approval waits for what its app has to do before it can take its last look: with the
/// look itself, a payer waits for ten seconds at most.
pub const LAST_LOOK_WAITS_MS_MAX: u64 = 8_000;
/// Approvals open for one order: the screens that show one sheet at once.
pub const APPROVALS_OPEN_MAX: usize = 8;

/// How long an authorization stands before it goes back by itself, unless the operator says less.
/// Cards are authorized for as long.
pub const AUTHORIZATION_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1_000;

// The ledger.

/// How long money sent to a person waits to be accepted. A day has a moment for everybody.
pub const GIFT_WAITS_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long after a person has left their keys are deleted once more: what was under way then, a
/// run of an app above all, may have sealed something with a new one.
pub const ERASED_AGAIN_MS: u64 = 60_000;
/// Gifts waiting for one person. Their list is read whole.
pub const GIFTS_WAITING_MAX: usize = 100;
/// What a rail calls a payment, or where it goes to. An IBAN and any chain's address fit well.
pub const REFERENCE_BYTES_MAX: usize = 140;
/// How long a withdrawal may take before somebody has to look at it. Banks close for holidays.
pub const WITHDRAWAL_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1_000;
/// Blocks of the simulated chain that make a payment count. Enough to see it wait.
pub const CHAIN_CONFIRMATIONS: u32 = 3;
/// Payments the simulated chain thinks of at once. It is one stored value.
pub const CHAIN_PAYMENTS_MAX: usize = 500;
/// How long money on its way in waits for room in the wallet before the rail takes it back. A week
/// has time to make room.
pub const ARRIVAL_WAITS_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1_000;
/// How long a rail that could not take a step waits before it tries again. A person who has made
/// room looks again after a minute.
pub const RAIL_AGAIN_MS: u64 = 60 * 1_000;
/// How long a block of the simulated chain takes unless the operator says otherwise: three of them
/// are watched without boredom.
pub const CHAIN_BLOCK_MS_DEFAULT: u64 = 5 * 1_000;
/// Blocks an operator mines, or takes off, at once. The chain thinks of fewer.
pub const CHAIN_BLOCKS_MAX: u64 = 20;
/// How long an app's takings wait for refunds before they are its merchant's, unless the operator
/// says otherwise. Most of what goes back goes back within a week.
pub const SETTLEMENT_WAITS_MS_DEFAULT: u64 = 7 * 24 * 60 * 60 * 1_000;
/// How often takings are settled at most: reading what is young costs what was sold meanwhile.
pub const SETTLEMENT_EVERY_MS_MAX: u64 = 60 * 60 * 1_000;
/// How often takings are settled at least. A development host settles while one looks on.
pub const SETTLEMENT_EVERY_MS_MIN: u64 = 1_000;
/// Lines of one statement. A busy year of a person; a shop asks by the day.
pub const STATEMENT_LINES_MAX: usize = 10_000;
/// How much later than it began a transaction may commit, at the most generous.
pub const STATEMENT_SLACK_MS: u64 = 60 * 60 * 1_000;
/// Faults an audit lists. The first already says that something is wrong; the rest say where.
pub const AUDIT_FAULTS_MAX: usize = 100;

// Events.

/// Events waiting in one lane.
pub const LANE_EVENTS_MAX: u64 = 1_000;
/// How often an app may ask to have one event again (`retry`) before it is given up.
pub const EVENT_TRIES_MAX: u32 = 5;
/// How long the first repetition waits; each next one twice as long.
pub const EVENT_RETRY_MS: u64 = 500;
/// How long an app may have a repetition wait at most. A limit of a day is whole again by then.
pub const EVENT_RETRY_AFTER_MS_MAX: u64 = 24 * 60 * 60 * 1_000;
/// Events of one app that are set aside because it keeps failing; more are dropped.
pub const FAILED_EVENTS_MAX: i64 = 1_000;
/// How long what is due waits when its lane is full. Others that are due go first meanwhile.
pub const DUE_BUSY_MS: u64 = 5_000;
/// How long a dispatcher holds a lane without saying so again. Also how long a crash holds it up.
pub const LEASE_MS: u64 = 2_000;

// Traces.

/// The trace of one run: all that a run may be handed, and what it takes to tell of its calls.
pub const TRACE_BYTES_MAX: usize = (1 << 20) + (1 << 18);
/// What a guest said in one call, in full. Of what is longer, a digest tells whether it is the
/// same.
pub const TRACE_GIVEN_WHOLE_BYTES_MAX: usize = 4 << 10;
/// What it said in all of them, in full.
pub const TRACE_GIVEN_BYTES_MAX: usize = 24 << 10;

/// Traces of one app that ended well, and as many that did not: about two weeks of a small shop.
pub const TRACES_OF_APP_DEFAULT: usize = 1_000;
/// How long traces are kept. Long enough for a merchant who looks once a week.
pub const TRACE_KEPT_MS_DEFAULT: u64 = 14 * 24 * 60 * 60 * 1_000;
/// How soon after a run that ended well the next one of its app is kept. All are recorded; writing
/// this many costs nothing that anybody feels.
pub const TRACE_OK_EVERY_MS: u64 = 100;
/// A file of traces; an app has at most four.
pub const TRACE_FILE_BYTES_MAX: usize = 16 << 20;
/// Traces that wait to be written; more are dropped.
pub const TRACES_WAITING_MAX: usize = 32;

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
/// Passwords hashed at once: each takes 19 MiB and most of a core.
pub const HASHINGS_AT_ONCE_MAX: usize = 4;
/// How long a session lasts.
pub const SESSION_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1_000;
/// Sessions of one person. Nobody has more browsers; the oldest gives way.
pub const SESSIONS_MAX: usize = 100;
/// Bearer tokens of one person. One for each program, and the list is read whole.
pub const TOKENS_MAX: usize = 100;
/// Events that wait for one answer about what an app may know. A person asks a shop less often
/// before they answer it.
pub const QUESTION_EVENTS_MAX: usize = 16;

/// How far ahead a budget may end. What was spent on each day of it is added up at an approval.
pub const BUDGET_DAYS_MAX: u64 = 31;
/// Lines of a person's activity that are looked through for when an app used what last.
pub const USED_LAST_ENTRIES: usize = 1_000;
