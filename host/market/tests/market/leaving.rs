//! Somebody leaves an app while things of theirs still stand there.

use souk_core::{Blame, EventId, OrderId, Timestamp};
use souk_events::Outcome;
use souk_identity::Budget;
use souk_market::Said;

use crate::shop::{Shop, Wares};

const SELLS: Wares = Wares {
    program: "wallet",
    commands: &["ask", "find", "purse"],
    permissions: "[[req_permissions]]\nname = \"wallet.request\"\nreason = \"To sell\"\n\
        max_amount = { amount = \"50.00\", currency = \"USD\" }\n",
};

const SELLS_AND_REMINDS: &str = "[[req_permissions]]\nname = \"wallet.request\"\n\
    reason = \"To sell\"\nmax_amount = { amount = \"50.00\", currency = \"USD\" }\n\
    [[req_permissions]]\nname = \"schedule\"\nreason = \"To remind you\"\n";

impl Shop {
    async fn sells() -> Self {
        Self::with_a_purse(SELLS).await
    }

    /// The shop asks for a dollar. Returns the order, and the id by which it knows who is asked.
    async fn asks(&self, key: &str) -> (OrderId, String) {
        self.types(&format!("/ask {key} 100")).await;
        let order = self.told("order.id").await.parse().unwrap();
        (order, self.told("order.payer-id").await)
    }

    async fn declines(&self, order: OrderId) {
        let call = self.call("decline");
        self.market.decline(&call, order).await.unwrap();
        self.dispatch().await;
    }

    async fn approves(&self, order: OrderId) {
        let sheet = self.market.sheet(self.ana, order).await.unwrap();
        let call = self.call("approve");
        let approved = self.market.approve(&call, order, &sheet.nonce).await;
        approved.unwrap();
        self.dispatch().await;
    }

    async fn types_in_vain(&self, text: &str) -> EventId {
        let call = self.call("say");
        match self.market.say(&call, self.chat, text, None).await.unwrap() {
            Said::Happened(happened) => {
                assert_eq!(happened.outcome, Outcome::Parked);
                happened.event
            }
            Said::Posted(_) => panic!("{text} is a command"),
        }
    }

    async fn budget(&self, order: Option<&str>) {
        let budget = Budget {
            order: order.map(|amount| amount.parse().unwrap()),
            day: None,
            in_all: None,
            until: None,
            since: Timestamp::from_millis(0),
        };
        let (call, app) = (self.call("budget"), Self::app());
        self.market.set_budget(&call, &app, &budget).await.unwrap();
    }
}

#[tokio::test]
async fn an_order_is_of_the_one_who_was_asked_whoever_they_are_now() {
    let shop = Shop::sells().await;
    let (first, before) = shop.asks("k1").await;
    let (second, same) = shop.asks("k2").await;
    assert_eq!(before, same);
    shop.leaves(shop.ana).await;

    shop.approves(first).await;
    assert_eq!(shop.told("order.state").await, "paid", "it still hears");
    assert_eq!(shop.told("order.payer-id").await, before);
    assert_eq!(shop.told("the payer's event").await, "true");

    let (third, after) = shop.asks("k3").await;
    assert_ne!(after, before, "they are back, as somebody new");
    shop.declines(second).await;
    assert_eq!(shop.told("order.payer-id").await, before);
    assert_eq!(shop.told("the payer's event").await, "true");
    shop.declines(third).await;
    assert_eq!(shop.told("order.payer-id").await, after);

    shop.types(&format!("/find {first}")).await;
    assert_eq!(shop.told("order.payer-id").await, before);
    shop.types("/ask k1 100").await;
    let reused = shop.told("order").await;
    assert!(reused.starts_with("denied key-reused"), "{reused}");
    let (again, _) = shop.asks("k4").await;
    assert_eq!(shop.asks("k4").await, (again, after), "their own is theirs");
}

#[tokio::test]
async fn of_who_left_an_order_says_nothing_else() {
    let shop = Shop::sells().await;
    let (order, _) = shop.asks("k1").await;
    shop.leaves(shop.ana).await;
    shop.approves(order).await;
    let run = shop.market.activity(shop.ana, souk_store::Page::last(1));
    let (_, line) = run.await.unwrap().remove(0);
    assert_eq!(line.ended, "done");
    let grants = shop.market.grants(shop.ana).await.unwrap();
    assert_eq!(grants.len(), 0, "an order's event opens nothing");
}

#[tokio::test]
async fn what_waited_for_an_answer_is_over_for_who_leaves() {
    let mut shop = Shop::sells().await;
    shop.types("/purse USD").await;
    shop.wares.permissions = SELLS_AND_REMINDS;
    shop.publish(2).await;
    let waits = shop.types_in_vain("/purse USD").await;
    let mut updates = shop.market.updates(shop.ana, None).await.unwrap();
    shop.leaves(shop.ana).await;
    let ended = shop.market.event(shop.ana, waits).await.unwrap().outcome;
    let left = Outcome::Fault {
        blame: Blame::User,
        what: "the person has left the app".to_owned(),
    };
    assert_eq!(ended, left);
    assert_eq!(updates.read().await.unwrap().len(), 1, "and they are told");
}

#[tokio::test]
async fn a_budget_is_on_the_page_before_the_app_is_opened_and_after_it_is_left() {
    let shop = Shop::sells().await;
    let budgets = || async {
        let grants = shop.market.grants(shop.ana).await.unwrap();
        let budgets = grants.into_iter().map(|it| it.budget.unwrap().order);
        budgets.collect::<Vec<_>>()
    };
    shop.budget(Some("1.00 USD")).await;
    let bound = [Some("1.00 USD".parse().unwrap())];
    assert_eq!(budgets().await, bound);
    shop.types("/purse USD").await;
    assert_eq!(budgets().await, bound);
    shop.leaves(shop.ana).await;
    assert_eq!(budgets().await, bound, "a bound is not lifted by leaving");
    shop.budget(None).await;
    assert_eq!(budgets().await, []);
}
