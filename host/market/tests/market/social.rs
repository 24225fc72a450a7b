//! Who sees, hears and knows what: people and an app, as the market brings them together.

use serde_json::Map;
use souk_chat::history::Cursor;
use souk_chat::view::Seen;
use souk_core::limits::REVISION_KEPT_MS;
use souk_core::{AppId, MessageId, UserId};
use souk_events::Outcome;
use souk_market::{Config, MarketError, MessageView, Said};
use souk_registry::grant::Policies;
use souk_store::Page;

use crate::clock::HandClock;
use crate::shop::{Shop, Wares, call_of, denying};

const SOCIAL: Wares = Wares {
    program: "social",
    commands: &["whisper", "ask", "show", "token", "push", "who", "launch"],
    permissions: "[[req_permissions]]\nname = \"messaging.push\"\nreason = \"To tell you\"\n\
        [[req_permissions]]\nname = \"messaging.listen\"\nreason = \"To answer\"\n\
        [[req_permissions]]\nname = \"identity.merchant-id\"\nreason = \"To know you\"\n",
};
const CARDS: Wares = Wares {
    program: "messaging",
    commands: &["card", "edit"],
    permissions: "",
};
const STORAGE: Wares = Wares {
    program: "storage",
    commands: &["put", "get", "add", "count"],
    permissions: "[[req_permissions]]\nname = \"storage.user\"\nreason = \"To remember\"\n",
};

impl Shop {
    async fn of(wares: Wares) -> Self {
        Self::open(wares, HandClock::new(), Config::default()).await
    }

    async fn says(&self, who: UserId, text: &str) -> Said {
        let call = call_of(who, "test");
        self.market.say(&call, self.chat, text, None).await.unwrap()
    }

    /// What somebody sees, oldest first.
    async fn sees(&self, who: UserId) -> Vec<MessageView> {
        let page: Page<Cursor> = Page::first(100);
        let seen = self.market.history(who, self.chat, page).await.unwrap();
        seen.into_iter().map(|(_, view)| view).collect()
    }

    /// The texts of what somebody sees.
    async fn reads(&self, who: UserId) -> Vec<String> {
        let seen = self.sees(who).await.into_iter();
        let texts = seen.filter_map(|view| view.message.body);
        texts.map(|body| body.text).collect()
    }

    async fn listens(&self, by: UserId, on: bool) -> Result<(), MarketError> {
        let call = call_of(by, "test");
        self.market
            .set_listening(&call, self.chat, &Self::app(), on)
            .await
    }

    async fn press(&self, message: MessageId, seen: Seen) -> Result<Outcome, MarketError> {
        let (call, inputs) = (call_of(self.ana, "test"), Map::new());
        let pressed = self
            .market
            .press(&call, self.chat, message, seen, "send", &inputs)
            .await;
        pressed.map(|happened| happened.outcome)
    }
}

#[tokio::test]
async fn a_whisper_is_told_to_one_and_its_stream() {
    let shop = Shop::of(SOCIAL).await;
    let bo = shop.with_bo().await;
    let mut anas = shop.market.updates(shop.ana, None).await.unwrap();
    let mut bos = shop.market.updates(bo, None).await.unwrap();
    shop.says(bo, "/whisper me").await;
    // The command, the whisper and the report.
    assert_eq!(shop.reads(shop.ana).await.len(), 2);
    assert_eq!(shop.reads(bo).await.len(), 3);
    assert_eq!(anas.read().await.unwrap().len(), 2);
    assert_eq!(bos.read().await.unwrap().len(), 3);
    let resumed = shop.market.updates(bo, Some(bos.token())).await;
    assert_eq!(resumed.unwrap().read().await.unwrap().len(), 0);
}

#[tokio::test]
async fn whoever_looks_is_shown_their_own_once() {
    let shop = Shop::of(SOCIAL).await;
    let bo = shop.with_bo().await;
    shop.says(shop.ana, "/ask").await;
    let asked = shop.sees(bo).await;
    let asked = asked.iter().find(|view| view.message.is_per_viewer());
    let id = asked.unwrap().message.id;
    let by_bo = call_of(bo, "look");
    let look = || shop.market.look(&by_bo, shop.chat, id);
    let first = look().await.unwrap();
    assert_eq!(first.outcome, Outcome::Done);
    let theirs = |seen: Vec<MessageView>| {
        let found = seen.into_iter().find(|view| view.message.id == id);
        let message = found.unwrap().message;
        (message.body.unwrap().text, message.view)
    };
    let (text, view) = theirs(shop.sees(bo).await);
    assert!(text.starts_with("For pid_") && view == 1, "{text}");
    assert_eq!(theirs(shop.sees(shop.ana).await).1, 0);
    let again = look().await.unwrap();
    assert_eq!(again.event, first.event, "the same look is the same event");
    assert_eq!(theirs(shop.sees(bo).await).1, 1);

    let report = shop.sees(bo).await.pop().unwrap().message;
    let nothing = shop.market.look(&by_bo, shop.chat, report.id).await;
    assert!(
        matches!(nothing, Err(MarketError::SameToAll)),
        "{nothing:?}"
    );
    let lines = shop.market.activity(bo, Page::last(10)).await.unwrap();
    let uses = &lines[0].1.uses;
    assert!(
        uses.iter()
            .any(|used| used.function == "wallet.mine" && used.denied == 1)
    );
}

#[tokio::test]
async fn an_app_hears_people_where_the_admin_lets_it_and_nobody_else() {
    let mut shop = Shop::of(SOCIAL).await;
    let bo = shop.with_bo().await;
    shop.says(bo, "not for you").await;
    let refused = shop.listens(bo, true).await;
    let not_admin = souk_chat::Refusal::NotAdmin;
    assert!(matches!(refused, Err(MarketError::Chat(why)) if why == not_admin));
    shop.listens(shop.ana, true).await.unwrap();
    shop.listens(shop.ana, true).await.unwrap();
    let heard = shop.market.listeners(bo, shop.chat).await.unwrap();
    assert_eq!((heard.len(), heard[0].by_name.as_str()), (1, "Ana"));

    shop.says(bo, "hello").await;
    shop.says(bo, "/who").await;
    // What Bo said, the notice, the app's report, and its two answers.
    shop.dispatch_until_said(6).await;
    let reads = shop.reads(bo).await;
    let count = |text: &str| reads.iter().filter(|said| said.starts_with(text)).count();
    assert_eq!(count("Ana lets Shop read"), 1, "{reads:?}");
    assert_eq!(count("heard: hello\n"), 1, "{reads:?}");
    assert_eq!(count("heard:"), 1, "neither commands nor apps: {reads:?}");

    // Whoever left the app is not heard, until they use it again.
    shop.leaves(bo).await;
    shop.says(bo, "in private").await;
    shop.says(bo, "/who").await;
    shop.says(bo, "in public").await;
    shop.dispatch().await;
    let reads = shop.reads(bo).await;
    assert!(
        !reads
            .iter()
            .any(|said| said.starts_with("heard: in private"))
    );
    assert!(
        reads
            .iter()
            .any(|said| said.starts_with("heard: in public"))
    );

    // What the operator closes is closed at once.
    shop.config.policies = denying("messaging.listen");
    shop.restart();
    shop.says(bo, "after").await;
    let closed = shop.listens(shop.ana, true).await;
    assert!(matches!(closed, Err(MarketError::DoesNotListen(_))));
    shop.config.policies = Policies::default();
    shop.restart();
    shop.listens(shop.ana, false).await.unwrap();
    shop.says(bo, "later").await;
    shop.dispatch().await;
    let reads = shop.reads(bo).await;
    assert!(!reads.iter().any(|said| said.starts_with("heard: after")));
    assert!(!reads.iter().any(|said| said.starts_with("heard: later")));
    assert_eq!(reads.last().unwrap(), "later");
}

#[tokio::test]
async fn an_admin_who_leaves_the_app_takes_their_leave_along() {
    let shop = Shop::of(SOCIAL).await;
    shop.listens(shop.ana, true).await.unwrap();
    shop.leaves(shop.ana).await;
    let listeners = shop.market.listeners(shop.ana, shop.chat).await.unwrap();
    assert_eq!(listeners.len(), 0);
    let nobody: AppId = "com.example.nobody".parse().unwrap();
    let call = call_of(shop.ana, "test");
    let left = shop.market.leave_app(&call, &nobody).await;
    assert!(matches!(left, Err(MarketError::UnknownApp(_))));
    let listens = shop.market.set_listening(&call, shop.chat, &nobody, true);
    assert!(matches!(listens.await, Err(MarketError::UnknownApp(_))));
}

#[tokio::test]
async fn whoever_leaves_an_app_is_somebody_new_and_cannot_be_reached() {
    let shop = Shop::of(SOCIAL).await;
    shop.types("/who").await;
    let before = (
        shop.told("user.id").await,
        shop.told("user.merchant-scoped-id").await,
    );
    shop.types("/token").await;
    let token = shop.told("chat.push-token").await;
    let push = format!("/push {token} 1");
    shop.types(&push).await;
    assert_eq!(shop.told("chat.from-token").await, "ok");

    shop.leaves(shop.ana).await;
    shop.types(&push).await;
    let refused = shop.told("chat.from-token").await;
    assert!(refused.starts_with("denied not-found"), "{refused}");
    shop.types("/who").await;
    let after = (
        shop.told("user.id").await,
        shop.told("user.merchant-scoped-id").await,
    );
    assert!(before.0 != after.0 && before.1 != after.1);
    let whispered = format!("/show msg_00000000000000000000000000 {} x", before.0);
    shop.types(&whispered).await;
    let dead = shop.told("chat.show-to").await;
    assert!(dead.starts_with("denied not-found"), "{dead}");
}

#[tokio::test]
async fn what_an_app_kept_for_who_leaves_is_gone_and_deleted() {
    let shop = Shop::of(STORAGE).await;
    shop.types("/put user cups seven").await;
    shop.types("/add user visits 3").await;
    let kept = |store: &souk_store::Store| {
        let store = store.clone();
        async move {
            let txn = store.begin().unwrap();
            let guest = souk_store::Key::room("guest");
            let all = txn.scan::<Anything>(&guest, Page::first(100)).await;
            all.unwrap().len()
        }
    };
    assert_ne!(kept(shop.market.store()).await, 0);
    shop.leaves(shop.ana).await;
    shop.types("/get user cups").await;
    let found = shop.reads(shop.ana).await.pop().unwrap();
    assert!(
        found.contains("nothing") || found.contains("none"),
        "{found}"
    );
    shop.types("/count user visits").await;
    let counted = shop.reads(shop.ana).await.pop().unwrap();
    assert!(counted.ends_with(": 0"), "{counted}");
    shop.dispatch().await;
    assert_eq!(kept(shop.market.store()).await, 0, "not even unreachable");
}

/// Any record: only that it is there counts.
#[derive(serde::Serialize)]
struct Anything;

impl<'de> serde::Deserialize<'de> for Anything {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Self)
    }
}

impl souk_store::Record for Anything {
    const FORM: u8 = u8::MAX;

    fn read_older(_: &[u8]) -> Result<Self, souk_store::StoreError> {
        Ok(Self)
    }
}

#[tokio::test]
async fn an_old_press_counts_for_a_day_and_is_refused_then() {
    let shop = Shop::of(CARDS).await;
    shop.types("/card").await;
    let seen = shop.sees(shop.ana).await;
    let card = seen.iter().find(|view| {
        let body = view.message.body.as_ref();
        body.is_some_and(|body| body.card.is_some())
    });
    let id = card.unwrap().message.id;
    let saw = |revision, view| Seen { revision, view };
    assert_eq!(shop.press(id, saw(1, 0)).await.unwrap(), Outcome::Done);
    shop.types(&format!("/edit {id}")).await;
    assert_eq!(shop.press(id, saw(1, 0)).await.unwrap(), Outcome::Done);
    let told = shop.last().await;
    assert!(
        told.contains("revision: 1\nbutton: send\ndata: from the card"),
        "{told}"
    );
    for wrong in [saw(2, 0), saw(3, 0), saw(1, 1)] {
        let refused = shop.press(id, wrong).await;
        assert!(matches!(refused, Err(MarketError::Changed)), "{refused:?}");
    }
    shop.pass(REVISION_KEPT_MS);
    let refused = shop.press(id, saw(1, 0)).await;
    assert!(matches!(refused, Err(MarketError::Changed)), "{refused:?}");
}

#[tokio::test]
async fn the_page_says_where_an_app_is_let_listen_and_not_that_it_may() {
    let shop = Shop::of(SOCIAL).await;
    shop.types("/who").await;
    let listens = || async {
        let grants = shop.market.grants_of(shop.ana, &Shop::app()).await.unwrap();
        let mut matters = grants.matters.into_iter();
        let matter = matters.find(|it| it.matter.name() == "messaging.listen");
        let matter = matter.unwrap();
        (matter.grant.granted().is_some(), matter.groups)
    };
    assert_eq!(listens().await, (false, vec![]), "nobody has let it");
    shop.listens(shop.ana, true).await.unwrap();
    assert_eq!(listens().await, (true, vec![shop.chat]));
    shop.listens(shop.ana, false).await.unwrap();
    assert_eq!(listens().await, (false, vec![]));
}

#[tokio::test]
async fn who_is_made_an_admin_decides_and_everybody_hears_of_it() {
    let shop = Shop::of(SOCIAL).await;
    let bo = shop.with_bo().await;
    let set = |by: UserId, who: &'static str, on: bool| {
        let (market, chat) = (&shop.market, shop.chat);
        async move { market.set_admin(&call_of(by, "admin"), chat, who, on).await }
    };
    let refused = |error: MarketError| match error {
        MarketError::Chat(refusal) => refusal,
        other => panic!("{other}"),
    };
    let not_yet = set(bo, "bo", true).await.unwrap_err();
    assert_eq!(refused(not_yet), souk_chat::Refusal::NotAdmin);
    set(shop.ana, "bo", true).await.unwrap();
    set(shop.ana, "bo", true).await.unwrap();
    shop.listens(bo, true).await.unwrap();
    set(bo, "ana", false).await.unwrap();
    let last = set(bo, "bo", false).await.unwrap_err();
    assert_eq!(refused(last), souk_chat::Refusal::LastAdmin);
    let view = shop.market.chat(shop.ana, shop.chat).await.unwrap();
    assert_eq!(view.admins, [bo]);
    assert_eq!(
        shop.reads(shop.ana).await,
        [
            "Ana made Bo an admin of this group.",
            "Bo lets Shop read what is said here from now on.",
            "Ana is no admin of this group any more.",
        ]
    );
}
