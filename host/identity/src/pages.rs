//! Lists of one person that are short enough to be read whole.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_store::{Key, Page, Record, StoreError, Txn};

/// Everything under a prefix, read in pages.
pub(crate) async fn whole<R: Record>(txn: &Txn, prefix: &Key) -> Result<Vec<(Key, R)>, StoreError> {
    let mut found: Vec<(Key, R)> = Vec::new();
    loop {
        let last = found.last().map(|(key, _)| key.clone());
        let page = txn
            .scan(prefix, Page::first(PAGE_ENTRIES_MAX).after(last))
            .await?;
        let over = page.len() < PAGE_ENTRIES_MAX;
        found.extend(page);
        if over {
            return Ok(found);
        }
    }
}
