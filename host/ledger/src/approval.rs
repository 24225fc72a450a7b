//! Approvals: a person's yes, bound to what was on the sheet and good for one time.
//!
//! When a sheet is drawn, the host makes a nonce and keeps a digest over everything the sheet says
//! together with it. To pay, the nonce must come back while the sheet would still say the same.
//! What is kept does not let anybody approve: the nonce itself is not stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use souk_core::limits::{APPROVAL_MS_MAX, APPROVALS_OPEN_MAX};
use souk_core::{OrderId, Timestamp, TypedId, UserId};
use souk_store::Txn;

use crate::digest::Digest;
use crate::order::table::{Request, Step, step};
use crate::order::{self, Details, Order};
use crate::record::{Challenge, Challenges};
use crate::{Broken, Refusal, keys};

/// What a drawn sheet carries, so that the person can say yes to exactly it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// What it is for.
    pub order: OrderId,
    /// What has to come back. Whoever has it and is signed in as the payer can pay.
    pub nonce: String,
    /// Until when it is good.
    pub good_until: Timestamp,
}

/// Offers the payer an approval of an order as it now is. Staged. Of more than
/// [`APPROVALS_OPEN_MAX`] that are open for one order, the oldest stop being good.
///
/// # Errors
/// The first of [`Refusal::UnknownOrder`], [`Refusal::Erased`], [`Refusal::OrderIs`].
pub async fn offer(txn: &Txn, order: &Order, by: UserId) -> Result<Approval, Refusal> {
    let (order, details) = sheet(txn, by, order.id).await?;
    let mut open = challenges(txn, order.id).await?;
    let excess = open
        .len()
        .saturating_add(1)
        .saturating_sub(APPROVALS_OPEN_MAX);

    // From here on it happens.
    let nonce = fresh_nonce()?;
    let good_until = txn.now().after_millis(APPROVAL_MS_MAX);
    open.drain(..excess);
    open.push(Challenge {
        digest: digest(&order, &details, &nonce),
        good_until,
    });
    txn.put(&keys::challenges(order.id), &Challenges(open))?;
    Ok(Approval {
        order: order.id,
        nonce,
        good_until,
    })
}

/// Spends an approval, and returns the order that may now be paid in the same transaction. Staged:
/// if that transaction does not commit, the approval is still good.
///
/// # Errors
/// The first of [`Refusal::UnknownOrder`], [`Refusal::Erased`], [`Refusal::OrderIs`],
/// [`Refusal::Nonce`].
pub async fn spend(txn: &Txn, by: UserId, order: OrderId, nonce: &str) -> Result<Order, Refusal> {
    let (order, details) = sheet(txn, by, order).await?;
    let mut open = challenges(txn, order.id).await?;
    let digest = digest(&order, &details, nonce);
    let place = open.iter().position(|challenge| challenge.digest == digest);
    let place = place.ok_or(Refusal::Nonce)?;

    // From here on it happens.
    open.remove(place);
    txn.put(&keys::challenges(order.id), &Challenges(open))?;
    Ok(order)
}

/// Returns an order that this person can approve, and what its sheet says.
async fn sheet(txn: &Txn, by: UserId, id: OrderId) -> Result<(Order, Details), Refusal> {
    let order = order::for_payer(txn, by, id).await?;
    let details = order::on_sheet(txn, &order)?;
    let state = order.state_at(txn.now());
    let request = if order.authorize_only {
        Request::Authorize
    } else {
        Request::Approve
    };
    match step(state, request) {
        Step::To(_) => Ok((order, details)),
        Step::Stay | Step::No => Err(Refusal::OrderIs(state)),
    }
}

/// Returns the approvals of an order that are still good, oldest first.
async fn challenges(txn: &Txn, order: OrderId) -> Result<Vec<Challenge>, Refusal> {
    let Challenges(mut open) = txn.get(&keys::challenges(order)).await?.unwrap_or_default();
    open.retain(|challenge| challenge.good_until > txn.now());
    Ok(open)
}

fn fresh_nonce() -> Result<String, Broken> {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_err(|_| Broken::Value)?;
    Ok(URL_SAFE_NO_PAD.encode(nonce))
}

/// Everything the person says yes to.
fn digest(order: &Order, details: &Details, nonce: &str) -> [u8; 32] {
    Digest::of("souk approval 1")
        .part(&order.payer.bits().to_be_bytes())
        .part(order.app.as_str().as_bytes())
        .part(&order.id.bits().to_be_bytes())
        .number(order.revision)
        .money(order.total)
        .money(order.fee)
        .number(order.authorize_only.into())
        .details(details)
        .part(nonce.as_bytes())
        .bytes()
}
