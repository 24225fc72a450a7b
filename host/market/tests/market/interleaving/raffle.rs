//! A raffle on a host: Ana draws or buys in one chat and Bo in another, from the same prizes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ed25519_dalek::SigningKey;
use souk_core::{AppId, ChatId, Clock, Money, Timestamp, TransferId, TypedId, UserId};
use souk_events::Outcome;
use souk_ledger::order::{self, Ask, Details, Item};
use souk_ledger::{Holder, Policy, account, audit, rail};
use souk_market::{Call, Config, Market, MarketError, Said, Sheet};
use souk_registry::grant::{self, Allowed};
use souk_registry::{matter, package};
use souk_runtime::{Limits, Runtime, Workshop};
use souk_store::{Blobs, Keyring, Page, RawKey, Store};
use tokio::sync::OnceCell;

use super::stepping::{RUN, RUNS, Seen, Step, Stepping};
use crate::programs::program;

const MANIFEST: &str = r#"
app_id = "com.example.raffle"
name = "Raffle"
description = "Has prizes"
version = { code = 1, name = "1" }
build = { command = "make", component = "raffle.wasm" }

[[commands]]
name = "fill"
description = "Put prizes in"

[[commands]]
name = "draw"
description = "Take one out"

[[commands]]
name = "buy"
description = "Pay for one"

[[req_permissions]]
name = "messaging.post"
reason = "To say so"

[[req_permissions]]
name = "storage.app"
reason = "To know what is left"

[[req_permissions]]
name = "wallet.request"
reason = "To sell prizes"
max_amount = { amount = "1.00", currency = "USD" }

[[req_permissions]]
name = "wallet.pay-out"
reason = "To give a prize"
max_amount = { amount = "500.00", currency = "USD" }
"#;
/// What the raffle has to give away, in cents.
const PURSE: u64 = 50_000;
/// What each player has at first, in cents.
const POCKET: u64 = 10_000;

/// What the players do at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// They draw a prize, and are paid.
    Draw,
    /// They approve an order that the raffle looks at once more, and pay.
    Buy,
}

/// What one person got: what they were told, with their ticket counted from the first of the two,
/// and how many cents went from one side to the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Drawn {
    told: String,
    cents: u64,
}

/// A clock that stands still.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000)
    }
}

/// What the operator allows: without it no app pays anybody.
fn prizes_are_paid() -> grant::Policy {
    let pay_out = matter::named("wallet.pay-out").unwrap();
    grant::Policy::default().with(pay_out, Allowed::AsAsked)
}

/// Whoever draws, and where.
#[derive(Clone, Copy)]
struct Player {
    user: UserId,
    chat: ChatId,
}

/// What was before both began.
struct Before {
    purses: [u64; RUNS],
    sheets: Vec<Sheet>,
}

/// A host with a raffle and two who do something.
pub(crate) struct Raffle {
    deed: Deed,
    engine: Arc<Stepping>,
    market: Market,
    players: [Player; RUNS],
    shared: OnceCell<BTreeSet<RawKey>>,
    _blobs: tempfile::TempDir,
}

impl Raffle {
    /// Opens one, on a store that checks what was read or does not.
    pub(crate) async fn open(deed: Deed, checked: bool) -> Self {
        let engine = Arc::new(Stepping::new(checked));
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let store = Store::new(Arc::clone(&engine) as _, keyring, Arc::new(Noon));
        let blobs = tempfile::tempdir().unwrap();
        // No run moves to another thread: who asks is told by the task.
        let limits = Limits {
            brisk_ms: u64::MAX,
            ..Limits::default()
        };
        let workshop = Workshop::bare(Runtime::new(&limits).unwrap());
        let shelf = Blobs::open(blobs.path()).unwrap();
        let config = Config {
            policies: prizes_are_paid().into(),
            ..Config::default()
        };
        let market = Market::open(store, shelf, workshop, config).unwrap();
        let players = [player(&market, "ana").await, player(&market, "bo").await];
        publish(&market, players[0].user).await;
        fund(&market, players.map(|player| player.user)).await;
        let raffle = Self {
            deed,
            engine,
            market,
            players,
            shared: OnceCell::new(),
            _blobs: blobs,
        };
        // The first run of each opens the app for them, which no later one does.
        raffle.draw(2, Vec::new()).await;
        raffle
    }

    /// What comes of it if one draws after the other, either of them first.
    pub(crate) async fn serial(&self, prizes: u64) -> [[Drawn; RUNS]; RUNS] {
        let one = self.draw_in_turns(prizes, [0, 1]).await;
        [one, self.draw_in_turns(prizes, [1, 0]).await]
    }

    /// How many steps each of them takes where both draw a prize and neither hinders the other.
    pub(crate) async fn steps(&self) -> [usize; RUNS] {
        self.draw_in_turns(2, [0, 1]).await;
        let seen = self.engine.seen();
        let shared = self.shared.get_or_init(async || Seen::shared(&seen)).await;
        seen.map(|seen| seen.steps(shared))
    }

    /// Has both draw at once, with their steps in this order.
    pub(crate) async fn draw(&self, prizes: u64, order: Vec<Step>) -> [Drawn; RUNS] {
        let before = self.before(prizes, order).await;
        tokio::join!(self.play(0, &before), self.play(1, &before));
        self.after(before).await
    }

    async fn draw_in_turns(&self, prizes: u64, turns: [Step; RUNS]) -> [Drawn; RUNS] {
        let before = self.before(prizes, Vec::new()).await;
        for player in turns {
            self.play(player, &before).await;
        }
        self.after(before).await
    }

    /// Checks that the books balance, and that the raffle gave what they were given.
    pub(crate) async fn balances(&self) {
        let txn = self.market.store().begin().unwrap();
        let audit = audit::audit(&txn).await.unwrap();
        assert!(audit.faults.is_empty(), "{:?}", audit.faults);
        let left = self.cents(&Holder::App(app())).await;
        let [ana, bo] = self.purses().await;
        assert_eq!(left + ana + bo, PURSE + POCKET + POCKET);
    }

    async fn before(&self, prizes: u64, order: Vec<Step>) -> Before {
        self.say(0, &format!("/fill {prizes}")).await;
        let mut sheets = Vec::new();
        if self.deed == Deed::Buy {
            for player in 0..RUNS {
                sheets.push(self.asked(player).await);
            }
        }
        let none = BTreeSet::new();
        let shared = self.shared.get().unwrap_or(&none);
        let purses = self.purses().await;
        self.engine.begin(order, shared);
        Before { purses, sheets }
    }

    async fn after(&self, before: Before) -> [Drawn; RUNS] {
        self.decline_all().await;
        let drawn = before
            .purses
            .iter()
            .sum::<u64>()
            .saturating_sub(POCKET + POCKET);
        let after = self.purses().await;
        let told = [self.told(0, drawn).await, self.told(1, drawn).await];
        let mut cents = before
            .purses
            .iter()
            .zip(after)
            .map(|(before, after)| after.abs_diff(*before));
        told.map(|told| Drawn {
            told,
            cents: cents.next().unwrap(),
        })
    }

    async fn play(&self, player: Step, before: &Before) {
        match before.sheets.get(player) {
            None => RUN.scope(player, self.say(player, "/draw")).await,
            Some(sheet) => RUN.scope(player, self.approve(player, sheet)).await,
        }
        self.engine.ended(player);
    }

    /// The raffle asks a player for a cent.
    async fn asked(&self, player: Step) -> Sheet {
        self.say(player, &format!("/buy {}", next())).await;
        let user = self.players[player].user;
        let waiting = self.market.waiting_orders(user).await.unwrap();
        let [asked] = waiting.as_slice() else {
            panic!("{waiting:?}");
        };
        self.market.sheet(user, asked.order.id).await.unwrap()
    }

    async fn approve(&self, player: Step, sheet: &Sheet) {
        let call = Call::new(self.players[player].user, next().as_str(), "approve", b"");
        let approving = self
            .market
            .approve(&call, sheet.view.order.id, &sheet.nonce);
        match approving.await {
            Ok(_) => {}
            Err(MarketError::Stopped(stopped)) => {
                assert_eq!(
                    stopped.outcome,
                    Outcome::Rejected("None is left".to_owned())
                );
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// What was not paid is not wanted any more.
    async fn decline_all(&self) {
        for Player { user, .. } in self.players {
            for view in self.market.waiting_orders(user).await.unwrap() {
                let call = Call::new(user, next().as_str(), "decline", b"");
                self.market.decline(&call, view.order.id).await.unwrap();
            }
        }
    }

    async fn say(&self, player: Step, text: &str) {
        let Player { user, chat } = self.players[player];
        let call = Call::new(user, next().as_str(), "say", text.as_bytes());
        let said = self.market.say(&call, chat, text, None).await.unwrap();
        let Said::Happened(happened) = said else {
            panic!("{text} is no command");
        };
        assert_eq!(happened.outcome, Outcome::Done, "{text}");
    }

    /// What somebody was told last. One ticket was given out for each cent.
    async fn told(&self, player: Step, drawn: u64) -> String {
        let Player { user, chat } = self.players[player];
        let last = self.market.history(user, chat, Page::last(1)).await;
        let (_, view) = last.unwrap().pop().unwrap();
        let text = view.message.body.unwrap().text;
        let Some((ticket, left)) = text
            .strip_prefix("Ticket ")
            .and_then(|rest| rest.split_once(','))
        else {
            return text;
        };
        let ticket = ticket.parse::<u64>().unwrap().wrapping_sub(drawn);
        format!("Ticket {ticket},{left}")
    }

    async fn purses(&self) -> [u64; RUNS] {
        let [ana, bo] = self.players;
        [
            self.cents(&Holder::Person(ana.user)).await,
            self.cents(&Holder::Person(bo.user)).await,
        ]
    }

    async fn cents(&self, holder: &Holder) -> u64 {
        let txn = self.market.store().begin().unwrap();
        let currency = "USD".parse().unwrap();
        let balance = account::balance(&txn, holder, currency).await.unwrap();
        balance.available().minor()
    }
}

/// A key that no call has.
fn next() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

fn app() -> AppId {
    "com.example.raffle".parse().unwrap()
}

async fn player(market: &Market, handle: &str) -> Player {
    let joined = market.register(handle, handle, "one-small-market").await;
    let user = joined.unwrap().user;
    let call = Call::new(user, "opening", "test", b"");
    let chat = market.open_group(&call, "Raffle", &[]).await.unwrap();
    Player { user, chat }
}

async fn publish(market: &Market, by: UserId) {
    let (component, key) = (program("raffle"), SigningKey::from_bytes(&[7; 32]));
    let package = package::build(&component, MANIFEST, &[], &key).unwrap();
    let call = Call::new(by, "publish", "publish", &package);
    market.publish(&call, &package).await.unwrap();
}

/// Gives the players money, and has the first pay the raffle all it will give away.
async fn fund(market: &Market, players: [UserId; RUNS]) {
    let [by, _] = players;
    let pocket = Money::new(POCKET, "USD".parse().unwrap()).unwrap();
    let total = Money::new(PURSE, "USD".parse().unwrap()).unwrap();
    let item = Item {
        id: None,
        label: "Prizes".to_owned(),
        quantity: 1,
        unit: total,
    };
    let ask = &Ask {
        authorize_only: false,
        last_look: false,
        app: app(),
        chat: ChatId::from_bits(1),
        payer: by,
        key: "prizes".to_owned(),
        details: Details {
            items: vec![item],
            totals: Vec::new(),
            memo: String::new(),
        },
        total,
        expires: None,
        ceiling: None,
    };
    let (policy, id) = (&Policy::default(), TransferId::from_bits);
    let pay = |txn| async move {
        rail::deposit(&txn, policy, by, total, id(1)).await?;
        for (player, number) in players.into_iter().zip(3..) {
            rail::deposit(&txn, policy, player, pocket, id(number)).await?;
        }
        let order = order::open(&txn, policy, ask).await?.id;
        order::approve(&txn, policy, order, by, id(2)).await
    };
    market.store().transact(pay).await.unwrap();
}
