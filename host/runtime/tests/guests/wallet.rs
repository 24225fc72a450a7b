//! `wallet`, from inside a guest.

use std::sync::Arc;

use expect_test::expect;
use souk_core::{AppId, MessageId, Money, OrderId, TransferId, TypedId};
use souk_events::{Cause, due};
use souk_identity::{pairwise, ties};
use souk_ledger::policy::{Caps, Limits};
use souk_ledger::{OrderState, Policy, order, rail};
use souk_registry::grant::Grant;
use souk_runtime::End;

use crate::languages::Guest;
use crate::stage::{Played, Stage, command};

impl Stage {
    /// The order of the tea house with this key.
    async fn order_of(&self, key: &str) -> OrderId {
        let txn = self.store.begin().unwrap();
        order::by_key(&txn, &self.app, key)
            .await
            .unwrap()
            .unwrap()
            .id
    }

    /// Ana pays 5.00 USD; returns the id the app knows her by.
    async fn paid_something(&self) -> String {
        self.command("ask", "cup-1 500").await;
        let order = self.order_of("cup-1").await;
        self.pay(order).await;
        let told = self.order(order).await.said.concat();
        let payer = told.lines().find(|line| line.contains("payer-id")).unwrap();
        payer.split_whitespace().last().unwrap().to_owned()
    }

    /// The id the app knows her by now.
    async fn new_id_of_ana(&self) -> String {
        let txn = self.store.begin().unwrap();
        let id = pairwise::id(&txn, self.merchant, &self.app, self.ana).await;
        id.unwrap()
    }

    /// The payer of the order with this key has approved it: its app looks once more.
    async fn looks_at(&self, key: &str) -> Played {
        let order = self.order_of(key).await;
        self.play(&self.event(Cause::LastLook(order))).await
    }

    /// Ana, with money enough, approves.
    async fn pay(&self, order: OrderId) {
        let txn = self.store.begin().unwrap();
        let amount: Money = "100.00 USD".parse().unwrap();
        rail::deposit(
            &txn,
            &Policy::default(),
            self.ana,
            amount,
            txn.fresh::<TransferId>(),
        )
        .await
        .unwrap();
        order::approve(
            &txn,
            &Policy::default(),
            order,
            self.ana,
            txn.fresh::<TransferId>(),
        )
        .await
        .unwrap();
        self.store.commit(&txn).await.unwrap();
    }
}

in_every_language! {
    "wallet":
    an_order_is_asked_for_and_will_expire_by_itself
    every_kind_of_line_adds_up
    without_the_grant_nothing_is_asked
    only_a_command_or_an_action_puts_a_sheet_before_anyone
    what_does_not_add_up_is_refused
    a_line_of_a_kind_that_is_none_is_refused
    limits_are_told_with_their_size
    the_same_key_is_the_same_order_and_never_another
    a_paid_order_is_told_and_can_be_given_back_in_parts
    an_order_that_waits_can_be_taken_back_and_a_paid_one_cannot
    another_apps_order_is_not_there
    an_authorized_order_is_captured_in_part_and_once
    a_pay_out_needs_its_grant_a_person_who_is_here_and_a_budget
    whoever_only_looks_moves_no_money
    a_statement_names_people_as_the_app_knew_them_then
    a_pay_out_that_cannot_arrive_does_not_say_why
    a_last_look_stops_a_payment_or_lets_it_happen
    a_last_look_that_fails_says_so
    only_the_order_of_a_last_look_is_refused
}

async fn an_order_is_asked_for_and_will_expire_by_itself(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "ask",
            "cup-1 250",
            expect![[r#"
                order: ok
                order.id: ord_…
                order.key: cup-1
                order.state: pending
                order.revision: 1
                order.payer-id: pid_…
                order.total: 2.50 USD
                order.captured: 0.00 USD
                order.refunded: 0.00 USD
                order.fee: 0.00 USD
                order.expires: 1700007200000"#]],
        )
        .await;
    stage.clock.pass(2 * 60 * 60 * 1_000);
    let txn = stage.store.begin().unwrap();
    assert_eq!(due::by_now(&txn, 10).await.unwrap().len(), 1);
}

async fn every_kind_of_line_adds_up(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "rich",
            "cup-1",
            expect![[r#"
                order: ok
                order.id: ord_…
                order.key: cup-1
                order.state: pending
                order.revision: 1
                order.payer-id: pid_…
                order.total: 10.00 USD
                order.captured: 0.00 USD
                order.refunded: 0.00 USD
                order.fee: 0.00 USD
                order.expires: 1700007200000"#]],
        )
        .await;
}

async fn without_the_grant_nothing_is_asked(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage.grants.wallet_request = Grant::Denied;
    stage.grants.wallet_pay_out = Grant::Denied;
    stage
        .check(
            "ask",
            "cup-1 250",
            expect!["order: denied not-granted this app was not granted what it needs for that"],
        )
        .await;
    stage
        .check(
            "purse",
            "USD",
            expect![
                "wallet.mine: denied not-granted this app was not granted what it needs for that"
            ],
        )
        .await;
}

async fn only_a_command_or_an_action_puts_a_sheet_before_anyone(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let event = stage.event(command("ask", "cup-1 250"));
    let mut job = stage.job(&event);
    job.may_ask = false;
    expect!["order: denied not-granted this app was not granted what it needs for that"]
        .assert_eq(&stage.play_job(job).await.told());
}

async fn what_does_not_add_up_is_refused(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.check("wrong", "cup-1", expect!["wallet.request: denied invalid the total says 1.01 USD and the lines come to 1.00 USD"]).await;
    stage
        .check(
            "mixed",
            "cup-1",
            expect![
                "wallet.request: denied invalid all amounts must be in the currency of the total"
            ],
        )
        .await;
    stage
        .check(
            "soon",
            "cup-1 999",
            expect![
                "order: denied invalid an order must wait at least a second and at most seven days"
            ],
        )
        .await;
}

async fn a_line_of_a_kind_that_is_none_is_refused(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "unknown",
            "cup-1",
            expect![[r#"
                wallet.request: denied invalid totals: a kind is one of subtotal, discount, fulfillment, tax, fee, tip"#]],
        )
        .await;
}

async fn limits_are_told_with_their_size(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "ask",
            "cup-0 5001",
            expect!["order: denied over-limit that is over the limit of 5000 (max-amount)"],
        )
        .await;
    for key in ["cup-1", "cup-2", "cup-3"] {
        assert_eq!(
            stage.command("ask", &format!("{key} 250")).await.report.end,
            End::Ok
        );
    }
    stage
        .check(
            "ask",
            "cup-4 250",
            expect!["order: denied over-limit that is over the limit of 3 (sheets-waiting)"],
        )
        .await;
}

async fn the_same_key_is_the_same_order_and_never_another(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let first = stage.command("ask", "cup-1 250").await;
    let again = stage.command("ask", "cup-1 250").await;
    assert_eq!(first.said, again.said);
    stage
        .check(
            "ask",
            "cup-1 260",
            expect!["order: denied key-reused that was already asked for in other words"],
        )
        .await;
}

async fn a_paid_order_is_told_and_can_be_given_back_in_parts(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("ask", "cup-1 250").await;
    let order = stage.order_of("cup-1").await;
    stage.pay(order).await;
    expect![[r#"
        the payer's event: true
        order: ok
        order.id: ord_…
        order.key: cup-1
        order.state: paid
        order.revision: 2
        order.payer-id: pid_…
        order.total: 2.50 USD
        order.captured: 2.50 USD
        order.refunded: 0.00 USD
        order.fee: 0.00 USD
        order.expires: never"#]]
    .assert_eq(&stage.order(order).await.told());
    stage
        .check(
            "purse",
            "USD",
            expect![[r#"
        wallet.mine: ok
        wallet.balance: 2.50 USD
        wallet.currency-scale: 2
        allowance: orders 16 of 16, once
        allowance: sheets-waiting 3 of 3, once
        allowance: pay-out 200 of 200, for now"#]],
        )
        .await;
    let refund = |key, cents| format!("{order} {key} {cents}");
    let last = |played: crate::stage::Played| {
        let told = played.told();
        told.lines()
            .filter(|line| line.contains("refund"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    expect![[r#"
        order.refund: ok
        order.refunded: 1.00 USD"#]]
    .assert_eq(&last(stage.command("refund", &refund("a", 100)).await));
    expect![[r#"
        order.refund: ok
        order.refunded: 1.00 USD"#]]
    .assert_eq(&last(stage.command("refund", &refund("a", 100)).await));
    expect![[r#"
        order.refund: denied key-reused that was already asked for in other words
        order.refunded: 1.00 USD"#]]
    .assert_eq(&last(stage.command("refund", &refund("a", 101)).await));
    expect![[r#"
        order.refund: denied over-limit that is over the limit of 150 (refund)
        order.refunded: 1.00 USD"#]]
    .assert_eq(&last(stage.command("refund", &refund("b", 151)).await));
    expect![[r#"
        order.refund: ok
        order.state: refunded
        order.refunded: 2.50 USD"#]]
    .assert_eq(&last(stage.command("refund", &refund("b", 150)).await));
}

async fn an_order_that_waits_can_be_taken_back_and_a_paid_one_cannot(guest: &Guest) {
    let stage = Stage::on(guest).await;
    for key in ["cup-1", "cup-2"] {
        stage.command("ask", &format!("{key} 250")).await;
    }
    let (waiting, paid) = (stage.order_of("cup-1").await, stage.order_of("cup-2").await);
    stage.pay(paid).await;
    stage
        .check(
            "void",
            &waiting.to_string(),
            expect![[r#"
                order.void: ok
                order: ok
                order.id: ord_…
                order.key: cup-1
                order.state: canceled
                order.revision: 2
                order.payer-id: pid_…
                order.total: 2.50 USD
                order.captured: 0.00 USD
                order.refunded: 0.00 USD
                order.fee: 0.00 USD
                order.expires: never"#]],
        )
        .await;
    stage
        .check(
            "void",
            &paid.to_string(),
            expect![[r#"
                order.void: denied conflict that cannot be done now: paid
                order: ok
                order.id: ord_…
                order.key: cup-2
                order.state: paid
                order.revision: 2
                order.payer-id: pid_…
                order.total: 2.50 USD
                order.captured: 2.50 USD
                order.refunded: 0.00 USD
                order.fee: 0.00 USD
                order.expires: never"#]],
        )
        .await;
}

async fn another_apps_order_is_not_there(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    stage.command("ask", "cup-1 250").await;
    let order = stage.order_of("cup-1").await;
    stage.app = "com.example.inn".parse::<AppId>().unwrap();
    for (name, argument) in [
        ("find", order.to_string()),
        ("by-key", "cup-1".into()),
        ("void", order.to_string()),
    ] {
        let told = stage.command(name, &argument).await.told();
        assert!(
            told.lines().all(|line| line.contains("denied not-found")),
            "{name}: {told}"
        );
    }
}

async fn an_authorized_order_is_captured_in_part_and_once(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage
        .check(
            "hold",
            "roses 900",
            expect![[r#"
        order: ok
        order.id: ord_…
        order.key: roses
        order.state: pending
        order.revision: 1
        order.payer-id: pid_…
        order.total: 9.00 USD
        order.captured: 0.00 USD
        order.refunded: 0.00 USD
        order.fee: 0.00 USD
        order.expires: 1700007200000"#]],
        )
        .await;
    let order = stage.order_of("roses").await;
    let early = format!("{order} 900");
    stage
        .check(
            "capture",
            &early,
            expect![[r#"
        order.capture: denied conflict that cannot be done now: pending
        order: ok
        order.id: ord_…
        order.key: roses
        order.state: pending
        order.revision: 1
        order.payer-id: pid_…
        order.total: 9.00 USD
        order.captured: 0.00 USD
        order.refunded: 0.00 USD
        order.fee: 0.00 USD
        order.expires: 1700007200000"#]],
        )
        .await;
    stage.pay(order).await;
    let late = "conflict that cannot be done now: paid";
    for (amount, answer) in [
        (
            901,
            "denied over-limit that is over the limit of 900 (capture)".to_owned(),
        ),
        (750, "ok".to_owned()),
        (750, "ok".to_owned()),
        (751, format!("denied {late}")),
    ] {
        let told = stage.command("capture", &format!("{order} {amount}")).await;
        let told = told.told();
        let first = told.lines().next().unwrap_or_default();
        assert_eq!(first, format!("order.capture: {answer}"), "{amount}");
    }
    stage
        .check(
            "statement",
            "USD",
            expect![[r#"
        wallet.statement: ok
        line: 0 +7.50 USD payment pid_… -"#]],
        )
        .await;
}

async fn a_pay_out_needs_its_grant_a_person_who_is_here_and_a_budget(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let ana = stage.paid_something().await;
    let pay = |rest: &str| format!("{ana} {rest}");
    stage
        .check(
            "pay-out",
            "nobody prize 100",
            expect!["wallet.pay-out: denied not-found there is no such thing here"],
        )
        .await;
    stage
        .check(
            "pay-out",
            &pay("prize 150"),
            expect!["wallet.pay-out: ent_…"],
        )
        .await;
    stage
        .check(
            "pay-out",
            &pay("prize 150"),
            expect!["wallet.pay-out: ent_…"],
        )
        .await;
    stage
        .check(
            "pay-out",
            &pay("prize 100"),
            expect!["wallet.pay-out: denied key-reused that was already asked for in other words"],
        )
        .await;
    stage
        .check(
            "pay-out",
            &pay("more 51"),
            expect!["wallet.pay-out: denied over-limit that is over the limit of 200 (pay-out)"],
        )
        .await;
    stage
        .check(
            "statement",
            "USD",
            expect![[r#"
        wallet.statement: ok
        line: 1 -1.50 USD pay-out pid_… A prize
        line: 0 +5.00 USD payment pid_… -"#]],
        )
        .await;
    let request = std::mem::replace(&mut stage.grants.wallet_request, Grant::Denied);
    stage
        .check("pay-out", &pay("more 50"), expect!["wallet.pay-out: ent_…"])
        .await;
    stage.grants.wallet_request = request;
    stage.grants.wallet_pay_out = Grant::Denied;
    stage
        .check(
            "pay-out",
            &pay("more 1"),
            expect![
                "wallet.pay-out: denied not-granted this app was not granted what it needs for that"
            ],
        )
        .await;
}

async fn whoever_only_looks_moves_no_money(guest: &Guest) {
    let stage = Stage::on(guest).await;
    for (name, arguments) in [
        ("ask", "waits 250"),
        ("hold", "held 900"),
        ("ask", "paid 250"),
    ] {
        stage.command(name, arguments).await;
    }
    for key in ["held", "paid"] {
        stage.pay(stage.order_of(key).await).await;
    }
    let looks = stage.event(Cause::View(MessageId::from_bits(1)));
    let played = stage.play(&looks).await;
    expect![[r#"
        order.void: denied not-granted this app was not granted what it needs for that
        order.capture: denied not-granted this app was not granted what it needs for that
        order.refund: denied not-granted this app was not granted what it needs for that"#]]
    .assert_eq(&played.told());
    for function in ["order.void", "order.capture", "order.refund"] {
        assert_eq!(played.uses(function), (1, 1), "{function} is in the audit");
    }
    for (key, state) in [
        ("waits", OrderState::Pending),
        ("held", OrderState::Authorized),
        ("paid", OrderState::Paid),
    ] {
        let txn = stage.store.begin().unwrap();
        let id = stage.order_of(key).await;
        let order = order::get(&txn, id).await.unwrap().unwrap();
        assert_eq!((order.state, order.refunded.minor()), (state, 0), "{key}");
    }
}

async fn a_statement_names_people_as_the_app_knew_them_then(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let ana = stage.paid_something().await;
    stage.command("pay-out", &format!("{ana} prize 50")).await;
    let said = stage.command("statement", "USD").await.said.concat();
    let ends: Vec<_> = said
        .lines()
        .filter(|line| line.contains(&ana))
        .filter_map(|line| line.split_once(&ana))
        .map(|(before, note)| (before.split(' ').nth(2), note))
        .collect();
    let (settled, note) = (stage.merchant, " A prize");
    assert_eq!(said.matches(&settled.to_string()).count(), 0);
    assert_eq!(ends, [(Some("-0.50"), note), (Some("+5.00"), " -")]);

    // Ana leaves, and comes back as somebody new.
    let txn = stage.store.begin().unwrap();
    ties::cut(&txn, stage.ana, stage.merchant, &stage.app)
        .await
        .unwrap();
    ties::take_up(&txn, stage.ana, &stage.app).await.unwrap();
    stage.store.commit(&txn).await.unwrap();
    let again = stage.command("statement", "USD").await.said.concat();
    assert_eq!(again, said, "whoever they were then");
    let new = stage.new_id_of_ana().await;
    assert_ne!(new, ana);
    let told = stage.command("pay-out", &format!("{new} prize 50")).await;
    assert!(told.told().contains("denied key-reused"), "{}", told.told());
    let told = stage.command("pay-out", &format!("{new} more 50")).await;
    assert!(told.told().contains("ent_"), "{}", told.told());
    let last = stage.command("statement", "USD").await.said.concat();
    let newest = last.lines().nth(1).unwrap();
    assert!(newest.contains(&new), "{newest}");
    assert!(last.ends_with(said.split_once("line: 1").unwrap().1));
}

async fn a_pay_out_that_cannot_arrive_does_not_say_why(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let ana = stage.paid_something().await;
    let tight = Policy {
        limits: Limits {
            balance: Caps(vec!["1.00 USD".parse().unwrap()]),
            ..Limits::default()
        },
        ..Policy::default()
    };
    let event = stage.event(command("pay-out", &format!("{ana} prize 150")));
    let mut job = stage.job(&event);
    let mut terms = (*job.terms).clone();
    terms.money = tight;
    job.terms = Arc::new(terms);
    expect!["wallet.pay-out: denied not-accepted that person cannot be paid this now"]
        .assert_eq(&stage.play_job(job).await.told());
}

async fn a_last_look_stops_a_payment_or_lets_it_happen(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("watch", "cup-1 250").await;
    let looked = stage.looks_at("cup-1").await;
    expect![[r#"
        wallet.request: denied not-granted this app was not granted what it needs for that
        order: ok
        order.id: ord_…
        order.key: cup-1
        order.state: pending
        order.revision: 1
        order.payer-id: pid_…
        order.total: 2.50 USD
        order.captured: 0.00 USD
        order.refunded: 0.00 USD
        order.fee: 0.00 USD
        order.expires: 1700007200000"#]]
    .assert_eq(&looked.told());
    assert_eq!(looked.report.refused, None);

    stage.command("watch", "gone 250").await;
    let looked = stage.looks_at("gone").await;
    assert!(
        looked.told().contains("order.refuse: ok"),
        "{}",
        looked.told()
    );
    assert_eq!(looked.report.end, End::Ok);
    assert_eq!(looked.report.refused.as_deref(), Some("Sold out"));
}

async fn a_last_look_that_fails_says_so(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("watch", "never 250").await;
    let never = stage.looks_at("never").await.report.end;
    assert_eq!(never, End::Rejected("Not today".to_owned()));
    stage.command("watch", "later 250").await;
    let later = stage.looks_at("later").await.report.end;
    let (why, after_ms) = ("Not yet".to_owned(), None);
    assert_eq!(later, End::Retry { why, after_ms });
}

async fn only_the_order_of_a_last_look_is_refused(guest: &Guest) {
    let stage = Stage::on(guest).await;
    stage.command("watch", "cup-1 250").await;
    let order = stage.order_of("cup-1").await;
    let looked = stage.command("refuse", &order.to_string()).await;
    let told = looked.told();
    assert!(told.starts_with("order.refuse: denied conflict"), "{told}");
    assert!(told.ends_with("nobody waits for this app to look at that order once more"));
    assert_eq!(looked.report.refused, None);
}
