//! Orders, sheets and approvals.

use serde::{Deserialize, Serialize};
use souk_core::{AppId, ChatId, EntryId, Money, OrderId};
use souk_ledger::order::{Item, TotalLine};
use souk_market::{OrderView, Sheet as Drawn};

/// Which orders are wanted.
#[derive(Debug, Deserialize)]
pub struct OrdersAsk {
    /// Only those that wait for an answer.
    #[serde(default)]
    pub waiting: bool,
    /// At most so many.
    pub limit: Option<usize>,
}

/// An order as its payer sees it. The app's words are the app's: show them quoted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// Names it.
    pub id: OrderId,
    /// Who asks.
    pub app: AppId,
    /// What the app calls itself.
    pub app_name: String,
    /// Where.
    pub chat: ChatId,
    /// pending, authorized, paid, declined, canceled, expired, voided or refunded.
    pub state: String,
    /// Counts up with every change.
    pub revision: u64,
    /// What is to be paid.
    pub total: Money,
    /// The same, as people write it.
    pub total_text: String,
    /// Whether approving only sets the money aside.
    pub authorize_only: bool,
    /// What was paid.
    pub captured: Money,
    /// The sum of all refunds so far.
    pub refunded: Money,
    /// When it closes itself, in milliseconds since 1970.
    pub expires: u64,
    /// What is sold.
    pub items: Vec<Item>,
    /// The lines under the items.
    pub totals: Vec<TotalLine>,
    /// A word from the app.
    pub memo: String,
    /// The entry of the payment, once there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<EntryId>,
}

impl From<OrderView> for Order {
    fn from(view: OrderView) -> Self {
        let OrderView {
            order,
            app_name,
            details,
        } = view;
        let (items, totals, memo) = details
            .map(|details| (details.items, details.totals, details.memo))
            .unwrap_or_default();
        Self {
            id: order.id,
            app: order.app,
            app_name,
            chat: order.chat,
            state: order.state.to_string(),
            revision: order.revision,
            total: order.total,
            total_text: order.total.to_string(),
            authorize_only: order.authorize_only,
            captured: order.captured,
            refunded: order.refunded,
            expires: order.expires.millis(),
            items,
            totals,
            memo,
            entry: order.entry,
        }
    }
}

/// What is put before the payer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sheet {
    /// What is asked.
    pub order: Order,
    /// Send it back to approve exactly this.
    pub nonce: String,
    /// When the nonce stops being good, in milliseconds since 1970.
    pub good_until: u64,
}

impl From<Drawn> for Sheet {
    fn from(drawn: Drawn) -> Self {
        Self {
            order: drawn.view.into(),
            nonce: drawn.nonce,
            good_until: drawn.good_until.millis(),
        }
    }
}

/// The payer's yes.
#[derive(Debug, Serialize, Deserialize)]
pub struct ApproveAsk {
    /// The nonce of the sheet that was read.
    pub nonce: String,
}
