//! What is said to one person, said later and heard, and whom an app knows, from inside a guest.

use expect_test::expect;
use souk_chat::view::{self, Seen};
use souk_chat::{chat, message, push};
use souk_core::limits::{PUSH_CREDITS, PUSH_MS};
use souk_core::{ChatId, MessageId, TypedId, UserId};
use souk_events::{Cause, Event};
use souk_identity::{pairwise, ties};
use souk_registry::grant::Grant;

use crate::languages::Guest;
use crate::stage::{Played, Stage, command, narrower};

in_rust_and_javascript! {
    "social":
    a_whisper_is_seen_by_one
    a_whisper_needs_somebody_who_is_here
    everyone_sees_their_own_view
    a_viewer_is_shown_theirs_and_pays_nothing
    a_push_token_speaks_later_so_often
    a_push_token_comes_from_a_person_and_is_one_apps
    without_the_grant_nothing_is_said_later
    what_is_heard_is_told_as_it_was_said
    an_app_knows_its_own_person_and_its_merchant_one_of_theirs
    whoever_leaves_is_somebody_new;
    in rust only:
    a_run_may_whisper_as_often_as_it_may_post
}

impl Stage {
    /// The id under which the stage's app sees somebody.
    async fn pairwise(&self, user: UserId) -> String {
        let txn = self.store.begin().unwrap();
        pairwise::id(&txn, self.merchant, &self.app, user)
            .await
            .unwrap()
    }

    /// What a run reported behind a call.
    async fn answer(&self, name: &str, arguments: &str, call: &str) -> String {
        let played = self.command(name, arguments).await;
        behind(&played, call)
    }

    /// An event of a chat that is another than the stage's.
    async fn in_another_chat(&mut self) -> ChatId {
        let txn = self.store.begin().unwrap();
        let other = chat::open_group(&txn, self.ana, "Elsewhere", &[]).await;
        self.store.commit(&txn).await.unwrap();
        std::mem::replace(&mut self.chat, other.unwrap())
    }
}

/// The whole answer behind a call, ids and all.
fn behind(played: &Played, call: &str) -> String {
    let report = played.said.last().unwrap();
    let mut lines = report.lines();
    let line = lines.find_map(|line| line.strip_prefix(call)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {call} in {report}"))
        .to_owned()
}

async fn a_whisper_is_seen_by_one(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let bo = stage.pairwise(stage.bo).await;
    for (to, anas, bos) in [("me", 2, 1), (bo.as_str(), 1, 2)] {
        let before = (
            stage.seen_by(stage.ana).await.len(),
            stage.seen_by(stage.bo).await.len(),
        );
        let played = stage.command("whisper", to).await;
        assert_eq!(played.uses("chat.whisper"), (1, 0), "{to}");
        let after = (
            stage.seen_by(stage.ana).await.len(),
            stage.seen_by(stage.bo).await.len(),
        );
        assert_eq!(
            (after.0 - before.0, after.1 - before.1),
            (anas, bos),
            "{to}"
        );
    }
}

async fn a_whisper_needs_somebody_who_is_here(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let none = "denied not-found there is no such thing here";
    let txn = stage.store.begin().unwrap();
    let cleo = souk_identity::account::register(&txn, "cleo", "Cleo", "-".to_owned()).await;
    stage.store.commit(&txn).await.unwrap();
    let elsewhere = stage.pairwise(cleo.unwrap()).await;
    let (txn, inn) = (stage.store.begin().unwrap(), "com.example.inn".parse());
    let elses = pairwise::id(&txn, stage.merchant, &inn.unwrap(), stage.bo).await;
    for id in [elsewhere, elses.unwrap(), stage.bo.to_string()] {
        assert_eq!(stage.answer("whisper", &id, "chat.whisper").await, none);
    }
}

async fn everyone_sees_their_own_view(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let id = stage.answer("ask", "", "chat.post").await;
    let bo = stage.pairwise(stage.bo).await;
    stage
        .check(
            "show",
            &format!("{id} {bo} Yours"),
            expect!["chat.show-to: ok"],
        )
        .await;
    assert!(
        stage
            .seen_by(stage.ana)
            .await
            .contains(&"For everybody".to_owned())
    );
    assert!(stage.seen_by(stage.bo).await.contains(&"Yours".to_owned()));

    let report = stage
        .command("show", &format!("{id} {} x", stage.ana))
        .await;
    assert_eq!(
        report.uses("chat.show-to"),
        (1, 1),
        "an id of the host's own"
    );
    let other = stage.answer("whisper", "me", "chat.whisper").await;
    let shown = stage.command("show", &format!("{other} {bo} x")).await;
    assert_eq!(
        shown.uses("chat.show-to"),
        (1, 1),
        "the same to all who see it"
    );
}

async fn a_viewer_is_shown_theirs_and_pays_nothing(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let id: MessageId = stage.answer("ask", "", "chat.post").await.parse().unwrap();
    let mut event = stage.event(Cause::View(id));
    event.user = Some(stage.bo);
    // As the market grants it.
    let mut job = stage.job(&event);
    (job.grants.wallet_request, job.grants.wallet_pay_out) = (Grant::Denied, Grant::Denied);
    expect![[r#"
        chat.show-to: ok
        wallet.mine: denied not-granted this app was not granted what it needs for that
        chat.push-token: denied not-granted this app was not granted what it needs for that
        user.launch-token: denied not-granted this app was not granted what it needs for that"#]]
    .assert_eq(&stage.play_job(job).await.told());
    let txn = stage.store.begin().unwrap();
    let seen = view::get(&txn, stage.chat, id, stage.bo).await.unwrap();
    let text = format!("For {}", stage.pairwise(stage.bo).await);
    assert_eq!(seen.unwrap().body.unwrap().text, text);
    let saw = Seen {
        revision: 1,
        view: 1,
    };
    let pressed = view::pressable(&txn, stage.chat, id, stage.bo, saw).await;
    assert_eq!(pressed.unwrap().unwrap().text, text);
}

async fn a_push_token_speaks_later_so_often(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let token = stage.answer("token", "", "chat.push-token").await;
    let home = stage.in_another_chat().await;
    // Where the event is of a timer's: nobody did it, and nowhere.
    let mut event = stage.event(command("push", &format!("{token} 3")));
    event.user = None;
    expect![[r#"
        chat.from-token: ok
        post 1: ok
        post 2: ok
        post 3: ok
        chat.push-token: denied not-granted this app was not granted what it needs for that
        allowance: messages 13
        allowance: edits 16
        allowance: push-credits 7"#]]
    .assert_eq(&stage.play(&event).await.told());
    let over = stage.command("push", &format!("{token} 9")).await;
    assert_eq!(over.uses("chat.post"), (10, 2), "and the report");
    let told = over.told();
    assert!(told.contains("denied over-limit"), "{told}");
    assert!(told.contains("allowance: push-credits 0"), "{told}");
    stage.chat = home;
    let posted = stage.said().await;
    let later = posted.iter().filter(|text| text.starts_with("later"));
    assert_eq!(later.count(), usize::try_from(PUSH_CREDITS).unwrap());
}

async fn a_push_token_comes_from_a_person_and_is_one_apps(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let mut job = stage.job(&stage.event(command("token", "")));
    job.may_ask = false;
    let denied = stage.play_job(job).await.told();
    assert!(denied.contains("denied not-granted"), "{denied}");

    let token = stage.answer("token", "", "chat.push-token").await;
    let push = format!("{token} 1");
    let none = "denied not-found there is no such thing here";
    let home = stage.app.clone();
    stage.app = "com.example.thief".parse().unwrap();
    assert_eq!(stage.answer("push", &push, "chat.from-token").await, none);
    stage.app = home;
    assert_eq!(stage.answer("push", &push, "chat.from-token").await, "ok");
    let whisper = format!("{token} me");
    let whispered = stage.command("whisper-later", &whisper).await;
    assert_eq!(whispered.uses("chat.whisper"), (1, 0));
    stage.clock.pass(PUSH_MS);
    assert_eq!(stage.answer("push", &push, "chat.from-token").await, none);
    let txn = stage.store.begin().unwrap();
    push::take_back(&txn, stage.ana, &stage.app).await.unwrap();
    stage.store.commit(&txn).await.unwrap();
    assert_eq!(stage.answer("push", &push, "chat.from-token").await, none);
    let malformed = stage.answer("push", "souk 1", "chat.from-token").await;
    assert!(malformed.starts_with("denied invalid"), "{malformed}");
}

async fn without_the_grant_nothing_is_said_later(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let token = stage.answer("token", "", "chat.push-token").await;
    stage.grants.messaging_push = Grant::Denied;
    let refused = "denied not-granted this app was not granted what it needs for that";
    let push = format!("{token} 1");
    assert_eq!(
        stage.answer("push", &push, "chat.from-token").await,
        refused
    );
    assert_eq!(stage.answer("token", "", "chat.push-token").await, refused);
    stage.grants.merchant_id = Grant::Denied;
    assert_eq!(
        stage.answer("who", "", "user.merchant-scoped-id").await,
        refused
    );
}

async fn what_is_heard_is_told_as_it_was_said(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let said = stage.command("ask", "").await.said;
    assert_eq!(said.len(), 2);
    let txn = stage.store.begin().unwrap();
    let owner = souk_store::Owner::PersonInChat(stage.bo, stage.chat);
    let author = souk_chat::Author::Person(stage.bo);
    let content = "Is there tea? \u{1fad6}".into();
    let said = message::post(&txn, stage.chat, &author, &content, &owner).await;
    let said = said.unwrap();
    stage.store.commit(&txn).await.unwrap();
    let mut event = stage.event(Cause::Message {
        message: said,
        text: content.text,
        reply_to: Some(said),
    });
    event.user = Some(stage.bo);
    let mut job = stage.job(&event);
    job.may_ask = false;
    let played = stage.play_job(job).await;
    expect![[r#"
        heard: Is there tea? 🫖
        answers: true
        chat.push-token: denied not-granted this app was not granted what it needs for that
        user.launch-token: denied not-granted this app was not granted what it needs for that"#]]
    .assert_eq(&played.told());
    assert_eq!(played.said[0], "I heard that");
}

async fn an_app_knows_its_own_person_and_its_merchant_one_of_theirs(guest: &Guest) {
    let mut stage = Stage::on(guest).await;
    let mine = stage.command("who", "").await;
    let ids = |played: &Played| {
        (
            behind(played, "user.id"),
            behind(played, "user.merchant-scoped-id"),
        )
    };
    let (id, merchants) = ids(&mine);
    assert!(id.starts_with("pid_") && merchants.starts_with("pmi_"));
    stage.app = "com.example.sister".parse().unwrap();
    let (sisters, same) = ids(&stage.command("who", "").await);
    assert_ne!(id, sisters);
    assert_eq!(merchants, same);
    stage.merchant = UserId::from_bits(98);
    let (strangers, others) = ids(&stage.command("who", "").await);
    assert_ne!((id, merchants), (strangers, others));
}

async fn whoever_leaves_is_somebody_new(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let before = stage.command("who", "").await.said;
    let txn = stage.store.begin().unwrap();
    ties::cut(&txn, stage.ana, stage.merchant, &stage.app)
        .await
        .unwrap();
    stage.store.commit(&txn).await.unwrap();
    let since = Event {
        left: 1,
        ..stage.event(command("who", ""))
    };
    let after = stage.play(&since).await.said;
    assert_ne!(before, after);
    for (before, after) in before[0].lines().zip(after[0].lines()).skip(1) {
        assert_ne!(before, after, "both ids are dead");
    }
}

async fn a_run_may_whisper_as_often_as_it_may_post(guest: &Guest) {
    let stage = Stage::on(guest).await;
    let narrower = narrower("messages", 1);
    let event = stage.event(command("whisper", "me"));
    let job = stage.job_within(&event, narrower);
    let played = stage.play_job(job).await;
    assert_eq!(played.uses("chat.whisper"), (1, 0));
    assert_eq!(played.uses("chat.post"), (1, 1), "the report is one more");
}
