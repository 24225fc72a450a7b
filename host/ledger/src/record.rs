//! Everything the ledger remembers, on one page.
//!
//! Amounts and ids are kept for ever and in clear; what people or apps wrote is only ever kept
//! [`Sealed`]. Enums are stored by the place of their variant: new ones go to the end.

use serde::{Deserialize, Serialize};
use souk_core::{
    AccountId, AppId, ChatId, Currency, EntryId, Money, OrderId, Timestamp, TransferId, UserId,
};
use souk_store::{Place, Record, Sealed};

use crate::rail::{ArrivalState, DepartureState};

/// Whose account it is. With a currency it names exactly one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Holder {
    /// A person's wallet.
    Person(UserId),
    /// What an app was paid and has not given back.
    App(AppId),
    /// The clearing account of a way in and out of the host: minus what came in through it.
    Rail(Rail),
    /// What was settled to a merchant from the takings of their apps.
    Merchant(UserId),
    /// What belongs to the host itself.
    Host(Purse),
}

/// A purse of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Purse {
    /// What apps paid for being paid.
    Fees,
    /// Minus what the host bore when a rail took back money that was spent already.
    Losses,
}

/// A way in which money comes to the host and leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rail {
    /// The simulated bank, for development.
    Bank,
    /// The simulated chain, for development: a digital currency with confirmations.
    Chain,
    /// The operator, who books by hand what came in or went out elsewhere.
    Manual,
}

/// An account, written down when it is first used. What is in it are its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) holder: Holder,
    pub(crate) currency: Currency,
    pub(crate) opened: Timestamp,
}

/// What may happen on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Everything.
    Open,
    /// Money still comes in, and what is held resolves. Nothing else goes out.
    Frozen,
    /// Nothing, for ever. It is empty.
    Closed,
}

/// One line of an account's history: what the operator made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingChange {
    /// When.
    pub at: Timestamp,
    /// From then on.
    pub standing: Standing,
    /// Why, in the operator's words.
    pub reason: String,
}

/// A line of the books: money that moved, was set aside to move, or went back. Entries never
/// change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id, and that of the transfer that asked for it: there is never a second entry for one.
    pub id: EntryId,
    /// Whose account became less.
    pub debit: Holder,
    /// Whose account became more, by as much.
    pub credit: Holder,
    /// How much; more than zero. Its currency is that of both accounts.
    pub amount: Money,
    /// When the transaction began that posted it.
    pub at: Timestamp,
    /// Why money moved.
    pub kind: EntryKind,
    /// What it did to the money.
    pub phase: Phase,
    /// The order that was paid or refunded.
    pub order: Option<OrderId>,
    /// For a payment, a salted digest of what was bought: [`Order::terms`].
    pub terms: Option<[u8; 32]>,
    /// Why, in somebody's words; it cannot be opened any more once its owner was erased.
    pub note: Option<Sealed>,
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// It came to the host: from a rail to a person.
    Deposit,
    /// An order was paid: from a person to an app.
    Payment,
    /// Part or all of a payment was given back: from an app to a person.
    Refund,
    /// An app paid for being paid: from the app to the host.
    Fee,
    /// An app paid a person of its own accord.
    #[serde(rename = "pay-out")]
    PayOut,
    /// An app's takings went to its merchant.
    Settlement,
    /// A merchant put money back into an app's takings, to refund from.
    Recall,
    /// A person sent money to another.
    Gift,
    /// It left the host: from a person or a merchant to a rail.
    Withdrawal,
    /// A rail took a deposit back: from a person, or from the host when the person has spent it.
    Reversal,
}

/// What an entry did to the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// It moved at once.
    Posted,
    /// It was set aside: no longer available to whoever pays, not yet to whoever is paid.
    Held {
        /// When it goes back by itself.
        until: Timestamp,
    },
    /// It moved out of a hold, which is over; what was held beyond it went back.
    Captured {
        /// The entry that set it aside.
        hold: EntryId,
    },
    /// A hold is over and all of it went back.
    Released {
        /// The entry that set it aside.
        hold: EntryId,
    },
}

/// What became of a transfer id, for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// It was refused, and stays so.
    Refused(Refused),
    /// It made the entry at this place of the books.
    Made(Place),
}

/// A request that was refused for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    /// SHA-256 of what was asked: the id with other contents is another mistake.
    pub(crate) contents: [u8; 32],
    pub(crate) why: Why,
}

/// The refusals that last: those that say how things stood when an id was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Why {
    AmountZero,
    SameAccount,
    UnknownOrder,
    UnknownGift,
    Erased,
    OrderIs(OrderState),
    GiftIs(GiftState),
    ArrivalIs(ArrivalState),
    DepartureIs(DepartureState),
    Nonce,
    OverCeiling { ceiling: Money },
    OverOrder { limit: Money },
    OverDay { limit: Money },
    OverApp { limit: Money },
    OverBudget { limit: Money },
    OverCapture { left: Money },
    OverRefund { left: Money },
    Frozen,
    Closed,
    Funds,
    OverBalance { limit: Money },
    Overflow,
}

/// Money on its way from one person to another, who has to accept it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// The transfer that offered it: its name.
    pub id: TransferId,
    /// Who sends.
    pub from: UserId,
    /// Who may accept.
    pub to: UserId,
    /// How much.
    pub amount: Money,
    /// Where it stands. States never go back.
    pub state: GiftState,
    /// When it was offered.
    pub offered: Timestamp,
    /// When it goes back by itself.
    pub expires: Timestamp,
    /// The entry that set the money aside.
    pub hold: EntryId,
    /// The entry that ended the hold.
    pub ended: Option<EntryId>,
    /// A word to the other; it cannot be opened any more once its owner was erased.
    pub note: Option<Sealed>,
}

/// Where a gift stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GiftState {
    /// It waits for whoever it is for.
    Offered,
    /// The money moved.
    Accepted,
    /// Whoever it is for said no; the money went back.
    Declined,
    /// The sender took it back.
    Canceled,
    /// Nobody accepted in time; the money went back.
    Returned,
}

/// What an app asks a person to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Who asks, and who is paid.
    pub app: AppId,
    /// Where it was asked.
    pub chat: ChatId,
    /// Who is asked. Only this person may approve or decline.
    pub payer: UserId,
    /// The app's name for it, unique in the app.
    pub key: String,
    /// What is to be paid; more than zero.
    pub total: Money,
    /// Whether approving only sets the money aside, for the app to capture later.
    pub authorize_only: bool,
    /// Whether the app is asked once more when the payer approves, before any money moves.
    pub last_look: bool,
    /// What was paid: nothing before, then the total, or the part of it that was captured.
    pub captured: Money,
    /// The sum of all refunds so far; never more than what was paid.
    pub refunded: Money,
    /// What the host takes from the app: of the total before it is paid, then of what was paid.
    pub fee: Money,
    /// Where it stands. States never go back.
    pub state: OrderState,
    /// Counts up with every change, from 1.
    pub revision: u64,
    /// When it was asked.
    pub opened: Timestamp,
    /// When it closes itself if nobody has paid. From that moment on it cannot be approved.
    pub expires: Timestamp,
    /// What the sheet says, as [`Details`], sealed for the payer in this chat.
    pub texts: Sealed,
    /// The authorization, once the money was set aside.
    pub hold: Option<EntryId>,
    /// When the authorization goes back by itself.
    pub held_until: Option<Timestamp>,
    /// The payment, once there is one.
    pub entry: Option<EntryId>,
    /// SHA-256 over who, to whom, what and how much, salted; the salt lies with the texts, so that
    /// nobody can guess erased texts from it.
    pub terms: [u8; 32],
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderState {
    /// It waits for the payer.
    Pending,
    /// The payer approved and the money moved. Part of it may have been given back.
    Paid,
    /// The payer said no.
    Declined,
    /// The app took it back before it was paid.
    Canceled,
    /// Nobody paid in time.
    Expired,
    /// All of it was given back.
    Refunded,
    /// The payer approved and the money is set aside until the app captures it.
    Authorized,
    /// The authorization went back to the payer: the app gave it up, or let it lapse.
    Voided,
}

/// What the payment sheet of an order says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What is sold; at least one.
    pub items: Vec<Item>,
    /// What is put on top or taken off.
    pub totals: Vec<TotalLine>,
    /// A word to the payer; may be empty.
    pub memo: String,
}

/// One line of what is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The shop's own name of the article, for the shop.
    pub id: Option<String>,
    /// What it is.
    pub label: String,
    /// How many; at least one.
    pub quantity: u32,
    /// The price of one.
    pub unit: Money,
}

/// One line under the items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalLine {
    /// How it counts.
    pub kind: TotalKind,
    /// What it is called.
    pub label: String,
    /// How much.
    pub amount: Money,
}

/// What a line of the totals is, in the words of ucp.dev.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TotalKind {
    /// Says the sum of the items and adds nothing.
    Subtotal,
    /// Taken off.
    Discount,
    /// Bringing it.
    Fulfillment,
    /// A tax that is not in the prices.
    Tax,
    /// A charge of the shop.
    Fee,
    /// For the people behind it.
    Tip,
}

/// What is sealed as [`Order::texts`]: this, and then the ids of the items, if any has one. So
/// orders from before there were ids are read as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TextsFirst {
    pub(crate) salt: [u8; 16],
    pub(crate) items: Vec<ItemFirst>,
    pub(crate) totals: Vec<TotalLine>,
    pub(crate) memo: String,
}

/// What comes first of an [`Item`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ItemFirst {
    pub(crate) label: String,
    pub(crate) quantity: u32,
    pub(crate) unit: Money,
}

/// One line of an order's public history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// The order's revision from then on.
    pub revision: u64,
    /// Its state from then on.
    pub state: OrderState,
    /// Who did it.
    pub by: By,
    /// The sum of all refunds from then on.
    pub refunded: Money,
    /// Why, in the words of whoever did it; sealed for the payer in the order's chat.
    pub reason: Option<Sealed>,
}

/// Who changed an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The app that asked.
    App,
    /// The person who was asked.
    Payer,
    /// The host, when time was up.
    Host,
}

/// The approvals offered for one order and not spent yet, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenges(pub(crate) Vec<Challenge>);

/// What one approval is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// SHA-256 over everything on the sheet and the nonce.
    pub(crate) digest: [u8; 32],
    /// Until when it is good.
    pub(crate) good_until: Timestamp,
}

/// How far an app's takings of a currency have gone to its merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settled {
    /// What came in before this was settled last.
    pub(crate) until: Timestamp,
    /// The last line of the app's statement that is older.
    pub(crate) last: Option<u64>,
    /// What came in by all lines up to that one.
    pub(crate) income: Money,
}

/// What a person should hear of, in [`news_log`](crate::news_log).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    /// An order of theirs was opened or changed; the revision it has from then on.
    Order(OrderId, u64),
    /// They have an account they did not have before, or something else may happen on it now.
    Account(AccountId),
    /// A gift to or from them changed.
    Gift(TransferId),
    /// Money on its way to them or from them through a rail changed.
    Passage(TransferId),
}

impl Record for Account {}
impl Record for StandingChange {}
impl Record for Outcome {}
impl Record for Gift {}
impl Record for Entry {}
impl Record for Change {}
impl Record for Challenges {}
impl Record for Settled {}
impl Record for News {}
