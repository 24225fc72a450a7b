//! Money from one person to another that nobody accepts.

use souk_core::limits::GIFT_WAITS_MS;
use souk_ledger::{GiftState, Refusal};
use souk_market::{MarketError, SimulatedBank};

use crate::till::{Till, money};

#[tokio::test]
async fn what_nobody_accepts_goes_back_after_a_day_by_itself_also_over_a_restart() {
    let mut till = Till::new();
    till.config.rails.bank = Some(SimulatedBank { delay_ms: 0 });
    let mut till = till.open().await;
    till.paid_in("9.00 USD").await;
    let call = till.call("ana", "tea");
    let sent = till.market.send(&call, "ben", money("5.00 USD"), "tea");
    let id = sent.await.unwrap().id;
    till.restart().await;
    till.pass(GIFT_WAITS_MS - 1).await;
    assert_eq!(till.has("ana").await, "4.00 USD");
    assert_eq!(till.market.gifts(till.ben).await.unwrap().len(), 1);
    // Nobody does anything: that the money is back is the dispatcher's doing.
    till.restart().await;
    till.pass(1).await;
    assert_eq!(till.has("ana").await, "9.00 USD");
    for person in [till.ana, till.ben] {
        assert!(till.market.gifts(person).await.unwrap().is_empty());
    }
    let late = till.market.accept(&till.call("ben", "late"), id).await;
    let returned = MarketError::Ledger(Refusal::GiftIs(GiftState::Returned));
    assert_eq!(format!("{:?}", late.err()), format!("{:?}", Some(returned)));
    till.restart().await;
    till.pass(GIFT_WAITS_MS).await;
    assert_eq!(till.has("ana").await, "9.00 USD");
    till.is_balanced().await;
}
