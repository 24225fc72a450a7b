//! Rails: what comes in counts once it is confirmed, what is lost goes back, what goes out is gone
//! once.

use souk_core::limits::PAGE_ENTRIES_MAX;
use souk_core::{Timestamp, TransferId};
use souk_store::{CommitError, Key, Owner, Page, Record, Txn};

use super::book::{Book, app, holder, money, person, tea, transfer_id};
use crate::account::{Purse, Rail, Standing, asset, standing};
use crate::audit::AuditFault;
use crate::rail::chain::{self, Fate};
use crate::rail::departure::{self, Withdraw};
use crate::rail::{Arrival, ArrivalState, Departure, DepartureState, Destination, arrival};
use crate::{Holder, Refusal, gift, keys, settlement};

async fn address(book: &Book, who: &str) -> String {
    let who = person(who);
    book.run(|txn| async move { chain::address(&txn, who).await })
        .await
        .unwrap()
}

async fn pay(book: &Book, to: &str, amount: &str) -> TransferId {
    let amount = money(amount);
    let pay = |txn: Txn| async move { chain::pay(&txn, to, amount).await };
    book.run(pay).await.unwrap().id
}

async fn mine(book: &Book) -> Vec<ArrivalState> {
    let mine = |txn: Txn| async move { chain::mine(&txn, &book.policy).await };
    let arrivals = book.run(mine).await.unwrap();
    arrivals.iter().map(|arrival| arrival.state).collect()
}

async fn reorganize(book: &Book, depth: u64, fate: Fate) -> Vec<ArrivalState> {
    let reorganize = |txn: Txn| async move { chain::reorganize(&txn, depth, fate).await };
    let lost = book.run(reorganize).await.unwrap();
    lost.iter().map(|arrival| arrival.state).collect()
}

async fn losses(book: &Book) -> i64 {
    book.balance(&Holder::Host(Purse::Losses), "USD")
        .await
        .available
}

#[tokio::test]
async fn a_payment_on_the_chain_counts_at_the_third_block() {
    let book = Book::new();
    let to = address(&book, "ana").await;
    assert_eq!(address(&book, "ana").await, to);
    let id = pay(&book, &to, "5.00 USD").await;
    pay(&book, "sim1somewhere", "9.00 USD").await;
    assert_eq!(mine(&book).await, [ArrivalState::Pending]);
    assert_eq!(mine(&book).await, [ArrivalState::Pending]);
    assert_eq!(book.usd("ana").await, "0.00 USD");
    assert_eq!(mine(&book).await, [ArrivalState::Posted]);
    assert_eq!(mine(&book).await, [ArrivalState::Posted]);
    assert_eq!(book.usd("ana").await, "5.00 USD");
    let read = |txn: Txn| async move { arrival::get(&txn, id).await };
    let arrived = book.run(read).await.unwrap().unwrap();
    assert_eq!((arrived.rail, arrived.confirmations), (Rail::Chain, 3));
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn a_reorganization_before_it_counts_drops_it_or_lets_it_come_again() {
    let book = Book::new();
    let to = address(&book, "ana").await;
    pay(&book, &to, "5.00 USD").await;
    mine(&book).await;
    mine(&book).await;
    assert_eq!(reorganize(&book, 2, Fate::Return).await, []);
    assert_eq!(mine(&book).await, [ArrivalState::Pending]);
    mine(&book).await;
    assert_eq!(mine(&book).await, [ArrivalState::Posted]);
    pay(&book, &to, "7.00 USD").await;
    mine(&book).await;
    let dropped = reorganize(&book, 1, Fate::Vanish).await;
    assert_eq!(dropped, [ArrivalState::Dropped]);
    for _ in 0..3 {
        mine(&book).await;
    }
    assert_eq!(book.usd("ana").await, "5.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn a_reorganization_after_it_counted_takes_it_back() {
    let book = Book::new();
    let to = address(&book, "ana").await;
    pay(&book, &to, "5.00 USD").await;
    for _ in 0..3 {
        mine(&book).await;
    }
    let reversed = reorganize(&book, 3, Fate::Vanish).await;
    assert_eq!(reversed, [ArrivalState::Reversed]);
    assert_eq!(book.usd("ana").await, "0.00 USD");
    assert_eq!(losses(&book).await, 0);
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn what_was_spent_already_is_the_hosts_loss_and_the_account_is_frozen() {
    let book = Book::new();
    let to = address(&book, "ana").await;
    pay(&book, &to, "5.00 USD").await;
    for _ in 0..3 {
        mine(&book).await;
    }
    book.offer("ana", "ben", "4.00 USD", "g", "").await.unwrap();
    book.gift("accept", "g", "ben").await.unwrap();
    let reversed = reorganize(&book, 3, Fate::Vanish).await;
    assert_eq!(reversed, [ArrivalState::Reversed]);
    assert_eq!(book.usd("ana").await, "1.00 USD");
    assert_eq!(losses(&book).await, -500);
    let read =
        |txn: Txn| async move { standing::of(&txn, &holder("ana"), "USD".parse().unwrap()).await };
    assert_eq!(book.run(read).await, Ok(Standing::Frozen));
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn an_arrival_that_a_limit_refuses_waits() {
    let mut book = Book::new();
    let to = address(&book, "ana").await;
    pay(&book, &to, "5.00 USD").await;
    book.policy.limits.balance.0 = vec![money("4.00 USD")];
    for _ in 0..4 {
        assert_eq!(mine(&book).await, [ArrivalState::Pending]);
    }
    book.policy.limits.balance.0 = vec![money("5.00 USD")];
    assert_eq!(mine(&book).await, [ArrivalState::Posted]);
    assert!(book.audit().await.is_balanced());
}

pub(super) async fn withdraw(book: &Book, amount: &str, id: &str) -> Result<Departure, Refusal> {
    withdraw_to(book, amount, id, IBAN).await
}

const IBAN: &str = "DE02 1203 0000 0000 2020 51";

async fn withdraw_to(book: &Book, amount: &str, id: &str, to: &str) -> Result<Departure, Refusal> {
    let ask = Withdraw {
        id: transfer_id(id),
        rail: Rail::Bank,
        from: holder("ana"),
        amount: money(amount),
        to: to.to_owned(),
    };
    request(book, &ask).await
}

async fn request(book: &Book, ask: &Withdraw) -> Result<Departure, Refusal> {
    book.run(|txn| async move { departure::request(&txn, &book.policy, ask).await })
        .await
}

async fn step(book: &Book, verb: &str, id: &str) -> Result<DepartureState, Refusal> {
    let id = transfer_id(id);
    let step = |txn: Txn| async move {
        match verb {
            "sent" => departure::sent(&txn, id).await,
            "done" => departure::done(&txn, id).await,
            "fail" => departure::fail(&txn, id).await,
            other => panic!("no such step: {other}"),
        }
    };
    Ok(book.run(step).await?.state)
}

/// Writes a record, audits, and returns what was found.
async fn found<R: Record>(book: &Book, key: Key, altered: &R) -> Vec<AuditFault> {
    let key = &key;
    let put = |txn: Txn| async move { Ok(txn.put(key, altered)?) };
    book.run(put).await.unwrap();
    book.audit().await.faults
}

#[tokio::test]
async fn the_audit_compares_what_came_and_went_with_its_entries() {
    let book = Book::new();
    let to = address(&book, "ana").await;
    let came = pay(&book, &to, "5.00 USD").await;
    for _ in 0..3 {
        mine(&book).await;
    }
    let read = |txn: Txn| async move { arrival::get(&txn, came).await };
    let arrived = book.run(read).await.unwrap().unwrap();
    let asked = withdraw(&book, "2.00 USD", "w").await.unwrap();
    assert!(book.audit().await.is_balanced());

    let other = Arrival {
        amount: money("6.00 USD"),
        ..arrived.clone()
    };
    let fault = AuditFault::Passage(came);
    assert_eq!(found(&book, keys::arrival(came), &other).await, [fault]);
    let bens = Arrival {
        to: person("ben"),
        ..arrived.clone()
    };
    let fault = AuditFault::Passage(came);
    assert_eq!(found(&book, keys::arrival(came), &bens).await, [fault]);
    assert_eq!(found(&book, keys::arrival(came), &arrived).await, []);

    let gone = Departure {
        state: DepartureState::Done,
        ..asked
    };
    let fault = AuditFault::Passage(gone.id);
    assert_eq!(found(&book, keys::departure(gone.id), &gone).await, [fault]);
}

#[tokio::test]
async fn a_withdrawal_is_set_aside_sent_and_gone_once() {
    use DepartureState::{Done, Failed, Requested, Sent};
    let book = Book::new();
    book.deposit("ana", "9.00 USD", "d").await.unwrap();
    assert_eq!(withdraw(&book, "9.01 USD", "w").await, Err(Refusal::Funds));
    let asked = withdraw(&book, "5.00 USD", "w").await.unwrap();
    assert_eq!(asked.state, Requested);
    assert_eq!(withdraw(&book, "5.00 USD", "w").await, Ok(asked));
    let other = withdraw(&book, "4.00 USD", "w").await;
    assert_eq!(other, Err(Refusal::IdReused));
    assert_eq!(book.usd("ana").await, "4.00 USD");
    let early = step(&book, "done", "w").await;
    assert_eq!(early, Err(Refusal::DepartureIs(Requested)));
    for verb in ["sent", "sent"] {
        assert_eq!(step(&book, verb, "w").await, Ok(Sent));
    }
    for verb in ["done", "done"] {
        assert_eq!(step(&book, verb, "w").await, Ok(Done));
    }
    for verb in ["fail", "sent"] {
        let late = step(&book, verb, "w").await;
        assert_eq!(late, Err(Refusal::DepartureIs(Done)));
    }
    withdraw(&book, "4.00 USD", "v").await.unwrap();
    for verb in ["fail", "fail"] {
        assert_eq!(step(&book, verb, "v").await, Ok(Failed));
    }
    assert_eq!(book.usd("ana").await, "4.00 USD");
    let bank = book.balance(&holder("bank"), "USD").await;
    assert_eq!(bank.available, -400);
    assert!(book.audit().await.is_balanced());
}

async fn destination(book: &Book, departure: &Departure) -> Option<String> {
    book.run(|txn: Txn| async move { Ok(departure.destination(&txn)) })
        .await
        .unwrap()
}

#[tokio::test]
async fn where_a_withdrawal_goes_is_erased_with_its_person_and_it_is_the_same_for_ever() {
    let book = Book::new();
    book.deposit("ana", "9.00 USD", "d").await.unwrap();
    let asked = withdraw(&book, "5.00 USD", "w").await.unwrap();
    let twin = withdraw(&book, "1.00 USD", "v").await.unwrap();
    for departure in [&asked, &twin] {
        assert_eq!(destination(&book, departure).await.as_deref(), Some(IBAN));
        let stored = postcard::to_stdvec(departure).unwrap();
        assert!(!stored.windows(4).any(|part| part == b"DE02"), "{stored:?}");
    }
    // Not even that both go to the same place can be seen.
    let digests = [&asked, &twin].map(|departure| match &departure.to {
        Destination::Sealed { digest, .. } => *digest,
        Destination::Clear(to) => panic!("{to}"),
    });
    assert_ne!(digests[0], digests[1]);
    let elsewhere = async || withdraw_to(&book, "5.00 USD", "w", "DE03").await;
    assert_eq!(elsewhere().await, Err(Refusal::IdReused));

    let owner = Owner::Person(person("ana"));
    book.store.keyring().erase(&owner).await.unwrap();
    assert_eq!(destination(&book, &asked).await, None);
    assert_eq!(withdraw(&book, "5.00 USD", "w").await, Ok(asked));
    assert_eq!(elsewhere().await, Err(Refusal::IdReused));
}

#[tokio::test]
async fn a_withdrawal_kept_in_clear_is_the_same_still_and_sealed_when_its_person_leaves() {
    let book = Book::new();
    book.deposit("ana", "9.00 USD", "d").await.unwrap();
    let asked = withdraw(&book, "5.00 USD", "w").await.unwrap();
    let older = &Departure {
        to: Destination::Clear(IBAN.to_owned()),
        ..asked
    };
    let put = |txn: Txn| async move { Ok(txn.put(&keys::departure(older.id), older)?) };
    book.run(put).await.unwrap();
    let again = withdraw(&book, "5.00 USD", "w").await.unwrap();
    assert_eq!(again, *older);
    assert_eq!(destination(&book, &again).await.as_deref(), Some(IBAN));
    let elsewhere = withdraw_to(&book, "5.00 USD", "w", "DE03").await;
    assert_eq!(elsewhere, Err(Refusal::IdReused));

    let ana = person("ana");
    let leaves = |txn: Txn| async move { departure::seal_older(&txn, ana).await };
    book.run(leaves).await.unwrap();
    let sealed = withdraw(&book, "5.00 USD", "w").await.unwrap();
    assert!(matches!(sealed.to, Destination::Sealed { .. }));
    assert_eq!(destination(&book, &sealed).await.as_deref(), Some(IBAN));
}

#[tokio::test]
async fn an_asset_is_held_once_it_is_registered_and_never_mixed() {
    let book = Book::new();
    let register = async |asset: &'static str| {
        let asset = asset.parse().unwrap();
        book.run(|txn| async move { asset::register(&txn, asset).await })
            .await
    };
    let deposit = async |amount: &str, id: &str| book.deposit("ana", amount, id).await.map(drop);
    assert_eq!(
        deposit("1.0000 GOLD:4", "a").await,
        Err(Refusal::UnknownAsset)
    );
    assert_eq!(register("USD").await, Err(Refusal::AssetTaken));
    assert_eq!(register("GOLD:4").await, Ok(()));
    assert_eq!(register("GOLD:4").await, Ok(()));
    assert_eq!(register("GOLD:5").await, Err(Refusal::AssetTaken));
    assert_eq!(
        deposit("1.00000 GOLD:5", "a").await,
        Err(Refusal::UnknownAsset)
    );
    assert_eq!(deposit("1.0000 GOLD:4", "a").await, Ok(()));
    assert_eq!(deposit("1.00 USD", "b").await, Ok(()));
    // It pays like any other money, and only for what is asked in it.
    let cup = book
        .open(&tea("ana", "0.2500 GOLD:4", "cup"))
        .await
        .unwrap();
    book.pay(cup.id, "ana", "p").await.unwrap();
    let gold = book.balance(&holder("tea"), "GOLD:4").await.available();
    assert_eq!(gold.to_string(), "0.2500 GOLD:4");
    assert_eq!(book.usd("tea").await, "0.00 USD");
    let all = book.run(|txn| async move { asset::all(&txn).await });
    assert_eq!(all.await.unwrap(), ["GOLD:4".parse().unwrap()]);
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn what_the_host_sends_over_the_chain_is_done_at_the_third_block() {
    let book = Book::new();
    book.deposit("ana", "9.00 USD", "d").await.unwrap();
    let to = address(&book, "ben").await;
    let ask = Withdraw {
        id: transfer_id("w"),
        rail: Rail::Chain,
        from: holder("ana"),
        amount: money("5.00 USD"),
        to: to.clone(),
    };
    let asked = &request(&book, &ask).await.unwrap();
    let send = |txn: Txn| async move { chain::send(&txn, asked).await };
    assert_eq!(book.run(send).await.unwrap().state, DepartureState::Sent);
    // What goes to somebody here arrives, like anything else on the chain.
    assert_eq!(mine(&book).await, [ArrivalState::Pending]);
    // Nobody takes the host's own money off the chain: it is sent again.
    assert_eq!(reorganize(&book, 1, Fate::Vanish).await, []);
    for _ in 0..2 {
        assert_eq!(mine(&book).await, [ArrivalState::Pending]);
    }
    assert_eq!(out(&book, "ana").await, [DepartureState::Sent]);
    assert_eq!(mine(&book).await, [ArrivalState::Posted]);
    assert_eq!(out(&book, "ana").await, [DepartureState::Done]);
    assert_eq!(book.usd("ana").await, "4.00 USD");
    assert_eq!(book.usd("ben").await, "5.00 USD");
    assert!(book.audit().await.is_balanced());
}

async fn out(book: &Book, who: &str) -> Vec<DepartureState> {
    let who = person(who);
    let read = |txn: Txn| async move { departure::of(&txn, who, Page::last(9)).await };
    let found = book.run(read).await.unwrap().into_iter();
    found.map(|(_, departure)| departure.state).collect()
}

#[tokio::test]
async fn people_find_what_comes_in_for_them_newest_first() {
    let book = Book::new();
    let to = address(&book, "ana").await;
    for amount in ["1.00 USD", "2.00 USD"] {
        pay(&book, &to, amount).await;
        mine(&book).await;
    }
    let of = async |who: &str| {
        let who = person(who);
        let read = |txn: Txn| async move { arrival::of(&txn, who, Page::last(9)).await };
        let found = book.run(read).await.unwrap().into_iter();
        let told = found.map(|(place, arrival)| {
            let arrival = (arrival.amount.to_string(), arrival.confirmations);
            (place, arrival)
        });
        told.collect::<Vec<_>>()
    };
    let newest = [
        (1, ("2.00 USD".to_owned(), 1)),
        (0, ("1.00 USD".to_owned(), 2)),
    ];
    assert_eq!(of("ana").await, newest);
    assert_eq!(of("ben").await, []);
}

#[test]
fn an_address_is_a_prefix_and_thirty_two_digits() {
    let good = format!("sim1{}", "0f".repeat(16));
    assert!(chain::is_address(&good));
    let upper = good.to_uppercase();
    let long = format!("{good}0");
    for text in ["", "sim1", "sim1xyz", "DE02 1203", &upper, &long] {
        assert!(!chain::is_address(text), "{text}");
    }
}

/// Settles what the tea house took more than so many days ago. Returns what moved.
pub(super) async fn settle_older(book: &Book, days: u64) -> Option<String> {
    let settle = |txn: Txn| async move {
        let (app, usd) = (app("tea"), "USD".parse().unwrap());
        let since = Timestamp::from_millis(txn.now().millis() - days * 86_400_000);
        settlement::settle_until(&txn, &app, person("mara"), usd, since).await
    };
    let entry = book.run(settle).await.unwrap();
    entry.map(|entry| entry.amount.to_string())
}

#[tokio::test]
async fn takings_are_settled_once_for_each_time() {
    let book = Book::new();
    let settle = async |days| settle_older(&book, days).await;
    book.deposit("ana", "50.00 USD", "d").await.unwrap();
    book.paid("ana", "10.00 USD", "old").await;
    book.wait(10 * 86_400_000);
    book.paid("ana", "5.00 USD", "young").await;
    assert_eq!(settle(11).await, None);
    assert_eq!(settle(7).await.as_deref(), Some("10.00 USD"));
    // The same time again moves nothing, whatever came in.
    book.paid("ana", "1.00 USD", "again").await;
    for _ in 0..2 {
        assert_eq!(settle(7).await, None);
    }
    assert_eq!(book.usd("tea").await, "6.00 USD");
    assert_eq!(book.usd("mara").await, "10.00 USD");
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn takings_of_many_days_are_settled_to_the_cent_in_whatever_steps() {
    let book = Book::new();
    let settle = async |days| settle_older(&book, days).await;
    book.deposit("ana", "900.00 USD", "d").await.unwrap();
    // A dollar a day for so long that its lines fill several pages, settled in uneven steps.
    let days = 2 * PAGE_ENTRIES_MAX + 20;
    let mut moved = 0;
    for day in 0..days {
        book.paid("ana", "1.00 USD", &format!("day {day}")).await;
        book.wait(86_400_000);
        let is_time = day > 7 && day % 60 == 8 || day + 1 == days;
        if is_time {
            let due = format!("{}.00 USD", day + 1 - 7 - moved);
            assert_eq!(settle(7).await, Some(due), "day {day}");
            moved = day + 1 - 7;
        }
    }
    assert_eq!(book.usd("tea").await, "7.00 USD");
    assert_eq!(settle(0).await.as_deref(), Some("7.00 USD"));
    assert!(book.audit().await.is_balanced());
}

#[tokio::test]
async fn whoever_sent_money_sees_it_until_it_is_decided() {
    let book = Book::new();
    let sent = async |who: &str| {
        let who = person(who);
        let gifts = book.run(|txn: Txn| async move { gift::on_their_way(&txn, who).await });
        let gifts = gifts.await.unwrap().into_iter();
        gifts
            .map(|gift| gift.amount.to_string())
            .collect::<Vec<_>>()
    };
    book.deposit("ana", "9.00 USD", "d").await.unwrap();
    for (amount, id) in [("1.00 USD", "a"), ("2.00 USD", "b"), ("3.00 USD", "c")] {
        book.offer("ana", "ben", amount, id, "").await.unwrap();
        book.wait(1);
    }
    assert_eq!(sent("ana").await, ["1.00 USD", "2.00 USD", "3.00 USD"]);
    assert_eq!(sent("ben").await, [""; 0]);
    book.gift("accept", "a", "ben").await.unwrap();
    book.gift("cancel", "b", "ana").await.unwrap();
    assert_eq!(sent("ana").await, ["3.00 USD"]);
    book.wait(24 * 60 * 60 * 1_000);
    assert_eq!(sent("ana").await, [""; 0]);
}

#[tokio::test]
async fn of_two_that_settle_at_once_one_does() {
    let book = Book::new();
    book.deposit("ana", "50.00 USD", "d").await.unwrap();
    book.paid("ana", "10.00 USD", "old").await;
    book.wait(1_000);
    let since = book.store.now();
    book.paid("ana", "20.00 USD", "young").await;
    let both = [book.store.begin().unwrap(), book.store.begin().unwrap()];
    for txn in &both {
        let (app, usd) = (app("tea"), "USD".parse().unwrap());
        let settled = settlement::settle_until(txn, &app, person("mara"), usd, since);
        let amount = settled.await.unwrap().map(|entry| entry.amount);
        assert_eq!(amount, Some(money("10.00 USD")));
    }
    let [one, other] = &both;
    assert!(book.store.commit(one).await.is_ok());
    let lost = book.store.commit(other).await.map(drop);
    assert_eq!(lost, Err(CommitError::Conflict));
    assert_eq!(book.usd("mara").await, "10.00 USD");
    assert!(book.audit().await.is_balanced());
}
