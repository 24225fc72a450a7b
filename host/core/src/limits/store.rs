//! The bounds of the store: journal, state and upkeep, and its tables on PostgreSQL.

use super::*;

/// One file of the journal. Few enough for years of a busy shop, small enough to copy one at a
/// time.
pub const SEGMENT_BYTES: u64 = 64 << 20;
/// Room in the journal is allocated in pieces of this size, ahead of need: some 10,000 payments.
pub const SEGMENT_GROWTH_BYTES: u64 = 4 << 20;
/// One transaction in the journal. A run's messages, orders and stored values fit many times over.
pub const RECORD_BYTES_MAX: usize = 8 << 20;
/// One value of the store: the largest that an app may keep, sealed, with what the host writes
/// beside it. sled is kept free of larger ones; those are blobs.
pub const VALUE_BYTES_MAX: usize = STORED_VALUE_BYTES_MAX + (8 << 10);
/// Commits that wait for the journal. More than a disk takes in a second is more than it will bear.
pub const COMMITS_WAITING_BYTES_MAX: usize = 32 << 20;
/// Keys written lately that the state on disk does not have yet: about half a second of its work.
pub const RECENT_KEYS_MAX: usize = 200_000;
/// How often a commit looks up on disk what it needs before it does so while all others wait. One
/// look is the rule; a second one follows where the state on disk went on meanwhile.
pub const COMMIT_LOOKS_MAX: u32 = 3;
/// With so many keys written the state on disk is given them before their time: it takes in as many
/// in a tenth of a second.
pub const RECENT_KEYS_RIPE: usize = 25_000;
/// How long a write stays among the recent ones before the state on disk is given it.
pub const RECENT_MS: u64 = 400;
/// How long a commit waits for room before it is refused as busy.
pub const COMMIT_WAITS_MS_MAX: u64 = 1_000;
/// When a refused commit is worth trying again: a sync of a slow disk later.
pub const COMMIT_RETRY_MS: u64 = 100;
/// How often the state on disk is synced. It can be rebuilt; this only shortens the next start.
pub const STATE_SYNC_MS: u64 = 2_000;
/// Room reserved for the state on disk beside what it is given at once: sled does not survive a
/// full disk, and what it keeps back is at most half of this.
pub const STATE_ROOM_BYTES: u64 = 16 << 20;
/// What the state on disk may keep in memory. The operating system caches the rest.
pub const STATE_CACHE_BYTES: u64 = 64 << 20;
/// Blocks of the checkpoint under the state that are kept in memory, checked: those in which single
/// keys are looked for again and again.
pub const BASE_CACHE_BYTES: u64 = 64 << 20;
/// Between two tries to open a state whose file is still locked by who closed it last.
pub const STATE_LOCK_WAIT_MS: u64 = 10;
/// How often that is tried. Two seconds in all; letting go takes a few milliseconds.
pub const STATE_LOCK_WAITS_MAX: u32 = 200;
/// What was read of the state lately and is kept at hand: a hundred thousand records.
pub const STATE_HOT_BYTES_MAX: usize = 32 << 20;
/// A value longer than this is not kept at hand: finding it is not what costs.
pub const STATE_HOT_VALUE_BYTES_MAX: usize = 4 << 10;
/// The filter that knows which values the state may hold, at least: three million of them at ten
/// bits each.
pub const STATE_FILTER_BYTES_MIN: usize = 4 << 20;
/// The filter at most: fifty million values.
pub const STATE_FILTER_BYTES_MAX: usize = 64 << 20;
/// What a start reads of the journal's end, at least. A tenth of a second of a slow disk; whatever
/// lies before it is read in the background.
pub const START_CHECKED_BYTES: u64 = 64 << 20;
/// A state with at most so many keys is counted before the start; a larger one in the background.
/// About a tenth of a second.
pub const START_CHECKED_KEYS: u64 = 100_000;
/// How much journal lies behind a checkpoint before the next one is made; never less than the last
/// one is long, so that a large state is not written again and again. Four segments.
pub const CHECKPOINT_BYTES_MIN: u64 = 256 << 20;
/// What the making of a checkpoint keeps in memory before it writes it to a file of its own.
pub const CHECKPOINT_RUN_BYTES: usize = 64 << 20;
/// How long what a checkpoint has made superfluous is kept: a month, in which most mistakes are
/// noticed, and after which what was erased is not in the archive either.
pub const ARCHIVE_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
/// How often the upkeep looks whether there is something to do.
pub const UPKEEP_MS: u64 = 1_000;
/// How often everything on the disk is read and checked. Disks lose bits in months.
pub const SCRUB_MS: u64 = 24 * 60 * 60 * 1_000;
/// The upkeep rests after so much work: commits share the disk with it.
pub const UPKEEP_BYTES_PER_REST: u64 = 1 << 20;
/// How long it rests: 64 MiB a second are left to it, and ten million transfers take minutes.
pub const UPKEEP_REST_MS: u64 = 12;
/// What work that nobody waits for writes before it syncs that: commits wait for the disk
/// meanwhile. 400 MiB synced at once kept them waiting for 30 to 106 ms, in such pieces for 5.
pub const UPKEEP_BYTES_PER_SYNC: u64 = 8 << 20;
/// Keys that a new layer of the state is begun with at most: the follower waits meanwhile, some
/// thirty milliseconds. With more to take along, it is begun when the next segment is.
pub const LATE_KEYS_MAX: usize = 10_000;
/// Keys that are counted at once: the follower waits meanwhile.
pub const SCRUB_KEYS: usize = 1_000;
/// How often a backup begins again because the store it copies archived something meanwhile, which
/// it does once for each checkpoint.
pub const BACKUP_TRIES_MAX: u32 = 5;

// The store on PostgreSQL.

/// Commits that become durable with one transaction of the database. More than this many clients
/// wait at once only where one more wait is not felt.
pub const GROUP_COMMITS_MAX: usize = 512;
/// Reads answered by one statement: an index is searched so often in about a millisecond.
pub const GROUP_READS_MAX: usize = 256;
/// Connections that read. Each keeps one process of the server busy.
pub const READING_CONNECTIONS_MAX: usize = 4;
/// A connection must stand by then; a server nearby answers in a few.
pub const CONNECT_MS_MAX: u64 = 5_000;
/// How long the database may take for one step: one that takes longer is as good as gone.
pub const DATABASE_ANSWER_MS_MAX: u64 = 10_000;
/// How long a host that fell silent in the middle of a commit keeps all others waiting.
pub const COMMIT_SILENT_MS_MAX: u64 = 5_000;
/// How long it is tried to find out what became of a commit when the database went away. A restart
/// of the server takes less.
pub const OUTCOME_WAITS_MS_MAX: u64 = 30_000;
/// How long a lost database is left alone before it is tried again.
pub const RECONNECT_MS: u64 = 200;
/// How long it is remembered which commits a host made and which logs they made grow. Longer than
/// anybody tries to find out, and than a host that listens is away.
pub const GROUP_KEPT_MS: u64 = 10 * 60 * 1_000;
/// How many groups go by between two looks at which of them can be forgotten.
pub const GROUPS_BETWEEN_SWEEPS: i64 = 1_000;
/// How often a host looks for what others committed when nobody told it.
pub const OTHERS_LOOKED_AT_MS: u64 = 1_000;
/// Cells read at once when a store is copied or looked through.
pub const SURVEY_PAGE_ENTRIES: usize = 2_000;
