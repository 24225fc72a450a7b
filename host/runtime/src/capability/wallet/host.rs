//! `souk:wallet/payments`, the wallet's functions.

use souk_core::Currency;
use souk_core::limits::{SHEETS_WAITING_MAX, STORED_SCAN_ENTRIES_MAX};
use souk_events::{Due, due};
use souk_identity::ties;
use souk_ledger::order::Ask;
use souk_ledger::payout::{self, PayOut};
use souk_ledger::{Holder, Line, OrderState, Refusal, account, order, statement};
use souk_store::{Owner, Page, Txn};
use wasmtime::component::Resource;

use super::{OrderHandle, WalletHandle, convert, midnight, not_paid};
use crate::bindings::souk::types::common::{Allowance, Money};
use crate::bindings::souk::wallet::payments::{Host, HostWallet, Request, StatementLine};
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::{Halt, No};
use crate::door::Call;
use crate::needs::Needs;

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
        self.pass_wallet(
            "wallet.request",
            convert::bytes(&request),
            Needs::WalletRequest,
        )?;
        if !self.job.may_ask {
            return Err(No::not_granted());
        }
        let ask = self.ask(request)?;
        self.wallet.may_ask()?;
        same_payer(&self.txn, self.job.event.left, &ask).await?;
        let order = order::open(&self.txn, &self.job.terms.money, &ask).await?;
        ties::ask_as(&self.txn, order.id, self.job.event.left)?;
        self.wallet.asked();
        if order.state == OrderState::Pending {
            due::set(&self.txn, order.expires, &Due::OrderExpiry(order.id))?;
        }
        Ok(self.give(OrderHandle(order))?)
    }

    async fn pay_out(
        &mut self,
        _: Resource<WalletHandle>,
        user_id: String,
        key: String,
        amount: Money,
        memo: String,
    ) -> Result<String, No> {
        let texts = [&user_id, &key, &memo].map(String::len);
        let bytes = texts.into_iter().fold(0, usize::saturating_add);
        self.pass_wallet("wallet.pay-out", bytes, Needs::WalletPayOut)?;
        let budget = self.door.grants().wallet_pay_out.granted().copied();
        let budget = budget.ok_or_else(No::not_granted)?;
        let chat = self.job.event.chat.ok_or_else(No::not_granted)?;
        let to = self.member(chat, &user_id).await?;
        let event = &self.job.event;
        let ask = PayOut {
            app: event.app.clone(),
            to,
            key,
            amount: convert::money(&amount)?,
            memo,
            owner: Owner::PersonInChat(to, chat),
            budget,
        };
        let left = ties::of(&self.txn, to, &ask.app).await?.left;
        same_person(&self.txn, left, &ask).await?;
        let paid = payout::pay(&self.txn, &self.job.terms.money, &ask).await;
        let entry = paid.map_err(|refusal| not_paid(refusal, self.txn.now()))?;
        ties::pay_as(&self.txn, entry.id, left)?;
        Ok(self.say(entry.id.to_string())?)
    }

    async fn statement(
        &mut self,
        _: Resource<WalletHandle>,
        currency: String,
        after: Option<u64>,
        limit: u32,
    ) -> Result<Vec<StatementLine>, No> {
        self.wallet("wallet.statement", currency.len())?;
        let currency: Currency = currency.parse()?;
        let app = Holder::App(self.job.event.app.clone());
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let page = Page::last(limit.min(STORED_SCAN_ENTRIES_MAX)).after(after);
        let lines = statement::page(&self.txn, &app, currency, page).await?;
        let mut told = Vec::with_capacity(lines.len());
        for line in lines {
            let other = self.other(&line).await?;
            told.push(convert::line(line, other));
        }
        self.hand_out_lines(&told)?;
        Ok(told)
    }

    async fn allowances(&mut self, _: Resource<WalletHandle>) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("wallet", "wallet.allowances", 0)?;
        let mut left = Vec::new();
        let grants = self.door.grants();
        let budget = grants.wallet_pay_out.granted().copied();
        let event = &self.job.event;
        if grants.wallet_request.is_allowed() {
            left.push(allowance(
                "orders",
                self.wallet.orders_left,
                self.wallet.most,
            ));
            if let Some(payer) = event.user {
                let waiting = order::sheets_waiting(&self.txn, payer, &event.app).await;
                let room = SHEETS_WAITING_MAX.saturating_sub(waiting.map_err(Halt::from)?);
                left.push(allowance("sheets-waiting", room, SHEETS_WAITING_MAX));
            }
        }
        if let Some(budget) = budget {
            let now = self.txn.now();
            let unpaid = payout::left(&self.txn, &event.app, budget, now.day()).await;
            left.push(Allowance {
                resets: Some(midnight(now).millis()),
                ..allowance("pay-out", unpaid.map_err(Halt::from)?, budget.minor())
            });
        }
        Ok(left)
    }

    async fn drop(&mut self, wallet: Resource<WalletHandle>) -> wasmtime::Result<()> {
        self.close(wallet)
    }
}

impl Ctx {
    /// Everything but asking: a person who wants no sheets still gets their money back.
    fn wallet(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        self.pass_wallet(function, bytes, Needs::Wallet)
    }

    fn pass_wallet(
        &mut self,
        function: &'static str,
        bytes: usize,
        needs: Needs<'_>,
    ) -> Result<(), No> {
        self.door.pass(Call {
            capability: "wallet",
            function,
            bytes,
            needs,
        })
    }

    /// The person at the other end of a line, as this app knew them then.
    async fn other(&mut self, line: &Line) -> Result<Option<String>, No> {
        let Holder::Person(person) = line.other else {
            return Ok(None);
        };
        let left = match line.order {
            Some(order) => ties::asked_as(&self.txn, order).await?,
            None => ties::paid_as(&self.txn, line.entry).await?,
        };
        Ok(Some(self.pairwise_as(person, left)))
    }

    /// Measures what a statement hands to the guest.
    fn hand_out_lines(&mut self, lines: &[StatementLine]) -> Result<(), No> {
        let bytes = lines.iter().map(convert::line_bytes);
        Ok(self.door.hand_out(bytes.fold(0, usize::saturating_add))?)
    }

    /// What the guest asks for, of the person its event came from.
    fn ask(&self, request: Request) -> Result<Ask, No> {
        let event = &self.job.event;
        Ok(Ask {
            app: event.app.clone(),
            chat: event.chat.ok_or_else(No::not_granted)?,
            payer: event.user.ok_or_else(No::not_granted)?,
            key: request.key,
            total: convert::money(&request.total)?,
            authorize_only: request.authorize_only,
            last_look: request.last_look,
            details: convert::details(request.items, request.totals, request.memo)?,
            expires: convert::expires(request.expires),
            ceiling: self.door.grants().wallet_request.granted().copied(),
        })
    }
}

/// Whether no order from before its payer last left the app has the key: they have left it so many
/// times, and nothing may tell the app that they are who they were.
async fn same_payer(txn: &Txn, left: u64, ask: &Ask) -> Result<(), No> {
    if left == 0 {
        return Ok(());
    }
    match order::by_key(txn, &ask.app, &ask.key).await? {
        Some(found) if ties::asked_as(txn, found.id).await? != left => {
            Err(Refusal::KeyReused.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Whether nobody was paid under this key before whom it goes to last left the app: as with orders,
/// nothing may tell the app that they are who they were.
async fn same_person(txn: &Txn, left: u64, ask: &PayOut) -> Result<(), No> {
    if left == 0 {
        return Ok(());
    }
    match payout::made(txn, &ask.app, &ask.key).await? {
        Some(entry) if ties::paid_as(txn, entry.id).await? != left => {
            Err(Refusal::KeyReused.into())
        }
        Some(_) | None => Ok(()),
    }
}
