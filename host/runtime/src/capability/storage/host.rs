//! `souk:storage/buckets`, function by function.

use souk_core::limits::{
    STORED_KEY_BYTES_MAX, STORED_SCAN_ENTRIES_MAX, STORED_TTL_MS_MAX, STORED_TTL_MS_MIN,
    STORED_VALUE_BYTES_MAX,
};
use wasmtime::component::Resource;

use super::bucket::{Put, size};
use super::{Bucket, BucketHandle};
use crate::bindings::souk::storage::buckets::{Condition, Entry, Host, HostBucket, Scope};
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::{Halt, No};
use crate::door::Call;
use crate::needs::Needs;

impl Ctx {
    /// Every call on a bucket: it passes the door, its key is fit to be one, its bucket is held.
    fn bucket(
        &mut self,
        function: &'static str,
        bucket: &Resource<BucketHandle>,
        key: &str,
        bytes: usize,
    ) -> Result<Bucket, No> {
        let bytes = bytes.saturating_add(key.len());
        self.door.pass(Call {
            capability: "storage",
            function,
            bytes,
            needs: Needs::Nothing,
        })?;
        if key.len() > STORED_KEY_BYTES_MAX {
            return Err(No::over_limit("key-bytes", STORED_KEY_BYTES_MAX));
        }
        let BucketHandle(bucket) = self.held(bucket)?;
        Ok(bucket)
    }
}

impl Host for Ctx {}

impl HostBucket for Ctx {
    async fn open(&mut self, scope: Scope) -> Result<Resource<BucketHandle>, No> {
        let needs = match scope {
            Scope::App => Needs::StorageApp,
            Scope::Chat => Needs::StorageChat,
            Scope::User => Needs::StorageUser,
        };
        self.door.pass(Call {
            capability: "storage",
            function: "bucket.open",
            bytes: 0,
            needs,
        })?;
        let bucket = Bucket::of(&self.job.event, scope).ok_or_else(No::not_granted)?;
        let bucket = bucket.within(self.storage.bucket_bytes);
        Ok(self.give(BucketHandle(bucket))?)
    }

    async fn get(
        &mut self,
        bucket: Resource<BucketHandle>,
        key: String,
    ) -> Result<Option<Entry>, No> {
        let bucket = self.bucket("bucket.get", &bucket, &key, 0)?;
        let entry = bucket.get(&self.txn, &key).await?;
        self.door.hand_out(entry.as_ref().map_or(0, size))?;
        Ok(entry)
    }

    async fn put(
        &mut self,
        bucket: Resource<BucketHandle>,
        key: String,
        value: Vec<u8>,
        condition: Condition,
        ttl_ms: Option<u64>,
    ) -> Result<u64, No> {
        let bucket = self.bucket("bucket.put", &bucket, &key, value.len())?;
        if value.len() > STORED_VALUE_BYTES_MAX {
            return Err(No::over_limit("value-bytes", STORED_VALUE_BYTES_MAX));
        }
        if let Some(millis) = ttl_ms {
            fit_to_live(millis)?;
        }
        self.storage.stage(key.len().saturating_add(value.len()))?;
        let put = Put {
            key: &key,
            value: &value,
            condition,
            ttl_ms,
        };
        bucket.put(&self.txn, put).await
    }

    async fn delete(
        &mut self,
        bucket: Resource<BucketHandle>,
        key: String,
        condition: Condition,
    ) -> Result<(), No> {
        let bucket = self.bucket("bucket.delete", &bucket, &key, 0)?;
        self.storage.stage(key.len())?;
        bucket.delete(&self.txn, &key, condition).await
    }

    async fn increment(
        &mut self,
        bucket: Resource<BucketHandle>,
        key: String,
        delta: i64,
    ) -> Result<(), No> {
        let bucket = self.bucket("bucket.increment", &bucket, &key, 0)?;
        self.storage.stage(key.len())?;
        bucket.increment(&self.txn, &key, delta).await
    }

    async fn count(&mut self, bucket: Resource<BucketHandle>, key: String) -> Result<i64, No> {
        let bucket = self.bucket("bucket.count", &bucket, &key, 0)?;
        Ok(bucket.count(&self.txn, &key).await?)
    }

    async fn next(&mut self, bucket: Resource<BucketHandle>, key: String) -> Result<u64, No> {
        let bucket = self.bucket("bucket.next", &bucket, &key, 0)?;
        self.storage.stage(key.len())?;
        bucket.next(&self.txn, &key).await
    }

    async fn scan(
        &mut self,
        bucket: Resource<BucketHandle>,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<Entry>, No> {
        let beyond = after.as_ref().map_or(0, String::len);
        let bucket = self.bucket("bucket.scan", &bucket, &prefix, beyond)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let limit = limit.min(STORED_SCAN_ENTRIES_MAX);
        let most = self.door.answer_left();
        let found = bucket.scan(&self.txn, &prefix, after, limit, most).await?;
        self.door.hand_out(found.iter().map(size).sum())?;
        Ok(found)
    }

    async fn allowances(
        &mut self,
        bucket: Resource<BucketHandle>,
    ) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("storage", "bucket.allowances", 0)?;
        let BucketHandle(bucket) = self.held(&bucket)?;
        let room = bucket.room(&self.txn).await.map_err(Halt::from)?;
        let most = usize::try_from(self.storage.bucket_bytes).unwrap_or(usize::MAX);
        Ok(vec![
            allowance("bucket-bytes", room, most),
            allowance(
                "staged-bytes",
                self.storage.staged_left,
                self.storage.staged_most,
            ),
        ])
    }

    async fn drop(&mut self, bucket: Resource<BucketHandle>) -> wasmtime::Result<()> {
        self.close(bucket)
    }
}

/// A time to live is neither too short nor too long.
fn fit_to_live(millis: u64) -> Result<(), No> {
    if millis < STORED_TTL_MS_MIN {
        return Err(No::invalid("ttl-ms: a value lives for at least a second"));
    }
    if millis > STORED_TTL_MS_MAX {
        return Err(No::invalid(
            "ttl-ms: a value lives for at most 366 days; none keeps it",
        ));
    }
    Ok(())
}
