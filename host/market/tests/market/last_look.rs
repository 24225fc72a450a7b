//! Apps that look once more before an order of theirs is paid.

use souk_core::{OrderId, Timestamp};
use souk_events::Outcome;
use souk_ledger::entry::Entry;
use souk_ledger::{OrderState, Refusal};
use souk_market::{Call, MarketError};
use souk_store::Page;

use crate::shop::{Shop, Wares};

const SELLS: Wares = Wares {
    program: "wallet",
    commands: &["watch"],
    permissions: "[[req_permissions]]\nname = \"wallet.request\"\nreason = \"To sell\"\n\
        max_amount = { amount = \"50.00\", currency = \"USD\" }\n",
};

impl Shop {
    async fn watches() -> Self {
        Self::with_a_purse(SELLS).await
    }

    /// The shop asks for an amount, and wants to look again before it is paid.
    async fn watch(&self, key: &str, cents: u64) -> OrderId {
        self.types(&format!("/watch {key} {cents}")).await;
        self.told("order.id").await.parse().unwrap()
    }

    /// Ana approves what is on the sheet now.
    async fn approve(&self, call: &Call, order: OrderId) -> Result<Entry, MarketError> {
        let sheet = self.market.sheet(self.ana, order).await.unwrap();
        self.market.approve(call, order, &sheet.nonce).await
    }

    async fn purse(&self) -> String {
        let balances = self.market.balances(self.ana).await.unwrap();
        balances[0].available().to_string()
    }

    async fn state(&self, order: OrderId) -> OrderState {
        let view = self.market.order(self.ana, order).await.unwrap();
        view.order.state
    }
}

/// What the app made of its look.
fn stopped(approved: Result<Entry, MarketError>) -> Outcome {
    match approved {
        Err(MarketError::Stopped(happened)) => happened.outcome,
        other => panic!("{other:?}"),
    }
}

fn no(why: &str) -> Outcome {
    Outcome::Rejected(why.to_owned())
}

#[tokio::test]
async fn an_app_that_is_content_is_paid_and_hears_of_it() {
    let shop = Shop::watches().await;
    let order = shop.watch("cup-1", 250).await;
    let call = shop.call("approve");
    let entry = shop.approve(&call, order).await.unwrap();
    assert_eq!(shop.told("order.state").await, "pending", "while it looked");
    assert_eq!(shop.state(order).await, OrderState::Paid);
    assert_eq!(shop.purse().await, "87.50 USD");
    shop.dispatch().await;
    assert_eq!(shop.told("order.state").await, "paid");

    let said = shop.said().await.len();
    let again = shop.market.approve(&call, order, "-").await.unwrap();
    assert_eq!(again, entry, "the same call has the same answer");
    assert_eq!(shop.said().await.len(), said, "and is no second look");
}

#[tokio::test]
async fn a_refusal_moves_nothing_and_keeps_what_else_the_app_did() {
    let shop = Shop::watches().await;
    let order = shop.watch("gone", 250).await;
    let (call, said) = (shop.call("approve"), shop.said().await.len());
    assert_eq!(stopped(shop.approve(&call, order).await), no("Sold out"));
    assert_eq!(shop.state(order).await, OrderState::Pending);
    assert_eq!(shop.purse().await, "90.00 USD");
    assert_eq!(shop.said().await.len(), said + 1, "its report was kept");

    assert_eq!(stopped(shop.approve(&call, order).await), no("Sold out"));
    assert_eq!(
        shop.said().await.len(),
        said + 1,
        "the same call is no second look"
    );
    let another = shop.call("approve");
    assert_eq!(stopped(shop.approve(&another, order).await), no("Sold out"));
    assert_eq!(shop.said().await.len(), said + 2, "another one is");
}

#[tokio::test]
async fn a_failure_moves_nothing_and_keeps_nothing() {
    let shop = Shop::watches().await;
    for (key, why) in [("never", "Not today"), ("later", "Not yet")] {
        let order = shop.watch(key, 250).await;
        let (call, said) = (shop.call("approve"), shop.said().await.len());
        assert_eq!(stopped(shop.approve(&call, order).await), no(why));
        shop.pass(60_000);
        shop.dispatch().await;
        assert_eq!(shop.said().await.len(), said, "it does not run later");
        assert_eq!(shop.state(order).await, OrderState::Pending);
    }
    assert_eq!(shop.purse().await, "90.00 USD");
    let run = shop.market.activity(shop.ana, Page::last(1)).await.unwrap();
    assert_eq!(run[0].1.ended, "rejected");
}

#[tokio::test]
async fn nobody_looks_at_what_cannot_be_paid() {
    let shop = Shop::watches().await;
    let orders = [
        shop.watch("cup-1", 5_000).await,
        shop.watch("cup-2", 5_000).await,
    ];
    shop.approve(&shop.call("approve"), orders[0])
        .await
        .unwrap();
    shop.dispatch().await;
    let said = shop.said().await.len();
    let short = shop.approve(&shop.call("approve"), orders[1]).await;
    assert!(
        matches!(short, Err(MarketError::Ledger(Refusal::Funds))),
        "{short:?}"
    );
    let nonce = shop
        .market
        .approve(&shop.call("approve"), orders[1], "-")
        .await;
    assert!(
        matches!(nonce, Err(MarketError::Ledger(Refusal::Nonce))),
        "{nonce:?}"
    );
    assert_eq!(shop.said().await.len(), said);
}

#[tokio::test]
async fn two_devices_pay_once() {
    let shop = Shop::watches().await;
    let order = shop.watch("cup-1", 250).await;
    let calls = [shop.call("approve"), shop.call("approve")];
    let sheets = [
        shop.market.sheet(shop.ana, order).await.unwrap(),
        shop.market.sheet(shop.ana, order).await.unwrap(),
    ];
    let [one, two] = [0, 1].map(|device: usize| {
        shop.market
            .approve(&calls[device], order, &sheets[device].nonce)
    });
    let (one, two) = tokio::join!(one, two);
    let paid = [&one, &two].iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(paid, 1, "{one:?} {two:?}");
    assert_eq!(shop.purse().await, "87.50 USD");
}

#[tokio::test]
async fn an_order_whose_time_is_up_is_not_looked_at() {
    let shop = Shop::watches().await;
    let order = shop.watch("cup-1", 250).await;
    let sheet = shop.market.sheet(shop.ana, order).await.unwrap();
    let said = shop.said().await.len();
    let begin = Timestamp::from_millis(0);
    shop.pass(sheet.view.order.expires.millis_since(begin));
    let late = shop
        .market
        .approve(&shop.call("approve"), order, &sheet.nonce)
        .await;
    let expired = OrderState::Expired;
    assert!(
        matches!(late, Err(MarketError::Ledger(Refusal::OrderIs(state))) if state == expired),
        "{late:?}"
    );
    assert_eq!(shop.said().await.len(), said);
}
