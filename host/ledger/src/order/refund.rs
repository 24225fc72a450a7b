//! Giving money back.

use souk_core::limits::KEY_BYTES_MAX;
use souk_core::{AppId, Money, OrderId, TransferId, TypedId};
use souk_store::{Sealed, Txn};

use super::change::{next, write};
use super::table::Request;
use super::{of_app, texts};
use crate::digest::Digest;
use crate::entry::{self, Entry, EntryKind};
use crate::invariant::hold;
use crate::order::{By, Order};
use crate::policy::Policy;
use crate::transfer::{self, Transfer};
use crate::{Broken, Refusal, quote};

/// An order of which something was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The order as it is now.
    pub order: Order,
    /// The refund.
    pub entry: Entry,
}

/// Gives part or all of a payment back to its payer, from what the app has. Staged. A new entry
/// mirrors the payment; nothing is erased.
///
/// The same key with the same amount and reason answers with the refund there is.
///
/// # Errors
/// The first of [`Refusal::KeyLength`], [`Refusal::KeyReused`], [`Refusal::AmountZero`],
/// [`Refusal::UnknownOrder`], [`Refusal::OrderIs`], [`Refusal::OverRefund`] (in another currency
/// nothing is left), [`Refusal::Closed`] (the payer's account), [`Refusal::Frozen`] (the app's),
/// [`Refusal::Funds`], [`Refusal::Overflow`].
pub async fn refund(
    txn: &Txn,
    app: &AppId,
    id: OrderId,
    key: &str,
    amount: Money,
    reason: &str,
) -> Result<Refunded, Refusal> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(Refusal::KeyLength);
    }
    let transfer = transfer_of(app, id, key);
    if let Some(entry) = transfer::find(txn, transfer, || [0; 32]).await? {
        let same = entry.amount == amount && said(txn, &entry, reason);
        let order = of_app(txn, app, id).await?;
        return if same {
            Ok(Refunded { order, entry })
        } else {
            Err(Refusal::KeyReused)
        };
    }
    if amount.is_zero() {
        return Err(Refusal::AmountZero);
    }
    let order = of_app(txn, app, id).await?;
    let left = order.left()?;
    let request = if amount == left {
        Request::RefundRest
    } else {
        Request::RefundPart
    };
    let Some(state) = next(txn, &order, request)? else {
        return Err(Refusal::OrderIs(order.state));
    };
    let refunded = order.refunded_with(amount, left)?;
    let note = texts::seal_reason(txn, &order, reason).await?;
    let ask = mirror(
        &order,
        &payment_of(txn, &order).await?,
        transfer,
        amount,
        note.clone(),
    );
    let entry = transfer::post(txn, &Policy::default(), &ask).await?;

    // From here on it happens.
    let order = Order {
        state,
        refunded,
        ..order
    };
    let order = write(txn, order, By::App, note).await?;
    hold(
        order.left()?.plus(amount) == Ok(left),
        Broken::OrderAmounts(order.id),
    )?;
    Ok(Refunded { order, entry })
}

/// The transfer that a refund is: one for each app, order and key, so that asking again finds it.
fn transfer_of(app: &AppId, id: OrderId, key: &str) -> TransferId {
    let digest = Digest::of("souk refund 1").part(app.as_str().as_bytes());
    TransferId::from_bits(
        digest
            .part(&id.bits().to_be_bytes())
            .part(key.as_bytes())
            .bits(),
    )
}

/// Tells whether a refund was given for this reason, as far as anybody can still tell.
fn said(txn: &Txn, entry: &Entry, reason: &str) -> bool {
    match &entry.note {
        None => quote(reason).is_empty(),
        Some(note) => txn
            .open(note)
            .is_none_or(|note| note == quote(reason).as_bytes()),
    }
}

/// Returns the payment of a paid order, which must be what the order says it is.
async fn payment_of(txn: &Txn, order: &Order) -> Result<Entry, Refusal> {
    let id = order.entry.ok_or(Broken::OrderState(order.id))?;
    let payment = entry::get(txn, id).await?.ok_or(Broken::EntryMissing(id))?;
    hold(payment.kind == EntryKind::Payment, Broken::Entry(id))?;
    hold(payment.order == Some(order.id), Broken::Entry(id))?;
    hold(
        payment.amount == order.captured,
        Broken::OrderAmounts(order.id),
    )?;
    hold(
        payment.terms == Some(order.terms),
        Broken::OrderTerms(order.id),
    )?;
    Ok(payment)
}

/// The refund of a payment: the other way round, for as much of it.
fn mirror(
    order: &Order,
    payment: &Entry,
    id: TransferId,
    amount: Money,
    note: Option<Sealed>,
) -> Transfer {
    Transfer {
        id,
        debit: payment.credit.clone(),
        credit: payment.debit.clone(),
        amount,
        kind: EntryKind::Refund,
        order: Some(order.id),
        terms: None,
        note,
    }
}

impl Order {
    /// Returns what was paid and is not refunded.
    pub(crate) fn left(&self) -> Result<Money, Broken> {
        self.captured
            .minus(self.refunded)
            .map_err(|_| Broken::OrderAmounts(self.id))
    }

    /// Returns the sum of all refunds with one more.
    fn refunded_with(&self, amount: Money, left: Money) -> Result<Money, Refusal> {
        left.minus(amount)
            .map_err(|_| Refusal::OverRefund { left })?;
        self.refunded
            .plus(amount)
            .map_err(|_| Broken::OrderAmounts(self.id).into())
    }
}
