//! Orders as their payer meets them: the sheet, the approval, the no.

use std::borrow::Cow;

use souk_core::{OrderId, Timestamp, UserId};
use souk_events::{Cause, Due, Event, Locale, due, lane};
use souk_identity::ties;
use souk_ledger::entry::Entry;
use souk_ledger::order::{self, Details, Order, Paid};
use souk_ledger::{Policy, Refusal, approval};
use souk_store::{Page, Txn};

use crate::{Call, Market, MarketError, apps, budget};

/// An order with the words the payer reads.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// What the app calls itself.
    pub app_name: String,
    /// The app's words; `None` once they were erased.
    pub details: Option<Details>,
}

/// What is put before a payer: approving needs its nonce, once, soon.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What is asked.
    pub view: OrderView,
    /// Binds the approval to exactly what the payer was shown.
    pub nonce: String,
    /// When the nonce stops being good.
    pub good_until: Timestamp,
}

impl Market {
    /// Returns the orders that wait for a person.
    ///
    /// # Errors
    /// The store's.
    pub async fn waiting_orders(&self, user: UserId) -> Result<Vec<OrderView>, MarketError> {
        self.store()
            .view(|txn| async move { views(&txn, order::waiting(&txn, user).await?).await })
            .await
    }

    /// Returns a page of a person's orders, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn orders(&self, user: UserId, limit: usize) -> Result<Vec<OrderView>, MarketError> {
        let read = |txn: Txn| async move {
            let found = order::of_payer(&txn, user, Page::last(limit)).await?;
            views(&txn, found.into_iter().map(|(_, order)| order).collect()).await
        };
        self.store().view(read).await
    }

    /// Returns one of a person's orders.
    ///
    /// # Errors
    /// An order that is not theirs is as unknown as one that does not exist.
    pub async fn order(&self, user: UserId, id: OrderId) -> Result<OrderView, MarketError> {
        self.store()
            .view(|txn| async move { view(&txn, own(&txn, user, id).await?).await })
            .await
    }

    /// Draws the sheet: the order as it is now, and a nonce to approve just that.
    ///
    /// # Errors
    /// An unknown order, or one that no longer waits.
    pub async fn sheet(&self, user: UserId, id: OrderId) -> Result<Sheet, MarketError> {
        let draw = |txn: Txn| async move {
            let order = own(&txn, user, id).await?;
            let offered = approval::offer(&txn, &order, user).await?;
            let view = view(&txn, order).await?;
            Ok(Sheet {
                view,
                nonce: offered.nonce,
                good_until: offered.good_until,
            })
        };
        self.store().transact(draw).await
    }

    /// Approves an order: the nonce is spent, the money moves or is set aside, the app will be
    /// told. An app that wants a last look is asked before.
    ///
    /// # Errors
    /// The ledger's refusals, and [`MarketError::Stopped`]; the order then still waits, if it did,
    /// and the nonce is still good, but the call's key is used up.
    pub async fn approve(
        &self,
        call: &Call,
        id: OrderId,
        nonce: &str,
    ) -> Result<Entry, MarketError> {
        let find = |txn: Txn| async move { order_of(&txn, call.by, id).await };
        let order = self.store().view(find).await?;
        if let Some(order) = order.filter(|order| order.last_look) {
            return self.approve_looked_at(call, &order, nonce).await;
        }
        let pay = |txn: Txn| async move { self.pay(&txn, call, id, nonce).await };
        Ok(self.store().transact(pay).await??)
    }

    /// Spends an approval, moves its money and stages what follows. The inner result is an answer
    /// to commit, also when it is a refusal.
    pub(crate) async fn pay(
        &self,
        txn: &Txn,
        call: &Call,
        id: OrderId,
        nonce: &str,
    ) -> Result<Result<Entry, Refusal>, MarketError> {
        let policy = &self.policy_for(txn, call.by, id).await?;
        let decide = async {
            approval::spend(txn, call.by, id, nonce).await?;
            order::approve(txn, policy, id, call.by, call.id()).await
        };
        let follow = |paid: Paid| approved(txn, paid, call.locale.clone());
        call.once_for_money(txn, decide, follow).await
    }

    /// What limits a person's approval of an order: the operator's policy and their own budget.
    async fn policy_for(
        &self,
        txn: &Txn,
        by: UserId,
        id: OrderId,
    ) -> Result<Cow<'_, Policy>, MarketError> {
        let policy = &self.0.config.terms.money;
        match order_of(txn, by, id).await? {
            Some(order) => Ok(budget::narrowed(txn, policy, &order).await?),
            None => Ok(Cow::Borrowed(policy)),
        }
    }

    /// Declines an order: it closes, nothing moves, the app will be told.
    ///
    /// # Errors
    /// The ledger's refusals.
    pub async fn decline(&self, call: &Call, id: OrderId) -> Result<Order, MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                let declined = order::decline(&txn, id, call.by).await?;
                tell(&txn, &declined, call.locale.clone()).await?;
                Ok(declined)
            })
            .await
        };
        self.store().transact(work).await
    }

    /// Closes an order whose time is up, or gives back its authorization; the app will be told.
    pub(crate) async fn expire(&self, txn: &Txn, id: OrderId) -> Result<(), MarketError> {
        match order::expire(txn, id).await? {
            Some(expired) => tell(txn, &expired, None).await,
            None => Ok(()),
        }
    }
}

/// Stages what follows from an approval.
async fn approved(txn: &Txn, paid: Paid, locale: Option<Locale>) -> Result<Entry, MarketError> {
    tell(txn, &paid.order, locale).await?;
    close_in_time(txn, &paid.order)?;
    Ok(paid.entry)
}

/// Sets the time at which the order, or its authorization, is over by itself.
fn close_in_time(txn: &Txn, order: &Order) -> Result<(), MarketError> {
    match order.closes() {
        Some(at) => Ok(due::set(txn, at, &Due::OrderExpiry(order.id))?),
        None => Ok(()),
    }
}

/// Appends the event by which the app hears of its order, to the same commit, in the language of
/// the request that changed it.
async fn tell(txn: &Txn, order: &Order, locale: Option<Locale>) -> Result<(), MarketError> {
    let event = Event {
        id: txn.fresh(),
        app: order.app.clone(),
        chat: Some(order.chat),
        user: Some(order.payer),
        left: ties::asked_as(txn, order.id).await?,
        at: txn.now(),
        tries: 0,
        locale,
        cause: Cause::Order(order.id),
    };
    Ok(lane::push(txn, &event).await?)
}

async fn own(txn: &Txn, user: UserId, id: OrderId) -> Result<Order, MarketError> {
    let found = order_of(txn, user, id).await?;
    Ok(found.ok_or(Refusal::UnknownOrder)?)
}

/// An order, if it is this person's to pay.
async fn order_of(txn: &Txn, payer: UserId, id: OrderId) -> Result<Option<Order>, MarketError> {
    let found = order::get(txn, id).await?;
    Ok(found.filter(|order| order.payer == payer))
}

pub(crate) async fn view(txn: &Txn, order: Order) -> Result<OrderView, MarketError> {
    let app_name = apps::name(txn, &order.app).await?;
    let details = order::details(txn, &order);
    Ok(OrderView {
        order,
        app_name,
        details,
    })
}

async fn views(txn: &Txn, orders: Vec<Order>) -> Result<Vec<OrderView>, MarketError> {
    let mut views = Vec::with_capacity(orders.len());
    for order in orders {
        views.push(view(txn, order).await?);
    }
    Ok(views)
}
