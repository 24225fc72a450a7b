//! `storage`: values, counters and series that an app keeps.
//!
//! Contract: `sdk/wit/deps/souk-storage`. Rules: [`bucket`], over the transaction. Each bucket has
//! a part of the store of its own, named by the app and the scope, so that no key a guest makes up
//! can reach another's.

mod bucket;
mod expiry;
mod forget;
mod host;
mod keys;
mod record;
#[cfg(test)]
mod tests;

use self::bucket::Bucket;
pub use self::expiry::expire;
pub use self::forget::forget;
use crate::denied::No;
use crate::limits::Limits;

/// What a guest holds of a bucket.
#[expect(unreachable_pub, reason = "the generated bindings name it")]
#[derive(Clone, Debug)]
pub struct BucketHandle(Bucket);

/// What one run may still write.
pub(crate) struct StorageCtx {
    staged_left: usize,
    staged_most: usize,
    bucket_bytes: i64,
}

impl StorageCtx {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            staged_left: limits.staged_bytes,
            staged_most: limits.staged_bytes,
            bucket_bytes: limits.bucket_bytes,
        }
    }

    /// Makes room for what is about to be staged.
    fn stage(&mut self, bytes: usize) -> Result<(), No> {
        let left = self.staged_left.checked_sub(bytes);
        self.staged_left = left.ok_or_else(|| No::over_limit("staged-bytes", self.staged_most))?;
        Ok(())
    }
}
