//! Every statement the engine says.

use souk_core::limits::{COMMIT_SILENT_MS_MAX, DATABASE_ANSWER_MS_MAX};

/// What each session is told first: an index is always the right way, one plan is enough, no commit
/// is answered before it is on the disk whatever the server's own settings are, and nobody waits
/// for ever.
pub(super) fn session() -> String {
    format!(
        "SET synchronous_commit = on; SET enable_seqscan = off; SET enable_bitmapscan = off;
        SET plan_cache_mode = force_generic_plan; SET jit = off;
        SET client_min_messages = warning; SET default_transaction_isolation = 'read committed';
        SET lock_timeout = {}; SET statement_timeout = {DATABASE_ANSWER_MS_MAX};
        SET idle_in_transaction_session_timeout = {COMMIT_SILENT_MS_MAX}",
        DATABASE_ANSWER_MS_MAX * 4 / 5,
    )
}

/// Reads cells by their keys.
pub(super) const CELLS: &str = "SELECT key, version, value FROM souk_cells WHERE key = ANY($1)";

/// Reads the versions of cells by their keys.
pub(super) const VERSIONS: &str = "SELECT key, version FROM souk_cells WHERE key = ANY($1)";

/// Reads a range from its start.
pub(super) const SCAN: &str = "SELECT key, version, value FROM souk_cells
    WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3";

/// Reads a range from its end.
pub(super) const SCAN_BACK: &str = "SELECT key, version, value FROM souk_cells
    WHERE key >= $1 AND key < $2 ORDER BY key DESC LIMIT $3";

/// Reads the versions in many ranges, each from its start.
pub(super) const RANGES: &str = "SELECT r.place, c.key, c.version
    FROM unnest($1::bytea[], $2::bytea[], $3::bigint[])
        WITH ORDINALITY AS r(low, high, most, place)
    CROSS JOIN LATERAL (SELECT key, version FROM souk_cells
        WHERE key >= r.low AND key < r.high ORDER BY key LIMIT r.most) AS c";

/// Reads the versions in many ranges, each from its end.
pub(super) const RANGES_BACK: &str = "SELECT r.place, c.key, c.version
    FROM unnest($1::bytea[], $2::bytea[], $3::bigint[])
        WITH ORDINALITY AS r(low, high, most, place)
    CROSS JOIN LATERAL (SELECT key, version FROM souk_cells
        WHERE key >= r.low AND key < r.high ORDER BY key DESC LIMIT r.most) AS c";

/// Begins a commit.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// Begins a look at one moment.
pub(super) const BEGIN_LOOK: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Takes the row that all commits pass. Statements after it see everything committed before.
pub(super) const PASS: &str =
    "SELECT sequence, at, holder FROM souk_store WHERE one = 1 FOR UPDATE";

/// Reads that row.
pub(super) const LOOK: &str = "SELECT sequence, at, holder FROM souk_store WHERE one = 1";

/// Moves that row on.
pub(super) const MOVE_ON: &str = "UPDATE souk_store SET sequence = $1, at = $2 WHERE one = 1";

/// Writes cells.
pub(super) const PUT: &str = "INSERT INTO souk_cells (key, version, value)
    SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[])
    ON CONFLICT (key) DO UPDATE SET version = EXCLUDED.version, value = EXCLUDED.value";

/// Deletes cells.
pub(super) const DELETE: &str = "DELETE FROM souk_cells WHERE key = ANY($1)";

/// Notes what a group of commits was.
pub(super) const NOTE: &str = "INSERT INTO souk_groups (sequence, at, writer, number, logs)
    VALUES ($1, $2, $3, $4, $5)";

/// Tells whether a group of commits happened.
pub(super) const NOTED: &str = "SELECT 1 FROM souk_groups WHERE writer = $1 AND number = $2";

/// Forgets groups from before a time.
pub(super) const SWEEP: &str = "DELETE FROM souk_groups WHERE at < $1";

/// Wakes the others.
pub(super) const NOTIFY: &str = "SELECT pg_notify($1, '')";

/// Ends a commit: it is durable when this is answered.
pub(super) const COMMIT: &str = "COMMIT";

/// Ends what is not to be.
pub(super) const ROLLBACK: &str = "ROLLBACK";

/// What was committed since.
pub(super) const OTHERS: &str = "SELECT sequence, writer, logs FROM souk_groups
    WHERE sequence > $1 ORDER BY sequence";
