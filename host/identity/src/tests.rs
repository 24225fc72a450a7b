//! People, their proofs and their answers, on the memory store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use souk_core::limits::{QUESTION_EVENTS_MAX, SESSION_MS_MAX, SESSIONS_MAX, TOKENS_MAX};
use souk_core::manifest::Permission;
use souk_core::{
    Answer, AppId, Blame, Blamed, ChatId, Claim, Clock, ConsentId, EventId, Line, Money, Stance,
    Timestamp, TypedId, UserId,
};
use souk_store::memory::Memory;
use souk_store::{CommitError, Engine, Keyring, Owner, Page, Range, Store, Txn};

use crate::{Budget, News, Question, Refusal, account, budget, consent, news_log, session, token};

/// A clock that goes when it is told to.
struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

struct House {
    engine: Arc<Memory>,
    clock: Arc<Hand>,
    store: Store,
}

impl House {
    fn open() -> Self {
        let engine = Arc::new(Memory::default());
        let clock = Arc::new(Hand(AtomicU64::new(1_000_000)));
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(engine.clone(), keyring, clock.clone());
        Self {
            engine,
            clock,
            store,
        }
    }

    /// Runs one transaction, commits it if it answers `Ok`, and sees no conflict.
    async fn run<T>(
        &self,
        body: impl AsyncFnOnce(&Txn) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let txn = self.store.begin()?;
        let answer = body(&txn).await?;
        self.store.commit(&txn).await.unwrap();
        Ok(answer)
    }

    async fn register(&self, handle: &str) -> Result<UserId, Refusal> {
        self.run(async |txn| account::register(txn, handle, "Ana María", "phc".into()).await)
            .await
    }

    fn pass(&self, millis: u64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    /// Every stored byte.
    async fn bytes(&self) -> Vec<u8> {
        let all = Range {
            start: vec![],
            end: vec![0xff],
            limit: usize::MAX,
            reverse: false,
        };
        let found = self.engine.scan(&all).await.unwrap();
        found
            .into_iter()
            .flat_map(|(key, found)| [key, found.value].concat())
            .collect()
    }
}

fn app(name: &str) -> AppId {
    format!("com.example.{name}").parse().unwrap()
}

/// That the app wants to know a name.
fn line() -> Line {
    let claims = vec![Claim::Name];
    Line {
        matter: Permission::IdentityProfile { claims },
        agreed: None,
        reason: "To write your name on the cup".to_owned(),
    }
}

/// What a person said to that.
async fn on_name(txn: &Txn, user: UserId, app: &AppId) -> Result<Option<Answer>, Refusal> {
    let consents = consent::of(txn, user, app).await?;
    Ok(consents.on(&line().matter).map(|stance| stance.answer))
}

fn question(user: UserId, app: &AppId, event: u128) -> Question {
    Question {
        user,
        app: app.clone(),
        chat: ChatId::from_bits(7),
        lines: vec![line()],
        event: EventId::from_bits(event),
    }
}

#[tokio::test]
async fn a_person_is_found_by_their_handle() {
    let house = House::open();
    let ana = house.register("ana").await.unwrap();

    let found = house
        .run(async |txn| account::by_handle(txn, "ana").await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.user, found.password.as_str()), (ana, "phc"));
    assert_eq!(found.joined, house.store.now());
    let profile = house
        .run(async |txn| account::profile(txn, ana).await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (profile.handle.as_str(), profile.name.as_str()),
        ("ana", "Ana María")
    );

    for nobody in ["bo", "Ana", "", "ana ", &"a".repeat(10_000)] {
        let found = house
            .run(async |txn| account::by_handle(txn, nobody).await)
            .await
            .unwrap();
        assert!(found.is_none(), "{nobody}");
    }
    let nobody = UserId::from_bits(9);
    assert_eq!(
        house
            .run(async |txn| account::name(txn, nobody).await)
            .await,
        Ok(None)
    );
}

#[tokio::test]
async fn handles_and_names_follow_their_rules() {
    let house = House::open();
    for good in ["an", "a1", "ana.maria_1-x", &"a".repeat(32)] {
        house.register(good).await.unwrap();
    }
    for bad in [
        "",
        "a",
        "1a",
        ".ab",
        "_ab",
        "Ana",
        "an a",
        "ana\n",
        "аna",
        "ana@x",
        &"a".repeat(33),
    ] {
        assert_eq!(
            house.register(bad).await,
            Err(Refusal::HandleMalformed),
            "{bad}"
        );
    }
    let nameless = async |txn: &Txn| account::register(txn, "bo", "\u{202e}", "phc".into()).await;
    assert_eq!(house.run(nameless).await, Err(Refusal::NameMalformed));
}

#[tokio::test]
async fn a_handle_belongs_to_one_person_even_when_two_ask_at_once() {
    let house = House::open();
    let (one, two) = (house.store.begin().unwrap(), house.store.begin().unwrap());
    account::register(&one, "ana", "Ana", "phc".into())
        .await
        .unwrap();
    account::register(&two, "ana", "Eve", "phc".into())
        .await
        .unwrap();
    house.store.commit(&one).await.unwrap();
    assert_eq!(house.store.commit(&two).await, Err(CommitError::Conflict));
    assert_eq!(house.register("ana").await, Err(Refusal::HandleTaken));
}

#[tokio::test]
async fn nothing_a_person_wrote_and_no_secret_is_stored_in_the_clear() {
    let house = House::open();
    let ana = house.register("ana.the.first").await.unwrap();
    let session = house
        .run(async |txn| session::open(txn, ana).await)
        .await
        .unwrap();
    let token = house
        .run(async |txn| token::issue(txn, ana, "My laptop").await)
        .await
        .unwrap()
        .1;

    let bytes = house.bytes().await;
    let has = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(has("phc"), "the search itself works");
    for text in [
        "ana.the.first",
        "María",
        "My laptop",
        session.expose(),
        token.expose(),
    ] {
        assert!(!has(text), "{text}");
    }
}

#[tokio::test]
async fn an_erased_person_has_no_name_and_nobody_gets_their_handle() {
    let house = House::open();
    let ana = house.register("ana").await.unwrap();
    house
        .run(async |txn| token::issue(txn, ana, "My laptop").await)
        .await
        .unwrap();

    house
        .store
        .keyring()
        .erase(&Owner::Person(ana))
        .await
        .unwrap();

    assert_eq!(
        house
            .run(async |txn| account::profile(txn, ana).await)
            .await,
        Ok(None)
    );
    assert_eq!(
        house.run(async |txn| account::name(txn, ana).await).await,
        Ok(None)
    );
    let tokens = house
        .run(async |txn| token::list(txn, ana).await)
        .await
        .unwrap();
    assert_eq!(
        tokens
            .iter()
            .map(|token| token.label.clone())
            .collect::<Vec<_>>(),
        [None]
    );
    assert_eq!(house.register("ana").await, Err(Refusal::HandleTaken));
}

#[tokio::test]
async fn a_session_lasts_until_it_is_closed_or_its_time_is_up() {
    let house = House::open();
    let ana = house.register("ana").await.unwrap();
    let open = async || {
        house
            .run(async |txn| session::open(txn, ana).await)
            .await
            .unwrap()
    };
    let user = async |secret: &str| {
        house
            .run(async |txn| session::user(txn, secret).await)
            .await
            .unwrap()
    };
    let (one, two) = (open().await, open().await);
    assert_eq!(
        (user(one.expose()).await, user(two.expose()).await),
        (Some(ana), Some(ana))
    );

    for _ in 0..2 {
        house
            .run(async |txn| session::close(txn, one.expose()).await)
            .await
            .unwrap();
        assert_eq!(
            (user(one.expose()).await, user(two.expose()).await),
            (None, Some(ana))
        );
    }

    house.pass(SESSION_MS_MAX - 1);
    assert_eq!(user(two.expose()).await, Some(ana));
    house.pass(1);
    assert_eq!(user(two.expose()).await, None);
    for forged in [
        "",
        "ses_",
        "ses_0000",
        &two.expose().to_uppercase(),
        &"x".repeat(100_000),
    ] {
        assert_eq!(user(forged).await, None);
    }
}

#[tokio::test]
async fn the_oldest_session_gives_way_and_what_is_over_is_cleared() {
    let house = House::open();
    let ana = house.register("ana").await.unwrap();
    let mut secrets = Vec::new();
    for _ in 0..=SESSIONS_MAX {
        house.pass(1);
        secrets.push(
            house
                .run(async |txn| session::open(txn, ana).await)
                .await
                .unwrap(),
        );
    }
    let mut open = Vec::new();
    for secret in &secrets {
        open.push(
            house
                .run(async |txn| session::user(txn, secret.expose()).await)
                .await
                .unwrap(),
        );
    }
    assert_eq!(open.iter().position(Option::is_some), Some(1));
    assert!(open[1..].iter().all(|user| *user == Some(ana)));

    house.pass(SESSION_MS_MAX);
    let before = house.bytes().await.len();
    house
        .run(async |txn| session::open(txn, ana).await)
        .await
        .unwrap();
    assert!(house.bytes().await.len() < before / 10);
}

#[tokio::test]
async fn a_token_acts_for_its_person_until_it_is_revoked() {
    let house = House::open();
    let (ana, bo) = (
        house.register("ana").await.unwrap(),
        house.register("bo").await.unwrap(),
    );
    let (id, secret) = house
        .run(async |txn| token::issue(txn, ana, "Laptop").await)
        .await
        .unwrap();
    let user = async || {
        house
            .run(async |txn| token::user(txn, secret.expose()).await)
            .await
            .unwrap()
    };
    assert!(secret.expose().starts_with("souk_"));
    assert_eq!(user().await, Some(ana));
    house.pass(SESSION_MS_MAX * 10);
    assert_eq!(user().await, Some(ana));

    // A token is no session, and another person's is unknown.
    let as_session = async |txn: &Txn| session::user(txn, secret.expose()).await;
    assert_eq!(house.run(as_session).await, Ok(None));
    let revoke = async |user| {
        house
            .run(async |txn| token::revoke(txn, user, id).await)
            .await
    };
    assert_eq!(revoke(bo).await, Err(Refusal::UnknownToken));
    assert_eq!(user().await, Some(ana));

    let listed = house
        .run(async |txn| token::list(txn, ana).await)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].id, listed[0].label.as_deref()),
        (id, Some("Laptop"))
    );
    assert_eq!(revoke(ana).await, Ok(()));
    assert_eq!(user().await, None);
    assert_eq!(revoke(ana).await, Err(Refusal::UnknownToken));
    assert_eq!(
        house.run(async |txn| token::list(txn, ana).await).await,
        Ok(vec![])
    );
}

#[tokio::test]
async fn a_person_has_so_many_tokens_and_no_more() {
    let house = House::open();
    let ana = house.register("ana").await.unwrap();
    let issue = async || {
        house
            .run(async |txn| token::issue(txn, ana, "Laptop").await)
            .await
    };
    for _ in 0..TOKENS_MAX {
        issue().await.unwrap();
    }
    assert_eq!(issue().await.err(), Some(Refusal::TokensMax));
    let unlabelled = async |txn: &Txn| token::issue(txn, ana, " ").await;
    assert_eq!(
        house.run(unlabelled).await.err(),
        Some(Refusal::NameMalformed)
    );
}

#[tokio::test]
async fn an_app_asks_once_and_every_event_waits_for_the_answer() {
    let house = House::open();
    let (ana, tea) = (UserId::from_bits(1), app("tea"));
    let ask = async |event| {
        house
            .run(async |txn| consent::ask(txn, &question(ana, &tea, event)).await)
            .await
    };
    let state = async || {
        house
            .run(async |txn| on_name(txn, ana, &tea).await)
            .await
            .unwrap()
    };
    let waiting = async || {
        house
            .run(async |txn| consent::waiting(txn, ana).await)
            .await
            .unwrap()
    };

    assert_eq!(state().await, None);
    let id = ask(1).await.unwrap();
    assert_eq!(ask(2).await, Ok(id));
    assert_eq!(ask(1).await, Ok(id));
    assert_eq!(state().await, None);
    let open = waiting().await;
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].id, &open[0].question),
        (id, &question(ana, &tea, 1))
    );
    let news = async |txn: &Txn| Ok(txn.entries::<News>(&news_log(ana), Page::first(9)).await?);
    assert_eq!(house.run(news).await.unwrap(), [(0, News::Asked(id))]);

    let answer = async |user, yes| {
        house
            .run(async |txn| consent::answer(txn, user, id, yes).await)
            .await
    };
    assert_eq!(
        answer(UserId::from_bits(2), true).await,
        Err(Refusal::UnknownQuestion)
    );
    let answered = answer(ana, true).await.unwrap();
    assert_eq!(answered.events, [1, 2].map(EventId::from_bits));
    assert_eq!(answered.question, question(ana, &tea, 1));
    assert_eq!(state().await, Some(Answer::Granted));
    assert_eq!(waiting().await, []);
    assert_eq!(answer(ana, false).await, Err(Refusal::UnknownQuestion));
    assert_eq!(state().await, Some(Answer::Granted));
}

#[tokio::test]
async fn an_answer_is_for_one_person_and_one_app_and_can_be_taken_back() {
    let house = House::open();
    let (ana, bo, tea, inn) = (
        UserId::from_bits(1),
        UserId::from_bits(2),
        app("tea"),
        app("inn"),
    );
    let settle = async |user, app: &AppId, yes| {
        let id = house
            .run(async |txn| consent::ask(txn, &question(user, app, 1)).await)
            .await
            .unwrap();
        house
            .run(async |txn| consent::answer(txn, user, id, yes).await)
            .await
            .unwrap();
        id
    };
    let state = async |user, app: &AppId| {
        house
            .run(async |txn| on_name(txn, user, app).await)
            .await
            .unwrap()
    };
    let first = settle(ana, &tea, true).await;
    settle(ana, &inn, false).await;
    assert_eq!(state(ana, &tea).await, Some(Answer::Granted));
    assert_eq!(state(ana, &inn).await, Some(Answer::Refused));
    assert_eq!(state(bo, &tea).await, None);
    let listed = house
        .run(async |txn| consent::list(txn, ana).await)
        .await
        .unwrap();
    let listed: Vec<_> = listed
        .iter()
        .map(|(app, consents)| (app.clone(), consents.stances()[0].answer))
        .collect();
    let (no, yes) = (Answer::Refused, Answer::Granted);
    assert_eq!(listed, [(inn.clone(), no), (tea.clone(), yes)]);

    for app in [&tea, &inn, &tea] {
        house
            .run(async |txn| consent::revoke(txn, ana, app, &line().matter).await)
            .await
            .unwrap();
        assert_eq!(state(ana, app).await, None);
    }
    assert_ne!(
        settle(ana, &tea, false).await,
        first,
        "an old answer does not fit a new question"
    );
    assert_eq!(state(ana, &tea).await, Some(Answer::Refused));
}

#[tokio::test]
async fn a_run_that_rests_on_a_consent_does_not_outlive_it() {
    let house = House::open();
    let (ana, tea) = (UserId::from_bits(1), app("tea"));
    let id = house
        .run(async |txn| consent::ask(txn, &question(ana, &tea, 1)).await)
        .await
        .unwrap();
    house
        .run(async |txn| consent::answer(txn, ana, id, true).await)
        .await
        .unwrap();

    let run = house.store.begin().unwrap();
    assert_eq!(on_name(&run, ana, &tea).await, Ok(Some(Answer::Granted)));
    house
        .run(async |txn| consent::revoke(txn, ana, &tea, &line().matter).await)
        .await
        .unwrap();
    assert_eq!(house.store.commit(&run).await, Err(CommitError::Conflict));
}

#[tokio::test]
async fn a_question_has_a_subject_and_a_bounded_queue() {
    let house = House::open();
    let (ana, tea) = (UserId::from_bits(1), app("tea"));
    let ask = async |question: &Question| {
        house
            .run(async |txn| consent::ask(txn, question).await)
            .await
    };
    let empty = Question {
        lines: vec![],
        ..question(ana, &tea, 1)
    };
    assert_eq!(ask(&empty).await, Err(Refusal::NothingAsked));
    let twice = Question {
        lines: vec![line(), line()],
        ..question(ana, &tea, 0)
    };
    let id = ask(&twice).await.unwrap();
    for event in 1..QUESTION_EVENTS_MAX {
        assert_eq!(ask(&question(ana, &tea, event as u128)).await, Ok(id));
    }
    let last = question(ana, &tea, QUESTION_EVENTS_MAX as u128);
    assert_eq!(ask(&last).await, Err(Refusal::EventsWaitingMax));
    let forged = async |txn: &Txn| consent::answer(txn, ana, ConsentId::from_bits(5), true).await;
    assert_eq!(house.run(forged).await, Err(Refusal::UnknownQuestion));
}

#[tokio::test]
async fn what_a_person_says_takes_the_place_of_what_they_said() {
    let house = House::open();
    let (ana, tea) = (UserId::from_bits(1), app("tea"));
    let said = async || house.run(async |txn| on_name(txn, ana, &tea).await).await;
    let at = house.store.now();
    for answer in [Answer::Granted, Answer::Refused, Answer::AtMost] {
        let matter = line().matter;
        let stance = Stance { matter, answer, at };
        let say = async |txn: &Txn| consent::say(txn, ana, &tea, stance.clone()).await;
        house.run(say).await.unwrap();
        assert_eq!(said().await, Ok(Some(answer)));
    }
    let open = async |txn: &Txn| {
        let matters = [line().matter, Permission::Schedule];
        consent::open(txn, ana, &tea, matters).await
    };
    let opened = house.run(open).await.unwrap();
    assert!(opened.opened() && opened.stances().len() == 2);
    assert_eq!(
        said().await,
        Ok(Some(Answer::AtMost)),
        "opening changes no word"
    );
}

fn usd(amount: &str) -> Option<Money> {
    Some(format!("{amount} USD").parse().unwrap())
}

#[tokio::test]
async fn a_budget_has_one_currency_and_an_end_in_sight() {
    let house = House::open();
    let (ana, tea) = (UserId::from_bits(1), app("tea"));
    let now = house.store.now();
    let none = Budget {
        order: None,
        day: None,
        in_all: None,
        until: None,
        since: now,
    };
    let days = |days: u64| Some(now.after_millis(days * 86_400_000));
    let set = async |budget: &Budget| {
        let set = async |txn: &Txn| budget::set(txn, ana, &tea, budget.clone()).await;
        house.run(set).await
    };
    let of = async || {
        house
            .run(async |txn| budget::of(txn, ana, &tea).await)
            .await
    };
    let order = usd("5.00");
    let day = Some("9.00 EUR".parse().unwrap());
    let mixed = Budget {
        order,
        day,
        ..none.clone()
    };
    assert_eq!(set(&mixed).await, Err(Refusal::BudgetCurrencies));
    for (in_all, until) in [
        (usd("9.00"), None),
        (usd("9.00"), days(32)),
        (None, days(0)),
    ] {
        let never = Budget {
            order,
            in_all,
            until,
            ..none.clone()
        };
        assert_eq!(set(&never).await, Err(Refusal::BudgetTime), "{never:?}");
    }
    assert_eq!(of().await, Ok(None));
    let until = days(31);
    let good = Budget {
        order,
        until,
        ..none.clone()
    };
    set(&good).await.unwrap();
    assert_eq!(of().await, Ok(Some(good)));
    house.clock.0.fetch_add(31 * 86_400_000, Ordering::Relaxed);
    assert_eq!(of().await, Ok(None), "its time is up");
    set(&Budget {
        order,
        ..none.clone()
    })
    .await
    .unwrap();
    set(&none).await.unwrap();
    assert_eq!(of().await, Ok(None), "it was taken away");
}

#[test]
fn the_lower_of_a_day_and_of_what_is_left_bounds_today() {
    let since = Timestamp::from_millis(20_000 * 86_400_000 + 5);
    let budget = |day: Option<&str>, in_all: Option<&str>| Budget {
        order: usd("4.00"),
        day: day.and_then(usd),
        in_all: in_all.and_then(usd),
        until: None,
        since,
    };
    let (dollar, euro) = ("USD".parse().unwrap(), "EUR".parse().unwrap());
    let both = budget(Some("5.00"), Some("12.00"));
    assert_eq!(both.in_one_day(dollar, 0), usd("5.00"));
    assert_eq!(both.in_one_day(dollar, 800), usd("4.00"));
    assert_eq!(both.in_one_day(dollar, 9_900), usd("0.00"));
    assert_eq!(budget(None, None).in_one_day(dollar, 5), None);
    assert_eq!(both.in_one_order(dollar), usd("4.00"));
    assert_eq!(both.in_one_order(euro), Some("0.00 EUR".parse().unwrap()));
    assert_eq!(both.days_before(since), 20_000..20_000);
    let later = since.after_millis(3 * 86_400_000);
    assert_eq!(both.days_before(later), 20_000..20_003);
}

#[test]
fn an_app_is_blamed_only_for_what_it_did() {
    assert_eq!(Refusal::NothingAsked.blame(), Blame::Guest);
    assert_eq!(Refusal::HandleTaken.blame(), Blame::User);
    assert_eq!(Refusal::Randomness.blame(), Blame::Operator);
    assert_eq!(
        Refusal::from(souk_store::StoreError::Form).blame(),
        Blame::Host
    );
}
