//! One app gives the names of what it has to another, which calls every function with them.

use std::collections::BTreeSet;

use souk_chat::history;
use souk_core::{AppId, TypedId, UserId};
use souk_events::Cause;
use souk_registry::setting;
use souk_runtime::{End, Job, Limits, Prepared, Report, Runtime};
use souk_store::{Page, Txn};

use super::handles::texts_of_the_contract;
use crate::cell::Cell;
use crate::dice::Dice;
use crate::{Wrong, corpus};

/// Says in everything of the victim's that it was found.
const CANARIES: [&str; 2] = ["canary", "4711"];
/// Apps one person is in.
const APPS: usize = 1_000;
const VICTIM: &str = "com.example.victim";
/// Functions by which only what is there already can be meant: with another's name they say no.
const REFERENCES: [&str; 14] = [
    "chats.chat.from-token",
    "chats.chat.whisper",
    "chats.chat.show-to",
    "chats.chat.edit",
    "chats.chat.delete",
    "payments.order.find",
    "payments.order.by-key",
    "payments.order.capture",
    "payments.order.void",
    "payments.order.refuse",
    "payments.order.refund",
    "payments.wallet.pay-out",
    "values.secret.open",
    "timers.cancel",
];

/// Two apps with the same people in the same chat, and the names of what one of them has.
pub(super) struct Apps {
    pub(super) cell: Cell,
    guest: Prepared,
    functions: Vec<String>,
    /// What the victim has, by kind.
    names: Vec<(String, String)>,
    /// What the victim says of itself.
    looks: Vec<String>,
    /// Whether every app is taken for the victim.
    confused: bool,
}

impl Apps {
    pub(super) async fn open(confused: bool) -> Result<Self, Wrong> {
        let cell = Cell::open(Runtime::new(&Limits::default())?).await?;
        let guest = cell.runtime.prepare(&corpus::program("probe")?)?;
        let mut apps = Self {
            cell,
            guest,
            functions: Vec::new(),
            names: Vec::new(),
            looks: Vec::new(),
            confused,
        };
        apps.functions = apps.run(VICTIM, "functions", "").await?.log;
        apps.knows_the_contract()?;
        apps.make().await?;
        let txn = apps.cell.store.begin()?;
        apps.looks = apps.look(&txn).await?;
        Ok(apps)
    }

    /// Refuses to begin when a function of the contract takes a text and is not called.
    fn knows_the_contract(&self) -> Result<(), Wrong> {
        let known: BTreeSet<_> = self.functions.iter().map(String::as_str).collect();
        let all = texts_of_the_contract()?;
        match all.iter().find(|name| !known.contains(name.as_str())) {
            Some(missing) => Err(format!("the guest `probe` does not call {missing}").into()),
            None => Ok(()),
        }
    }

    /// Has the victim make something of every kind.
    async fn make(&mut self) -> Result<(), Wrong> {
        let txn = self.cell.store.begin()?;
        let victim: AppId = VICTIM.parse()?;
        setting::set(&txn, &victim, "canary-setting", "canary set", false).await?;
        setting::set(&txn, &victim, "canary-secret", "canary secret", true).await?;
        let job = self.job(VICTIM, "make", "")?;
        let report = self.cell.runtime.run(&self.guest, job, &txn).await?;
        if report.end != End::Ok {
            return Err(format!("the victim makes nothing: {:?}", report.end).into());
        }
        self.cell.store.commit(&txn).await?;
        let names = report.log.iter().filter_map(|line| line.split_once(' '));
        self.names = names
            .map(|(kind, name)| (kind.to_owned(), name.to_owned()))
            .collect();
        Ok(())
    }

    /// Calls a function of the contract as another app, with a name of the victim's or one like it.
    pub(super) async fn try_one(&self, dice: &mut Dice) -> Result<(), Wrong> {
        let function = dice.pick(&self.functions).ok_or("there are no functions")?;
        let (kind, name) = dice.pick(&self.names).ok_or("there are no names")?;
        let (whole, name) = disguised(name, dice);
        let thief = *dice
            .pick(&["com.example.thief", "com.example.sister"])
            .ok_or("no thief")?;
        let thief = if self.confused { VICTIM } else { thief };
        let txn = self.cell.store.begin()?;
        let job = self.job(thief, "probe", &format!("{function}|{name}"))?;
        let report = self.cell.runtime.run(&self.guest, job, &txn).await?;
        let what = format!("{thief} calls {function} with {kind} {name:?}");
        let said = report.log.join("\n");
        let came = said.strip_prefix("got ").unwrap_or_default();
        if CANARIES.iter().any(|canary| came.contains(canary)) {
            return Err(format!("{what} and gets {came}").into());
        }
        let reply = function == "chats.chat.post" && kind == "whisper";
        let refers = reply || REFERENCES.contains(&function.as_str());
        if whole && refers && said.starts_with("got ") {
            return Err(format!("{what} and it is done").into());
        }
        if self.look(&txn).await? != self.looks {
            return Err(format!("{what} and changes it").into());
        }
        Ok(())
    }

    /// Whether one person is a thousand to a thousand apps.
    pub(super) async fn a_thousand_ids(&self) -> Result<(), Wrong> {
        let guest = self.cell.runtime.prepare(&corpus::program("social")?)?;
        let mut ids = BTreeSet::new();
        for number in 0..APPS {
            let app = format!("com.example.app{number}");
            let app = if self.confused { VICTIM } else { &app };
            let mut job = self.job(app, "who", "")?;
            if !self.confused {
                job.merchant = UserId::from_bits(u128::try_from(number)?);
            }
            let txn = self.cell.store.begin()?;
            let report = self.cell.runtime.run(&guest, job, &txn).await?;
            let told = report.log.iter().filter(|line| line.starts_with("user."));
            ids.extend(told.filter_map(|line| Some(line.split_once(": ")?.1.to_owned())));
        }
        // "ok" of the handle, and two ids for each app.
        match ids.len() {
            len if len == 2 * APPS + 1 => Ok(()),
            len => Err(format!("{len} answers in {APPS} apps").into()),
        }
    }

    /// Everything the victim has, as it sees it itself, and what was said in the chat of its own.
    async fn look(&self, txn: &Txn) -> Result<Vec<String>, Wrong> {
        let job = self.job(VICTIM, "look", "")?;
        let (chat, user) = (job.event.chat.ok_or("no chat")?, job.event.user);
        let report = self.cell.runtime.run(&self.guest, job, txn).await?;
        let viewer = user.ok_or("nobody")?;
        let seen = history::of(txn, chat, viewer, Page::first(50)).await?;
        let texts = seen.into_iter().filter_map(|(_, message)| message.body);
        let texts = texts.map(|body| body.text);
        let own = texts.filter(|text| text.contains("canary"));
        Ok(report.log.into_iter().chain(own).collect())
    }

    async fn run(&self, app: &str, name: &str, words: &str) -> Result<Report, Wrong> {
        let txn = self.cell.store.begin()?;
        let job = self.job(app, name, words)?;
        Ok(self.cell.runtime.run(&self.guest, job, &txn).await?)
    }

    /// A command of the same person in the same chat, for any app.
    fn job(&self, app: &str, name: &str, words: &str) -> Result<Job, Wrong> {
        let mut job = self.cell.job(name);
        job.event.app = app.parse()?;
        job.event.cause = Cause::Command {
            name: name.to_owned(),
            arguments: words.to_owned(),
            start: None,
        };
        if app == "com.example.thief" {
            job.merchant = UserId::from_bits(98);
        }
        Ok(job)
    }
}

/// The name as it is, mostly, or something like it. Also whether it is the name itself.
fn disguised(name: &str, dice: &mut Dice) -> (bool, String) {
    let half = name.get(..name.len() / 2).unwrap_or_default();
    match dice.below(10) {
        0 => (false, format!("{VICTIM}/{name}")),
        1 => (false, format!("../{VICTIM}/app/{name}")),
        2 => (false, format!("{name}\0")),
        3 => (false, name.to_uppercase()),
        4 => (false, half.to_owned()),
        5 => (false, String::new()),
        _ => (true, name.to_owned()),
    }
}
