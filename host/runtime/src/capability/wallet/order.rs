//! `souk:wallet/payments`, the functions of one order.

use souk_core::{OrderId, Timestamp};
use souk_events::Cause;
use souk_identity::ties;
use souk_ledger::{Order, order, quote};
use wasmtime::component::Resource;

use super::{OrderHandle, convert};
use crate::bindings::souk::types::common::Money;
use crate::bindings::souk::wallet::payments::HostOrder;
use crate::ctx::Ctx;
use crate::denied::{Halt, No};
use crate::door::Call;
use crate::needs::Needs;

impl HostOrder for Ctx {
    async fn find(&mut self, id: String) -> Result<Resource<OrderHandle>, No> {
        self.order("order.find", id.len())?;
        let id: OrderId = id.parse()?;
        let order = order::get(&self.txn, id).await?;
        self.hold(order)
    }

    async fn by_key(&mut self, key: String) -> Result<Resource<OrderHandle>, No> {
        self.order("order.by-key", key.len())?;
        let order = order::by_key(&self.txn, &self.job.event.app, &key).await?;
        self.hold(order)
    }

    async fn id(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<String> {
        let order = self.copy("order.id", &order)?;
        Ok(self.say(order.id.to_string())?)
    }

    async fn key(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<String> {
        let order = self.copy("order.key", &order)?;
        Ok(self.say(order.key)?)
    }

    async fn state(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<String> {
        let order = self.copy("order.state", &order)?;
        Ok(self.say(order.state_at(self.txn.now()).to_string())?)
    }

    async fn revision(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<u64> {
        Ok(self.copy("order.revision", &order)?.revision)
    }

    async fn payer_id(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<Option<String>> {
        let order = self.copy("order.payer-id", &order)?;
        let asked_as = ties::asked_as(&self.txn, order.id).await;
        let id = self.pairwise_as(order.payer, asked_as.map_err(Halt::from)?);
        Ok(Some(self.say(id)?))
    }

    async fn total(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<Money> {
        Ok(convert::money_out(self.copy("order.total", &order)?.total))
    }

    async fn captured(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<Money> {
        Ok(convert::money_out(
            self.copy("order.captured", &order)?.captured,
        ))
    }

    async fn fee(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<Money> {
        Ok(convert::money_out(self.copy("order.fee", &order)?.fee))
    }

    async fn refunded(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<Money> {
        Ok(convert::money_out(
            self.copy("order.refunded", &order)?.refunded,
        ))
    }

    async fn expires(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<Option<u64>> {
        let order = self.copy("order.expires", &order)?;
        let closes = order.closes().filter(|at| self.txn.now() < *at);
        Ok(closes.map(Timestamp::millis))
    }

    async fn capture(&mut self, order: Resource<OrderHandle>, amount: Money) -> Result<(), No> {
        self.change("order.capture", amount.currency.len())?;
        let OrderHandle(Order { id, app, .. }) = self.held(&order)?;
        let amount = convert::money(&amount)?;
        let captured = order::capture(&self.txn, &app, id, amount).await?;
        self.keep_up(&order, captured.order)
    }

    async fn void(&mut self, order: Resource<OrderHandle>, reason: String) -> Result<(), No> {
        self.change("order.void", reason.len())?;
        let OrderHandle(Order { id, app, .. }) = self.held(&order)?;
        let voided = order::void(&self.txn, &app, id, &reason).await?;
        self.keep_up(&order, voided)
    }

    async fn refuse(&mut self, order: Resource<OrderHandle>, reason: String) -> Result<(), No> {
        self.order("order.refuse", reason.len())?;
        let OrderHandle(Order { id, .. }) = self.held(&order)?;
        if !matches!(self.job.event.cause, Cause::LastLook(asked) if asked == id) {
            let why = "nobody waits for this app to look at that order once more";
            return Err(No::conflict("no-last-look", why));
        }
        self.wallet.refused = Some(quote(&reason));
        Ok(())
    }

    async fn refund(
        &mut self,
        order: Resource<OrderHandle>,
        key: String,
        amount: Money,
        reason: String,
    ) -> Result<(), No> {
        self.change("order.refund", key.len().saturating_add(reason.len()))?;
        let OrderHandle(Order { id, app, .. }) = self.held(&order)?;
        let amount = convert::money(&amount)?;
        let refunded = order::refund(&self.txn, &app, id, &key, amount, &reason).await?;
        self.keep_up(&order, refunded.order)
    }

    async fn drop(&mut self, order: Resource<OrderHandle>) -> wasmtime::Result<()> {
        self.close(order)
    }
}

impl Ctx {
    fn order(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        let needs = Needs::Nothing;
        self.door.pass(Call {
            capability: "wallet",
            function,
            bytes,
            needs,
        })
    }

    /// Passes a call that moves money or closes an order: whoever only looks sets nothing off.
    fn change(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        if matches!(self.job.event.cause, Cause::View(_)) {
            self.door.count("wallet", function, bytes)?;
            return Err(No::not_granted());
        }
        self.order(function, bytes)
    }

    /// Gives the guest a handle on an order, if it is this app's.
    fn hold(&mut self, order: Option<Order>) -> Result<Resource<OrderHandle>, No> {
        let mine = order.filter(|order| order.app == self.job.event.app);
        Ok(self.give(OrderHandle(mine.ok_or_else(No::not_found)?))?)
    }

    /// The copy behind a handle.
    fn copy(
        &mut self,
        function: &'static str,
        order: &Resource<OrderHandle>,
    ) -> Result<Order, Halt> {
        self.door.count("wallet", function, 0)?;
        let OrderHandle(order) = self.held(order)?;
        Ok(order)
    }

    fn keep_up(&mut self, handle: &Resource<OrderHandle>, order: Order) -> Result<(), No> {
        *self.table.get_mut(handle)? = OrderHandle(order);
        Ok(())
    }
}
