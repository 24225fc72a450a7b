//! `souk:wallet/payments`, the wallet's functions.

use souk_core::Currency;
use souk_events::{Due, due};
use souk_ledger::order::Ask;
use souk_ledger::{Holder, OrderState, account, order};
use wasmtime::component::Resource;

use super::{OrderHandle, WalletHandle, convert};
use crate::bindings::souk::types::common::{Allowance, Money};
use crate::bindings::souk::wallet::payments::{Host, HostWallet, Request};
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::No;
use crate::door::{Call, Needs};

impl Host for Ctx {}

impl HostWallet for Ctx {
    async fn mine(&mut self) -> Result<Resource<WalletHandle>, No> {
        self.wallet("wallet.mine", 0)?;
        Ok(self.give(WalletHandle)?)
    }

    async fn balance(&mut self, _: Resource<WalletHandle>, currency: String) -> Result<Money, No> {
        self.wallet("wallet.balance", currency.len())?;
        let currency: Currency = currency.parse()?;
        let app = Holder::App(self.job.event.app.clone());
        let balance = account::balance(&self.txn, &app, currency).await?;
        Ok(convert::money_out(balance.available()))
    }

    async fn currency_scale(
        &mut self,
        _: Resource<WalletHandle>,
        currency: String,
    ) -> Result<u8, No> {
        self.wallet("wallet.currency-scale", currency.len())?;
        let currency: Currency = currency.parse()?;
        Ok(currency.scale())
    }

    async fn request(
        &mut self,
        _: Resource<WalletHandle>,
        request: Request,
    ) -> Result<Resource<OrderHandle>, No> {
        self.wallet("wallet.request", convert::bytes(&request))?;
        if !self.job.may_ask {
            return Err(No::not_granted());
        }
        let ask = self.ask(request)?;
        self.wallet.may_ask()?;
        let order = order::open(&self.txn, &ask).await?;
        self.wallet.asked();
        if order.state == OrderState::Pending {
            due::set(&self.txn, order.expires, &Due::OrderExpiry(order.id))?;
        }
        Ok(self.give(OrderHandle(order))?)
    }

    async fn allowances(&mut self, _: Resource<WalletHandle>) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("wallet", "wallet.allowances", 0)?;
        Ok(vec![allowance("orders", self.wallet.orders_left)])
    }

    async fn drop(&mut self, wallet: Resource<WalletHandle>) -> wasmtime::Result<()> {
        self.close(wallet)
    }
}

impl Ctx {
    fn wallet(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        let needs = Needs::WalletRequest;
        self.door.pass(Call {
            capability: "wallet",
            function,
            bytes,
            needs,
        })
    }

    /// What the guest asks for, of the person its event came from.
    fn ask(&self, request: Request) -> Result<Ask, No> {
        let event = &self.job.event;
        Ok(Ask {
            app: event.app.clone(),
            chat: event.chat,
            payer: event.user,
            key: request.key,
            total: convert::money(&request.total)?,
            details: convert::details(request.items, request.totals, request.memo)?,
            expires: convert::expires(request.expires),
            ceiling: self.door.grants().wallet_request,
        })
    }
}
