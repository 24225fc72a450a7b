//! Rails and settlement, step by step: each step survives a restart, nothing happens twice, and
//! what a rail takes back is taken back.

use souk_core::limits::{ARRIVAL_WAITS_MS_MAX, CHAIN_BLOCKS_MAX, KEY_KEPT_MS, RAIL_AGAIN_MS};
use souk_ledger::entry::{Entry, EntryKind};
use souk_ledger::rail::chain::Fate;
use souk_ledger::rail::{ArrivalState, DepartureState};
use souk_ledger::{Holder, Rail, Refusal, Standing};
use souk_market::{Call, MarketError, Pocket, SimulatedBank, SimulatedChain, Update, Whose};
use souk_store::Page;

use crate::till::{Open, Till, money};

const DELAY: u64 = 3_000;

/// A host with both rails, whose bank takes its time.
fn slow() -> Till {
    let mut till = Till::new();
    till.config.rails.bank = Some(SimulatedBank { delay_ms: DELAY });
    // Longer than any test: blocks come when they are asked for.
    let block_ms = 3_600_000;
    till.config.rails.chain = Some(SimulatedChain { block_ms });
    till
}

#[tokio::test]
async fn a_bank_without_a_delay_confirms_at_once() {
    let mut till = Till::new();
    till.config.rails.bank = Some(SimulatedBank { delay_ms: 0 });
    let till = till.open().await;
    let arrival = till.deposit("d", "5.00 USD").await.unwrap();
    assert_eq!(arrival.state, ArrivalState::Posted);
    assert!(arrival.reference.starts_with("SOUK-"), "{arrival:?}");
    assert_eq!(till.deposit("d", "5.00 USD").await.unwrap(), arrival);
    let other = till.deposit("d", "6.00 USD").await;
    assert!(matches!(other, Err(MarketError::KeyReused)), "{other:?}");
    assert_eq!(till.has("ana").await, "5.00 USD");
    till.is_balanced().await;
}

#[tokio::test]
async fn a_deposit_counts_when_the_bank_confirms_it_also_after_a_restart() {
    let mut till = slow().open().await;
    let announced = till.deposit("d", "5.00 USD").await.unwrap();
    assert_eq!(announced.state, ArrivalState::Pending);
    till.work().await;
    assert_eq!(till.arrivals().await, [ArrivalState::Pending]);
    till.restart().await;
    till.pass(DELAY).await;
    assert_eq!(till.arrivals().await, [ArrivalState::Posted]);
    till.restart().await;
    till.pass(DELAY).await;
    assert_eq!(till.has("ana").await, "5.00 USD");
    till.is_balanced().await;
}

#[tokio::test]
async fn a_deposit_that_finds_no_room_is_tried_again_and_goes_back_in_the_end() {
    let mut till = slow();
    till.limit_balance("4.00 USD");
    let mut till = till.open().await;
    till.deposit("late", "3.00 USD").await.unwrap();
    till.deposit("never", "5.00 USD").await.unwrap();
    till.pass(DELAY).await;
    let waits = [ArrivalState::Pending, ArrivalState::Posted];
    assert_eq!(till.arrivals().await, waits);
    till.restart().await;
    till.pass(RAIL_AGAIN_MS).await;
    assert_eq!(till.arrivals().await, waits);
    till.pass(ARRIVAL_WAITS_MS_MAX).await;
    let dropped = [ArrivalState::Dropped, ArrivalState::Posted];
    assert_eq!(till.arrivals().await, dropped);
    assert_eq!(till.has("ana").await, "3.00 USD");
    till.is_balanced().await;
}

#[tokio::test]
async fn a_withdrawal_is_set_aside_sent_and_done_with_a_restart_before_every_step() {
    let mut till = slow().open().await;
    till.paid_in("9.00 USD").await;
    let asked = till.withdraw("w", Rail::Bank, "5.00 USD", "DE02").await;
    let asked = asked.unwrap();
    assert_eq!(asked.departure.state, DepartureState::Requested);
    assert_eq!(asked.to.as_deref(), Some("DE02"));
    assert_eq!(till.has("ana").await, "4.00 USD");
    for state in [DepartureState::Sent, DepartureState::Done] {
        till.restart().await;
        till.work().await;
        till.pass(DELAY).await;
        assert_eq!(till.departures().await, [state]);
    }
    till.restart().await;
    till.pass(DELAY).await;
    let again = till.withdraw("w", Rail::Bank, "5.00 USD", "DE02").await;
    assert_eq!(again.unwrap().to.as_deref(), Some("DE02"));
    assert_eq!(till.departures().await, [DepartureState::Done]);
    assert_eq!(till.has("ana").await, "4.00 USD");
    till.is_balanced().await;
}

#[tokio::test]
async fn a_withdrawal_that_bounces_comes_back() {
    let till = slow().open().await;
    till.paid_in("9.00 USD").await;
    let to = "Bounce & Sons";
    till.withdraw("w", Rail::Bank, "5.00 USD", to)
        .await
        .unwrap();
    till.pass(DELAY).await;
    assert_eq!(till.has("ana").await, "4.00 USD");
    till.pass(DELAY).await;
    assert_eq!(till.departures().await, [DepartureState::Failed]);
    assert_eq!(till.has("ana").await, "9.00 USD");
    till.is_balanced().await;
}

#[tokio::test]
async fn a_withdrawal_is_taken_back_until_it_is_sent_and_by_its_person_alone() {
    let till = slow().open().await;
    till.paid_in("9.00 USD").await;
    let asked = till.withdraw("w", Rail::Bank, "5.00 USD", "DE02").await;
    let id = asked.unwrap().departure.id;
    let strange = till.market.keep_here(&till.call("ben", "c"), id).await;
    let unknown = matches!(strange, Err(MarketError::Ledger(Refusal::UnknownGift)));
    assert!(unknown, "{strange:?}");
    let back = till.market.keep_here(&till.call("ana", "c"), id).await;
    assert_eq!(back.unwrap().departure.state, DepartureState::Failed);
    till.pass(DELAY).await;
    assert_eq!(till.has("ana").await, "9.00 USD");
    let asked = till.withdraw("v", Rail::Bank, "5.00 USD", "DE02").await;
    till.pass(DELAY).await;
    let late = till.call("ana", "late");
    let late = till
        .market
        .keep_here(&late, asked.unwrap().departure.id)
        .await;
    let sent = Err::<(), _>(Refusal::DepartureIs(DepartureState::Sent));
    assert_eq!(
        format!("{:?}", late.map(drop)),
        format!("{:?}", sent.map_err(MarketError::Ledger))
    );
    till.is_balanced().await;
}

#[tokio::test]
async fn a_rail_that_is_off_takes_nothing_and_finishes_when_it_is_on_again() {
    let mut till = slow().open().await;
    till.deposit("d", "5.00 USD").await.unwrap();
    let bank = till.config.rails.bank.take();
    till.config.rails.chain = None;
    till.restart().await;
    till.pass(DELAY).await;
    assert_eq!(till.arrivals().await, [ArrivalState::Pending]);
    let refused = till.deposit("e", "5.00 USD").await;
    assert!(matches!(refused, Err(MarketError::NoBank)), "{refused:?}");
    let refused = till.market.chain_address(till.ana).await;
    assert!(matches!(refused, Err(MarketError::NoChain)), "{refused:?}");
    till.config.rails.bank = bank;
    till.restart().await;
    till.pass(RAIL_AGAIN_MS).await;
    assert_eq!(till.arrivals().await, [ArrivalState::Posted]);
}

#[tokio::test]
async fn each_rail_carries_its_own_kind_of_money_to_places_of_its_own() {
    let till = slow().open().await;
    till.register("GOLD:4").await;
    for (rail, amount) in [(Rail::Bank, "1.0000 GOLD:4"), (Rail::Chain, "1.00 USD")] {
        let refused = till.withdraw("w", rail, amount, "somewhere").await;
        let carried = matches!(refused, Err(MarketError::NotCarried { .. }));
        assert!(carried, "{refused:?}");
    }
    let refused = till
        .withdraw("w", Rail::Chain, "1.0000 GOLD:4", "DE02")
        .await;
    assert!(
        matches!(refused, Err(MarketError::NoAddress)),
        "{refused:?}"
    );
    let refused = till.withdraw("w", Rail::Manual, "1.00 USD", "DE02").await;
    assert!(matches!(refused, Err(MarketError::ByHand)), "{refused:?}");
    for blocks in [0, CHAIN_BLOCKS_MAX + 1] {
        let refused = till.market.mine_blocks(&till.operator("m"), blocks).await;
        assert!(matches!(refused, Err(MarketError::Blocks)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_digital_currency_comes_in_survives_a_reorganization_and_goes_out() {
    let mut till = slow().open().await;
    till.register("GOLD:4").await;
    till.pay_ana("p", "2.0000 GOLD:4").await;
    till.mine(2).await;
    assert_eq!(till.arrivals().await, [ArrivalState::Pending]);
    till.restart().await;
    assert_eq!(till.reorganize(2, Fate::Return).await, []);
    till.mine(2).await;
    assert_eq!(till.arrivals().await, [ArrivalState::Pending]);
    till.mine(1).await;
    assert_eq!(till.arrivals().await, [ArrivalState::Posted]);
    assert_eq!(till.reorganize(3, Fate::Return).await, []);
    assert_eq!(till.has("ana").await, "2.0000 GOLD:4");

    let outside = format!("sim1{}", "a".repeat(32));
    let out = till.withdraw("w", Rail::Chain, "0.5000 GOLD:4", &outside);
    out.await.unwrap();
    till.restart().await;
    till.work().await;
    assert_eq!(till.departures().await, [DepartureState::Sent]);
    till.mine(2).await;
    till.restart().await;
    // What the host sends is sent again, whatever becomes of the rest.
    assert_eq!(till.reorganize(1, Fate::Vanish).await, []);
    till.mine(3).await;
    assert_eq!(till.departures().await, [DepartureState::Done]);
    assert_eq!(till.has("ana").await, "1.5000 GOLD:4");
    till.is_balanced().await;
}

#[tokio::test]
async fn blocks_come_by_themselves_while_something_waits_for_one() {
    let mut till = slow();
    till.config.rails.chain = Some(SimulatedChain { block_ms: 5 });
    let till = till.open().await;
    till.register("GOLD:4").await;
    till.drive().await;
    assert_eq!(till.market.chain().await.unwrap().height, 0);
    till.pay_ana("p", "2.0000 GOLD:4").await;
    till.drive().await;
    assert_eq!(till.arrivals().await, [ArrivalState::Posted]);
    // Once the payment is as deep as anything can be, the chain is at rest.
    let height = till.market.chain().await.unwrap().height;
    till.drive().await;
    assert_eq!(till.market.chain().await.unwrap().height, height);
}

#[tokio::test]
async fn a_deposit_taken_back_after_it_was_spent_freezes_the_account() {
    let till = slow().open().await;
    let arrival = till.paid_in("5.00 USD").await;
    let out = till.withdraw("w", Rail::Bank, "4.00 USD", "DE02");
    out.await.unwrap();
    for key in ["t", "t", "u"] {
        let call = till.operator(key);
        let back = till.market.take_back_arrival(&call, arrival);
        assert_eq!(back.await.unwrap().state, ArrivalState::Reversed);
    }
    let accounts = till.market.accounts(&Whose::Person("ana".to_owned())).await;
    let accounts = accounts.unwrap();
    assert_eq!(accounts[0].balance.standing, Standing::Frozen);
    assert_eq!(accounts[0].history.len(), 1);
    // What was on its way goes on; nothing else leaves.
    till.pass(DELAY).await;
    till.pass(DELAY).await;
    assert_eq!(till.departures().await, [DepartureState::Done]);
    let frozen = till.withdraw("x", Rail::Bank, "1.00 USD", "DE02").await;
    let is_frozen = matches!(frozen, Err(MarketError::Ledger(Refusal::Frozen)));
    assert!(is_frozen, "{frozen:?}");
    till.is_balanced().await;
}

#[tokio::test]
async fn takings_wait_are_settled_once_and_taken_out_by_the_merchant() {
    const WEEK: u64 = 7 * 24 * 60 * 60 * 1_000;
    let mut till = slow().open().await;
    till.publish().await;
    till.paid_in("9.00 USD").await;
    till.buys("3.50 USD").await;
    till.drive().await;
    assert_eq!(till.takings().await, ("3.50 USD".to_owned(), String::new()));
    till.pass(WEEK + 3_600_000).await;
    till.buys("2.00 USD").await;
    for _ in 0..2 {
        till.restart().await;
        till.drive().await;
        let young = ("2.00 USD".to_owned(), "3.50 USD".to_owned());
        assert_eq!(till.takings().await, young);
    }
    let (call, to) = (till.call("ben", "out"), "DE02");
    let mara = Holder::Merchant(till.ben);
    let out = till
        .market
        .withdraw(&call, mara.clone(), Rail::Bank, money("3.51 USD"), to);
    let refused = out.await;
    let poor = matches!(refused, Err(MarketError::Ledger(Refusal::Funds)));
    assert!(poor, "{refused:?}");
    let call = till.call("ben", "less");
    let out = till
        .market
        .withdraw(&call, mara, Rail::Bank, money("3.00 USD"), to);
    out.await.unwrap();
    till.pass(DELAY).await;
    till.pass(DELAY).await;
    let rest = ("2.00 USD".to_owned(), "0.50 USD".to_owned());
    assert_eq!(till.takings().await, rest);
    till.is_balanced().await;
}

/// The operator books that Ana was paid elsewhere.
async fn paid_out(
    till: &Open,
    key: &str,
    amount: &str,
    reason: &str,
) -> Result<Entry, MarketError> {
    let call = Call::of_operator(key, "withdraw", format!("{amount} {reason}").as_bytes());
    let from = ("ana", Pocket::Wallet);
    till.market
        .withdraw_by_hand(&call, from, money(amount), reason)
        .await
}

#[tokio::test]
async fn what_was_booked_by_hand_is_booked_once_for_ever_and_a_refusal_stays() {
    let mut till = slow().open().await;
    till.paid_in("9.00 USD").await;
    let first = paid_out(&till, "w", "5.00 USD", "cash").await.unwrap();
    let short = paid_out(&till, "x", "5.00 USD", "cash").await;
    let funds = |answer: Result<Entry, MarketError>| {
        let poor = matches!(answer, Err(MarketError::Ledger(Refusal::Funds)));
        assert!(poor, "{answer:?}");
    };
    funds(short);
    till.deposit("more", "9.00 USD").await.unwrap();
    for wait in [DELAY, KEY_KEPT_MS, 30 * KEY_KEPT_MS] {
        till.restart().await;
        till.pass(wait).await;
        let again = paid_out(&till, "w", "5.00 USD", "cash").await;
        assert_eq!(again.unwrap(), first);
        funds(paid_out(&till, "x", "5.00 USD", "cash").await);
        for (amount, reason) in [("5.00 USD", "else"), ("4.00 USD", "cash"), ("5.00 USD", "")] {
            let other = paid_out(&till, "w", amount, reason).await;
            let taken = matches!(
                other,
                Err(MarketError::KeyReused | MarketError::Ledger(Refusal::IdReused))
            );
            assert!(taken, "{other:?}");
        }
        assert_eq!(till.has("ana").await, "13.00 USD");
    }
    let (ana, usd) = (Holder::Person(till.ana), "USD".parse().unwrap());
    let lines = till.market.statement(&ana, usd, Page::last(9)).await;
    let lines = lines.unwrap();
    let out: Vec<_> = lines.iter().filter(|line| !line.incoming).collect();
    assert_eq!(out.len(), 1);
    assert_eq!(out[0].kind, EntryKind::Withdrawal);
    assert_eq!(out[0].note.as_deref(), Some("cash"));
    till.is_balanced().await;
}

#[tokio::test]
async fn what_was_settled_is_recalled_and_paid_out_by_hand_with_a_word_to_the_merchant() {
    const WEEK: u64 = 7 * 24 * 60 * 60 * 1_000;
    let till = slow().open().await;
    till.publish().await;
    till.paid_in("9.00 USD").await;
    till.buys("3.50 USD").await;
    till.pass(WEEK + 3_600_000).await;
    till.drive().await;
    let tea = "com.example.tea".parse().unwrap();
    for key in ["r", "r"] {
        let call = till.operator(key);
        let back = till
            .market
            .recall(&call, &tea, money("2.00 USD"), "dispute");
        assert_eq!(back.await.unwrap().kind, EntryKind::Recall);
    }
    let back = ("2.00 USD".to_owned(), "1.50 USD".to_owned());
    assert_eq!(till.takings().await, back);
    // It waits again: what was settled is not settled once more the moment it is back.
    till.drive().await;
    assert_eq!(till.takings().await, back);
    let (call, from) = (till.operator("out"), ("ben", Pocket::Takings));
    let out = till
        .market
        .withdraw_by_hand(&call, from, money("1.00 USD"), "cheque 7");
    let out = out.await.unwrap();
    let call = till.operator("more");
    let more = till
        .market
        .recall(&call, &tea, money("0.51 USD"), "dispute");
    let more = more.await;
    let poor = matches!(more, Err(MarketError::Ledger(Refusal::Funds)));
    assert!(poor, "{more:?}");
    let (ben, usd) = (Holder::Merchant(till.ben), "USD".parse().unwrap());
    let lines = till.market.statement(&ben, usd, Page::last(9)).await;
    let said = lines
        .unwrap()
        .into_iter()
        .map(|line| (line.kind, line.note));
    let note = |text: &str| Some(text.to_owned());
    let expected = [
        (EntryKind::Withdrawal, note("cheque 7")),
        (EntryKind::Recall, note("dispute")),
        (EntryKind::Settlement, None),
    ];
    assert_eq!(said.collect::<Vec<_>>(), expected);
    // The merchant has the receipt of it, and nobody else.
    assert!(till.market.receipt(till.ben, out.id).await.is_ok());
    assert!(till.market.receipt(till.ana, out.id).await.is_err());
    till.is_balanced().await;
}

#[tokio::test]
async fn a_person_hears_that_their_account_is_frozen_and_that_it_is_not_any_more() {
    let till = slow().open().await;
    till.paid_in("5.00 USD").await;
    let mut anas = till.market.updates(till.ana, None).await.unwrap();
    for (key, standing) in [("f", Standing::Frozen), ("o", Standing::Open)] {
        let (call, whose) = (till.operator(key), Whose::Person("ana".to_owned()));
        let usd = "USD".parse().unwrap();
        let set = till
            .market
            .set_standing(&call, &whose, usd, standing, "a word");
        set.await.unwrap();
        let told = anas.read().await.unwrap();
        let [Update::Balances(balances)] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(balances[0].standing, standing);
    }
}
