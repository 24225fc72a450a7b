//! DEVICES: a person approves one order on two devices at the same moment, each with a sheet of its
//! own, and pays once.
//!
//! Both approvals have read all they rest on before the first of them commits. There is money
//! enough to pay every order twice.

use std::sync::Arc;
use std::time::Duration;

use souk_core::{AppId, ChatId, Money, OrderId, TransferId, TypedId, UserId};
use souk_ledger::order::{self, Ask, Details, Item};
use souk_ledger::{Entry, Holder, Policy, account, audit, rail};
use souk_market::{Call, Config, Market, MarketError};
use souk_runtime::{Limits, Runtime, Workshop};
use souk_store::Blobs;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Args, Tally};
use crate::Wrong;
use crate::hesitant::Hesitant;
use crate::till::{self, Till};
use crate::unprotected::Unsynced;

/// How often an order is approved twice.
const ORDERS: u32 = 100_000;
/// What each is approved on.
const DEVICES: usize = 2;
/// Markets that sell at once, each of them one order after the other.
const SHOPS: usize = 16;
/// Orders in one chat.
const CHAT_ORDERS: u64 = 500;
/// When both must have been answered.
const ANSWERED: Duration = Duration::from_secs(5);

/// Approves as many orders as asked, and tells how many were paid other than once.
///
/// # Errors
/// When there is no market.
pub async fn run(args: Args) -> Result<Tally, Wrong> {
    let (n, mut tally) = (args.n(ORDERS), Tally::default());
    let runtime = Runtime::new(&Limits::default())?;
    let numbers: Vec<_> = args.seeds(ORDERS).collect();
    let mut shops = JoinSet::new();
    for numbers in numbers.chunks(numbers.len().div_ceil(SHOPS)) {
        let (runtime, numbers) = (runtime.clone(), numbers.to_vec());
        shops.spawn(sell_all(runtime, numbers, args.unprotected));
    }
    while let Some(sold) = shops.join_next().await {
        for (number, came) in sold?? {
            tally.count(n, number, came);
        }
    }
    Ok(tally)
}

/// A number, and what came of its order.
type Sold = (u64, Result<(), Wrong>);

/// Sells orders with these numbers in a market of their own. What its books say is told with the
/// last of them.
async fn sell_all(
    runtime: Runtime,
    numbers: Vec<u64>,
    unprotected: bool,
) -> Result<Vec<Sold>, Wrong> {
    let orders = u64::try_from(numbers.len())?;
    let shop = Shop::open(runtime, orders, unprotected).await?;
    let mut sold = Vec::with_capacity(numbers.len());
    for number in numbers {
        sold.push((number, shop.sell(number).await));
    }
    if let (Err(wrong), Some((_, last))) = (shop.balanced(orders).await, sold.last_mut()) {
        *last = Err(wrong);
    }
    Ok(sold)
}

/// A market with somebody who buys and something that sells.
struct Shop {
    market: Market,
    engine: Arc<Hesitant>,
    payer: UserId,
    app: AppId,
    price: Money,
    _room: TempDir,
}

impl Shop {
    async fn open(runtime: Runtime, orders: u64, unprotected: bool) -> Result<Self, Wrong> {
        let room = till::folder()?;
        let till = Till::open(&till::options(room.path(), Arc::new(Unsynced)))?;
        let engine = Arc::new(till.hesitant(DEVICES, !unprotected));
        engine.wait_again(0);
        let blobs = Blobs::open(&room.path().join("blobs"))?;
        let workshop = Workshop::bare(runtime);
        let store = till.on(Arc::clone(&engine) as _);
        let market = Market::open(store, blobs, workshop, Config::default())?;
        let payer = market.register("ana", "Ana", "one-small-market").await?;
        let currency = "USD".parse()?;
        let shop = Self {
            market,
            engine,
            payer: payer.user,
            app: "com.example.sweets".parse()?,
            price: Money::new(1, currency)?,
            _room: room,
        };
        let twice = Money::new(2 * orders, currency)?;
        let (policy, payer, id) = (&Policy::default(), shop.payer, TransferId::from_bits(1));
        let deposit = |txn| async move { rail::deposit(&txn, policy, payer, twice, id).await };
        shop.market.store().transact(deposit).await?;
        Ok(shop)
    }

    /// Asks for something, and has both devices approve it.
    async fn sell(&self, number: u64) -> Result<(), Wrong> {
        let ask = &self.ask(number);
        let open = |txn| async move { order::open(&txn, &Policy::default(), ask).await };
        let order = self.market.store().transact(open).await?.id;
        let first = self.market.sheet(self.payer, order).await?.nonce;
        let second = self.market.sheet(self.payer, order).await?.nonce;
        self.engine.wait_again(DEVICES);
        let both = async {
            tokio::join!(
                self.approve(order, "first", &first),
                self.approve(order, "second", &second)
            )
        };
        let (first, second) = timeout(ANSWERED, both).await?;
        match (first, second) {
            (Ok(_), Err(MarketError::Ledger(_))) | (Err(MarketError::Ledger(_)), Ok(_)) => Ok(()),
            other => Err(format!("order {number}: {other:?}").into()),
        }
    }

    async fn approve(&self, id: OrderId, device: &str, nonce: &str) -> Result<Entry, MarketError> {
        let key = format!("{device} {id}");
        let call = Call::new(self.payer, key.as_str(), "approve", nonce.as_bytes());
        self.market.approve(&call, id, nonce).await
    }

    fn ask(&self, number: u64) -> Ask {
        let item = Item {
            id: None,
            label: "One sweet".to_owned(),
            quantity: 1,
            unit: self.price,
        };
        Ask {
            authorize_only: false,
            last_look: false,
            app: self.app.clone(),
            // Nobody takes the app's events: each of its lanes has room for so many.
            chat: ChatId::from_bits(u128::from(number / CHAT_ORDERS)),
            payer: self.payer,
            key: number.to_string(),
            details: Details {
                items: vec![item],
                totals: Vec::new(),
                memo: String::new(),
            },
            total: self.price,
            expires: None,
            ceiling: None,
        }
    }

    /// Checks that the books balance, and that each order was paid once by them too.
    async fn balanced(&self, orders: u64) -> Result<(), Wrong> {
        let txn = self.market.store().begin()?;
        if let Some(fault) = audit::audit(&txn).await?.faults.first() {
            return Err(format!("the audit says: {fault}").into());
        }
        let holder = Holder::App(self.app.clone());
        let balance = account::balance(&txn, &holder, self.price.currency()).await?;
        match balance.available().minor() {
            paid if paid == orders => Ok(()),
            paid => Err(format!("{orders} orders, {paid} payments").into()),
        }
    }
}
