//! A stage to play guests on: a store in memory, two people in a group, an app and its clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use expect_test::Expect;
use souk_chat::{Author, chat, history};
use souk_core::{
    AppId, ChatId, Claim, Clock, EventId, Method, OrderId, Reach, Timestamp, TypedId, UserId,
};
use souk_egress::{Answer, Refusal, Request};
use souk_events::{Cause, Event};
use souk_identity::account;
use souk_registry::grant::{Grant, Grants};
use souk_runtime::{End, Job, Limits, Narrower, Narrowers, Outside, Read, Report, Terms, bound};
use souk_store::memory::Memory;
use souk_store::{Keyring, Page, Store, StoreError, Txn};

use crate::languages::Guest;
use crate::replay;

/// When everything begins.
pub(crate) const NOON: u64 = 1_700_000_000_000;

/// A clock that a test moves.
pub(crate) struct HandClock(AtomicU64);

impl HandClock {
    pub(crate) fn pass(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Everything a guest needs around itself.
pub(crate) struct Stage {
    pub(crate) store: Store,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) guest: Guest,
    /// What the app was granted; everything, unless a test takes something away.
    pub(crate) grants: Grants,
    /// What the outside answers.
    pub(crate) outside: Arc<Echo>,
    pub(crate) app: AppId,
    pub(crate) merchant: UserId,
    pub(crate) ana: UserId,
    pub(crate) bo: UserId,
    pub(crate) chat: ChatId,
}

/// One run, and what was committed of it.
pub(crate) struct Played {
    pub(crate) report: Report,
    /// The texts the app posted in it.
    pub(crate) said: Vec<String>,
}

impl Stage {
    /// A stage for one of the programs of `tests/guests`.
    pub(crate) async fn of(name: &str) -> Self {
        Self::on(&Guest::in_rust(name)).await
    }

    /// A stage for any component.
    pub(crate) async fn with(component: &[u8], limits: &Limits) -> Self {
        Self::on(&Guest::new(component, limits)).await
    }

    /// A stage for a guest that is ready.
    pub(crate) async fn on(guest: &Guest) -> Self {
        let clock = Arc::new(HandClock(AtomicU64::new(NOON)));
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(Arc::new(Memory::default()), keyring, clock.clone());
        let txn = store.begin().unwrap();
        let ana = account::register(&txn, "ana", "Ana", "-".to_owned())
            .await
            .unwrap();
        let bo = account::register(&txn, "bo", "Bo", "-".to_owned())
            .await
            .unwrap();
        let chat = chat::open_group(&txn, ana, "Tea time", &[bo])
            .await
            .unwrap();
        store.commit(&txn).await.unwrap();
        Self {
            store,
            clock,
            guest: guest.clone(),
            grants: everything(),
            outside: Arc::default(),
            app: "com.example.tea".parse().unwrap(),
            merchant: UserId::from_bits(99),
            ana,
            bo,
            chat,
        }
    }

    /// Ana types `/name arguments`.
    pub(crate) async fn command(&self, name: &str, arguments: &str) -> Played {
        self.play(&self.event(command(name, arguments))).await
    }

    /// Ana types it, and the app reports what is expected.
    pub(crate) async fn check(&self, name: &str, arguments: &str, expected: Expect) {
        expected.assert_eq(&self.command(name, arguments).await.told());
    }

    /// Tells the app that an order changed.
    pub(crate) async fn order(&self, order: OrderId) -> Played {
        self.play(&self.event(Cause::Order(order))).await
    }

    /// An event of Ana's, now.
    pub(crate) fn event(&self, cause: Cause) -> Event {
        Event {
            id: EventId::mint(self.store.now(), u128::from(rand())),
            app: self.app.clone(),
            chat: Some(self.chat),
            user: Some(self.ana),
            left: 0,
            at: self.store.now(),
            tries: 0,
            locale: None,
            cause,
        }
    }

    /// Runs an event and commits what it staged if the app is content.
    pub(crate) async fn play(&self, event: &Event) -> Played {
        self.play_job(self.job(event)).await
    }

    /// Plays a job that is not as all others are.
    pub(crate) async fn play_job(&self, job: Job) -> Played {
        let before = self.said().await.len();
        let (report, txn) = self.run_job(job).await;
        let report = report.unwrap();
        if report.end == End::Ok {
            self.store.commit(&txn).await.unwrap();
        }
        let said = self.said().await.split_off(before);
        Played { report, said }
    }

    /// Runs an event, once more from its trace, and leaves what it staged in the transaction.
    pub(crate) async fn run(&self, event: &Event) -> (Result<Report, StoreError>, Txn) {
        self.run_job(self.job(event)).await
    }

    pub(crate) async fn run_job(&self, job: Job) -> (Result<Report, StoreError>, Txn) {
        let txn = self.store.begin().unwrap();
        let Guest { runtime, prepared } = &self.guest;
        let report = runtime.run(prepared, job, &txn).await;
        if let Ok(report) = &report {
            replay::same(&self.guest, report).await;
        }
        (report, txn)
    }

    pub(crate) fn job(&self, event: &Event) -> Job {
        self.job_within(event, Narrower::default())
    }

    /// The same, with bounds that the operator drew narrower for this app.
    pub(crate) fn job_within(&self, event: &Event, narrower: Narrower) -> Job {
        let terms = Terms {
            issuer: "https://souk.example".to_owned(),
            narrower: Narrowers {
                single: BTreeMap::from([(event.app.clone(), narrower)]),
                ..Narrowers::default()
            },
            ..Terms::default()
        };
        Job {
            event: event.clone(),
            merchant: self.merchant,
            is_group: true,
            grants: self.grants.clone(),
            terms: Arc::new(terms),
            outside: Some(self.outside.clone()),
            may_ask: matches!(event.cause, Cause::Command { .. } | Cause::Action { .. }),
        }
    }

    /// What the app has said in the chat so far, as Ana sees it.
    pub(crate) async fn said(&self) -> Vec<String> {
        self.seen_by(self.ana).await
    }

    /// What the app has said in the chat so far, as somebody sees it.
    pub(crate) async fn seen_by(&self, viewer: UserId) -> Vec<String> {
        let txn = self.store.begin().unwrap();
        let history = history::of(&txn, self.chat, viewer, Page::first(200)).await;
        let history = history.unwrap();
        let by_app = history
            .into_iter()
            .filter(|(_, it)| matches!(it.author, Author::App(_)));
        by_app
            .filter_map(|(_, it)| it.body)
            .map(|body| body.text)
            .collect()
    }
}

/// All there is.
pub(crate) fn everything() -> Grants {
    Grants {
        messaging_post: Grant::Granted(()),
        messaging_push: Grant::Granted(()),
        messaging_listen: Grant::Granted(()),
        profile_claims: Claim::ALL.map(|claim| (claim, Grant::Granted(()))).into(),
        merchant_id: Grant::Granted(()),
        wallet_request: Grant::Granted("50.00 USD".parse().unwrap()),
        wallet_pay_out: Grant::Granted("2.00 USD".parse().unwrap()),
        storage_app: Grant::Granted(()),
        storage_chat: Grant::Granted(()),
        storage_user: Grant::Granted(()),
        config: Grant::Granted(()),
        schedule: Grant::Granted(()),
        http: Grant::Granted(vec![Reach {
            origin: "https://api.example.com".parse().unwrap(),
            methods: vec![Method::Get, Method::Post],
        }]),
    }
}

/// An outside that answers with the path it was asked for.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    /// How often it was asked.
    pub(crate) asked: AtomicU64,
}

#[async_trait]
impl Outside for Echo {
    async fn read(
        &self,
        _: &Event,
        reach: &[Reach],
        request: &Request,
        _: Duration,
    ) -> Result<Read, StoreError> {
        assert!(
            reach
                .iter()
                .any(|it| it.covers(&request.origin, request.method))
        );
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = match request.path.strip_prefix("/fail/") {
            Some("slow") => Err(Refusal::Slow),
            Some(_) => Err(Refusal::Private),
            None => Ok(Answer {
                status: 200,
                headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
                body: request.path.clone().into_bytes(),
            }),
        };
        Ok(Read { answer, millis: 0 })
    }
}

/// One bound drawn narrower.
pub(crate) fn narrower(name: &str, most: u64) -> Narrower {
    Narrower::default().with(bound(name).unwrap(), most)
}

pub(crate) fn command(name: &str, arguments: &str) -> Cause {
    Cause::Command {
        name: name.to_owned(),
        arguments: arguments.to_owned(),
        start: None,
    }
}

impl Played {
    /// What the app reported, with ids made alike: it posts it, and where it may not it fails with
    /// it.
    pub(crate) fn told(&self) -> String {
        match (&self.report.end, self.said.last()) {
            (End::Ok, Some(report)) | (End::Rejected(report), _) => plain(report),
            (end, _) => panic!("no report: {end:?}"),
        }
    }

    /// What a program in Rust printed, with ids made alike: every line of its report.
    pub(crate) fn printed(&self) -> String {
        plain(&self.report.log.join("\n"))
    }

    /// How often a function was called, and how often that was denied.
    pub(crate) fn uses(&self, function: &str) -> (u64, u64) {
        let uses = self.report.uses.iter();
        let found = uses.filter(|used| used.function == function);
        found.fold((0, 0), |(count, denied), used| {
            (count + used.count, denied + used.denied)
        })
    }
}

/// Ids differ from run to run: their letters are left out.
fn plain(text: &str) -> String {
    let word = |word: &str| match word.split_once('_') {
        Some((prefix, rest)) if prefix.len() == 3 && rest.len() >= 26 => format!("{prefix}_…"),
        _ => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A number no other event of this process has.
fn rand() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
