//! The operator: whoever runs the host. One secret opens everything that is theirs; it lies in a
//! file beside the host, and here only as a hash.

use souk_store::Txn;

use crate::record::Operator;
use crate::secret::Digest;
use crate::{Refusal, Secret, keys};

/// Makes the operator's secret; the one before opens nothing from the commit on. It is handed over
/// now and never again.
///
/// # Errors
/// When the system has no randomness to give.
pub fn issue(txn: &Txn) -> Result<Secret, Refusal> {
    let secret = Secret::fresh("operator")?;
    let secret_is = Digest::of(secret.expose());
    txn.put(&keys::operator(), &Operator { secret_is })?;
    Ok(secret)
}

/// Tells whether a secret is the operator's.
///
/// # Errors
/// The store's.
pub async fn is(txn: &Txn, secret: &str) -> Result<bool, Refusal> {
    let operator: Option<Operator> = txn.get(&keys::operator()).await?;
    Ok(operator.is_some_and(|operator| operator.secret_is == Digest::of(secret)))
}
