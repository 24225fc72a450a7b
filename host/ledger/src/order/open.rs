//! Asking for payment.

use souk_core::limits::{
    KEY_BYTES_MAX, ORDER_WAITS_MS_DEFAULT, ORDER_WAITS_MS_MAX, ORDER_WAITS_MS_MIN,
    SHEETS_WAITING_MAX,
};
use souk_core::{AppId, ChatId, Money, OrderId, Timestamp, UserId};
use souk_store::{Page, StoreError, Txn};

use super::change::write;
use super::{by_key, sums, texts};
use crate::order::{By, Details, Order, OrderState};
use crate::policy::Policy;
use crate::{Refusal, keys};

/// What an app asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Who asks.
    pub app: AppId,
    /// Where.
    pub chat: ChatId,
    /// Who is asked.
    pub payer: UserId,
    /// The app's name for the order.
    pub key: String,
    /// What the sheet is to say. It is quoted, as [`quote`](crate::quote) does, before it is kept.
    pub details: Details,
    /// What is to be paid.
    pub total: Money,
    /// Whether approving is only to set the money aside, for [`capture`](super::capture()).
    pub authorize_only: bool,
    /// Whether the app is asked once more when the payer approves. Whoever approves sees to it.
    pub last_look: bool,
    /// When the order closes itself; after two hours if not said.
    pub expires: Option<Timestamp>,
    /// The most this app may ask for in one order, if there is a limit.
    pub ceiling: Option<Money>,
}

/// Puts a payment sheet before a person. Staged. The fee is fixed from then on.
///
/// The same key with the same contents answers with the order there is, whatever became of it.
///
/// # Errors
/// The first that applies of those from [`Refusal::KeyLength`] to [`Refusal::Expiry`], then
/// [`Refusal::OverCeiling`] and [`Refusal::SheetsWaiting`].
pub async fn open(txn: &Txn, policy: &Policy, ask: &Ask) -> Result<Order, Refusal> {
    let details = texts::quoted(&ask.details);
    if ask.key.is_empty() || ask.key.len() > KEY_BYTES_MAX {
        return Err(Refusal::KeyLength);
    }
    if let Some(order) = by_key(txn, &ask.app, &ask.key).await? {
        return if is_same(txn, &order, ask, &details)? {
            Ok(order)
        } else {
            Err(Refusal::KeyReused)
        };
    }
    texts::check(&ask.details)?;
    sums::check(&ask.details, ask.total)?;
    let expires = ask.expires(txn.now());
    if !(ORDER_WAITS_MS_MIN..=ORDER_WAITS_MS_MAX).contains(&expires.millis_since(txn.now())) {
        return Err(Refusal::Expiry);
    }
    if let Some(ceiling) = ask.ceiling {
        within(ask.total, ceiling)?;
    }
    if sheets_waiting(txn, ask.payer, &ask.app).await? >= SHEETS_WAITING_MAX {
        return Err(Refusal::SheetsWaiting);
    }

    // From here on it happens.
    let order = draft(txn, policy, ask, details, expires).await?;
    txn.put(&keys::order_key(&order.app, &order.key), &order.id)?;
    txn.put(&keys::waiting(order.payer, &order.app, order.id), &order.id)?;
    txn.append(&keys::orders(), &order.id)?;
    txn.append(&keys::orders_of(order.payer), &order.id)?;
    write(txn, order, By::App, None).await
}

/// Returns how many sheets of an app wait for a person, at most [`SHEETS_WAITING_MAX`].
///
/// # Errors
/// The store's.
pub async fn sheets_waiting(txn: &Txn, payer: UserId, app: &AppId) -> Result<usize, StoreError> {
    let waiting = keys::waiting_from(payer, app);
    let page = Page::first(SHEETS_WAITING_MAX);
    Ok(txn.scan::<OrderId>(&waiting, page).await?.len())
}

/// The order as it is before it is written down for the first time.
async fn draft(
    txn: &Txn,
    policy: &Policy,
    ask: &Ask,
    details: Details,
    expires: Timestamp,
) -> Result<Order, Refusal> {
    let (texts, terms) = texts::seal(txn, ask, details).await?;
    Ok(Order {
        id: txn.fresh(),
        app: ask.app.clone(),
        chat: ask.chat,
        payer: ask.payer,
        key: ask.key.clone(),
        total: ask.total,
        authorize_only: ask.authorize_only,
        last_look: ask.last_look,
        captured: Money::zero(ask.total.currency()),
        refunded: Money::zero(ask.total.currency()),
        fee: policy.fee.of(ask.total),
        state: OrderState::Pending,
        revision: 0,
        opened: txn.now(),
        expires,
        texts,
        hold: None,
        held_until: None,
        entry: None,
        terms,
    })
}

impl Ask {
    /// When the order closes itself, asked for at `opened`.
    fn expires(&self, opened: Timestamp) -> Timestamp {
        self.expires
            .unwrap_or(opened.after_millis(ORDER_WAITS_MS_DEFAULT))
    }
}

/// Tells whether an order is what this ask asks for. Texts that were erased say nothing any more.
fn is_same(txn: &Txn, order: &Order, ask: &Ask, details: &Details) -> Result<bool, Refusal> {
    let facts = order.chat == ask.chat
        && order.payer == ask.payer
        && order.total == ask.total
        && order.authorize_only == ask.authorize_only
        && order.last_look == ask.last_look
        && order.expires == ask.expires(order.opened);
    Ok(facts && texts::on_order(txn, order)?.is_none_or(|said| said == *details))
}

fn within(total: Money, ceiling: Money) -> Result<(), Refusal> {
    let fits = total.currency() == ceiling.currency() && total.minor() <= ceiling.minor();
    if fits {
        Ok(())
    } else {
        Err(Refusal::OverCeiling { ceiling })
    }
}
