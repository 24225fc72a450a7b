//! The language of the pages: one command a line, what came of it behind the arrow.
//!
//! `check(expect![[...]])` runs the left side of every line and compares the right side;
//! `UPDATE_EXPECT=1` writes it. Orders are named `o1`, `o2`, … and entries `e1`, `e2`, … as they
//! come into being, approvals `n1`, `n2`, …

use std::fmt::Write as _;

use expect_test::Expect;
use souk_core::{EntryId, Money, OrderId};
use souk_store::Page;

use super::book::{Book, app, holder, money, name_of, one, person, tea, transfer_id};
use crate::Policy;
use crate::entry::Entry;
use crate::news::{News, news_log};
use crate::order::{self, Order};
use crate::{Refusal, account, approval, receipt, statement};

/// Where the answers of a page begin, and how wide they are.
const COLUMN: usize = 46;
const WIDTH: usize = 42;

/// Runs a page and compares what came of it.
pub(super) async fn check(page: Expect) {
    let mut script = Script::default();
    let mut written = String::new();
    for line in page.data().lines().map(str::trim) {
        let command = line.split("=>").next().unwrap().trim();
        // Empty lines and the rest of answers that take several.
        if command.is_empty() || command.starts_with('|') {
            continue;
        }
        if command.starts_with('#') {
            writeln!(written, "{command}").unwrap();
            continue;
        }
        let answer = match script.command(command).await {
            Ok(answer) => answer,
            Err(refusal) => format!("refused: {refusal}"),
        };
        let mut lines = answer.lines().flat_map(wrapped);
        let first = lines.next().unwrap_or_default();
        writeln!(written, "{command:COLUMN$} => {first}").unwrap();
        for more in lines {
            writeln!(written, "{:COLUMN$} |  {more}", "").unwrap();
        }
    }
    page.assert_eq(&written);
}

/// Breaks a line between words, so that a page stays as narrow as the code around it.
fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last_mut().unwrap();
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + word.chars().count() < WIDTH {
            write!(last, " {word}").unwrap();
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

pub(super) struct Script {
    pub(super) book: Book,
    orders: Vec<OrderId>,
    entries: Vec<EntryId>,
    nonces: Vec<String>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            book: Book::new(),
            orders: Vec::new(),
            entries: Vec::new(),
            nonces: Vec::new(),
        }
    }
}

impl Script {
    async fn command(&mut self, line: &str) -> Result<String, Refusal> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["deposit", who, amount, currency, id] => {
                let amount = format!("{amount} {currency}");
                let entry = self.book.deposit(who, &amount, id).await?;
                Ok(self.entry(&entry))
            }
            ["open", by, who, amount, currency, key, ref rest @ ..] => {
                let amount = format!("{amount} {currency}");
                self.open(by, who, &amount, key, rest).await
            }
            ["sheet", id, who] => self.sheet(id, who).await,
            ["approve", id, who, nonce, attempt] => self.approve(id, who, nonce, attempt).await,
            ["pay", id, who, attempt] => {
                let paid = self.book.pay(self.id(id), who, attempt).await?;
                Ok(format!("{} {}", paid.order.state, self.entry(&paid.entry)))
            }
            ["decline", id, who] => Ok(state(&self.book.decline(self.id(id), who).await?)),
            ["cancel", id, by, ref reason @ ..] => {
                let reason = reason.join(" ");
                Ok(state(&self.book.cancel(self.id(id), by, &reason).await?))
            }
            ["expire", id] => match self.book.expire(self.id(id)).await? {
                Some(order) => Ok(state(&order)),
                None => Ok("nothing to do".to_owned()),
            },
            ["refund", id, by, key, amount, currency, ref reason @ ..] => {
                let (amount, reason) = (format!("{amount} {currency}"), reason.join(" "));
                let id = self.id(id);
                let done = self.book.refund(id, by, key, &amount, &reason).await?;
                let entry = self.entry(&done.entry);
                let (state, refunded) = (done.order.state, done.order.refunded);
                Ok(format!("{state} {entry}, {refunded} refunded"))
            }
            ["wait", time] => {
                self.book.wait(millis(time));
                Ok("later".to_owned())
            }
            ["erase", who] => {
                self.book.erase(who).await;
                Ok("gone".to_owned())
            }
            ["audit"] => Ok(self.book.audit().await.to_string()),
            _ => self.page(&words).await,
        }
    }

    /// The commands that only look.
    async fn page(&mut self, words: &[&str]) -> Result<String, Refusal> {
        match words {
            ["balance", who] => self.balance(who).await,
            ["numbers", who, currency] => self.numbers(who, currency).await,
            ["statement", who, currency] => self.statement(who, currency).await,
            ["history", id] => self.history(id).await,
            ["waiting", who] => self.waiting(who).await,
            ["news", who] => self.news(who).await,
            ["says", id] => self.says(id).await,
            ["receipt", id] => self.receipt(id).await,
            _ => self.money(words).await,
        }
    }

    async fn open(
        &mut self,
        by: &str,
        who: &str,
        amount: &str,
        key: &str,
        rest: &[&str],
    ) -> Result<String, Refusal> {
        let mut ask = tea(who, amount, key);
        ask.app = app(by);
        for option in rest {
            match option.split_once('=').unwrap() {
                ("waits", time) => {
                    ask.expires = Some(self.book.store.now().after_millis(millis(time)));
                }
                ("ceiling", ceiling) => ask.ceiling = Some(money(&ceiling.replace('_', " "))),
                ("item", label) => ask.details = one(&label.replace('_', " "), amount),
                ("authorize", _) => ask.authorize_only = true,
                ("memo", memo) => ask.details.memo = memo.replace('_', " "),
                (other, _) => panic!("no such option: {other}"),
            }
        }
        let order = self.book.open(&ask).await?;
        Ok(format!("{} {}", self.order(order.id), order.state))
    }

    async fn sheet(&mut self, id: &str, who: &str) -> Result<String, Refusal> {
        let (id, who) = (self.id(id), person(who));
        let offer = |txn| async move {
            let order = order::get(&txn, id).await?.ok_or(Refusal::UnknownOrder)?;
            approval::offer(&txn, &order, who).await
        };
        let offered = self.book.run(offer).await?;
        self.nonces.push(offered.nonce);
        Ok(format!("n{}", self.nonces.len()))
    }

    /// What the host does when a person presses "pay": the approval is spent and the money moves.
    async fn approve(
        &mut self,
        id: &str,
        who: &str,
        nonce: &str,
        attempt: &str,
    ) -> Result<String, Refusal> {
        let place = nonce.strip_prefix('n').and_then(|place| place.parse().ok());
        let nonce = place.and_then(|place: usize| self.nonces.get(place - 1));
        let (id, who, attempt) = (self.id(id), person(who), transfer_id(attempt));
        let pay = |txn| async move {
            let nonce = nonce.map_or("made up", String::as_str);
            let order = approval::spend(&txn, who, id, nonce).await?;
            order::approve(&txn, &Policy::default(), order.id, who, attempt).await
        };
        let paid = self.book.run(pay).await?;
        Ok(format!("{} {}", paid.order.state, self.entry(&paid.entry)))
    }

    async fn balance(&self, who: &str) -> Result<String, Refusal> {
        let holder = &holder(who);
        let read = |txn| async move { account::balances(&txn, holder).await };
        let balances = self.book.run(read).await?;
        let written = balances.into_iter().map(|balance| {
            let owes = if balance.available < 0 { "-" } else { "" };
            let minor = balance.available.unsigned_abs();
            let money = Money::new(minor, balance.currency);
            // A rail may owe more than any account can hold.
            let money = money.map_or(format!("{minor} minor units"), |money| money.to_string());
            format!("{owes}{money}")
        });
        Ok(list(written))
    }

    async fn numbers(&self, who: &str, currency: &str) -> Result<String, Refusal> {
        let balance = self.book.balance(&holder(who), currency).await;
        let (debits, credits) = (balance.debits_posted, balance.credits_posted);
        let (out, come) = (balance.debits_pending, balance.credits_pending);
        let available = balance.available;
        let debits = format!("debits {debits}, {out} held");
        let credits = format!("credits {credits}, {come} held");
        Ok(rows(
            [debits, credits, format!("available {available}")].into_iter(),
        ))
    }

    async fn statement(&self, who: &str, currency: &str) -> Result<String, Refusal> {
        let (holder, currency) = (&holder(who), currency.parse().unwrap());
        let read = |txn| async move {
            let page = Page::first(100);
            statement::page(&txn, holder, currency, page).await
        };
        let lines = self.book.run(read).await?;
        Ok(rows(lines.iter().map(|line| {
            let sign = if line.incoming { '+' } else { '-' };
            let (kind, other) = (line.kind.name(), name_of(&line.other));
            let note = line.note.as_ref().map(|note| format!(" \"{note}\""));
            format!(
                "{sign}{} {kind} {other}{}",
                line.amount,
                note.unwrap_or_default()
            )
        })))
    }

    async fn history(&self, id: &str) -> Result<String, Refusal> {
        let id = self.id(id);
        let read = |txn| async move {
            let changes = order::history(&txn, id).await?;
            let reasons = changes.iter().map(|change| order::reason(&txn, change));
            let reasons: Vec<_> = reasons.collect();
            Ok((changes, reasons))
        };
        let (changes, reasons) = self.book.run(read).await?;
        Ok(rows(changes.iter().zip(reasons).map(|(change, reason)| {
            let (revision, state) = (change.revision, change.state);
            let by = format!("{:?}", change.by).to_lowercase();
            let reason = reason.map(|reason| format!(" \"{reason}\""));
            format!("{revision} {state} by {by}{}", reason.unwrap_or_default())
        })))
    }

    async fn waiting(&self, who: &str) -> Result<String, Refusal> {
        let who = person(who);
        let read = |txn| async move { order::waiting(&txn, who).await };
        let orders = self.book.run(read).await?;
        let mut names: Vec<_> = orders
            .iter()
            .map(|order| self.order_name(order.id))
            .collect();
        names.sort();
        Ok(list(names.into_iter()))
    }

    async fn news(&self, who: &str) -> Result<String, Refusal> {
        let log = &news_log(person(who));
        let read = |txn: souk_store::Txn| async move {
            Ok(txn.entries::<News>(log, Page::first(100)).await?)
        };
        let news = self.book.run(read).await?;
        Ok(list(news.into_iter().map(|(_, news)| match news {
            News::Order(id, revision) => format!("{} rev {revision}", self.order_name(id)),
            News::Account(_) => "account".to_owned(),
            News::Gift(_) => "gift".to_owned(),
            News::Passage(_) => "passage".to_owned(),
        })))
    }

    async fn says(&self, id: &str) -> Result<String, Refusal> {
        let order = &self.book.order(self.id(id)).await;
        let read = |txn| async move { Ok(order::details(&txn, order)) };
        let Some(details) = self.book.run(read).await? else {
            return Ok("erased".to_owned());
        };
        let items = details.items.iter();
        let items =
            items.map(|item| format!("{} × {} at {}", item.quantity, item.label, item.unit));
        Ok(format!("{}; memo \"{}\"", list(items), details.memo))
    }

    async fn receipt(&self, id: &str) -> Result<String, Refusal> {
        let place: usize = id.trim_start_matches('e').parse().unwrap();
        let id = self.entries[place - 1];
        let read = |txn| async move {
            let entry = crate::entry::get(&txn, id).await?.unwrap();
            receipt::issue(&txn, &entry).await
        };
        let receipt = self.book.run(read).await?;
        let keys = self.book.store.keyring().public_keys();
        let says = receipt::verify(receipt.as_str(), &keys).unwrap();
        Ok(format!("valid: {} {}", says.kind.name(), says.amount))
    }

    pub(super) fn id(&self, name: &str) -> OrderId {
        let place = name.strip_prefix('o').and_then(|place| place.parse().ok());
        let known = place.and_then(|place: usize| self.orders.get(place - 1));
        known.copied().unwrap_or(super::book::no_order())
    }

    fn order(&mut self, id: OrderId) -> String {
        if !self.orders.contains(&id) {
            self.orders.push(id);
        }
        self.order_name(id)
    }

    fn order_name(&self, id: OrderId) -> String {
        let place = self.orders.iter().position(|known| *known == id).unwrap();
        format!("o{}", place + 1)
    }

    pub(super) fn entry(&mut self, entry: &Entry) -> String {
        if !self.entries.contains(&entry.id) {
            self.entries.push(entry.id);
        }
        self.entry_name(entry.id)
    }

    fn entry_name(&self, id: EntryId) -> String {
        let place = self.entries.iter().position(|known| *known == id).unwrap();
        format!("e{}", place + 1)
    }
}

fn state(order: &Order) -> String {
    order.state.to_string()
}

/// On one line.
pub(super) fn list(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        return "nothing".to_owned();
    }
    parts.join(", ")
}

/// One line each.
pub(super) fn rows(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        return "nothing".to_owned();
    }
    parts.join("\n")
}

/// Reads `500ms`, `30s`, `2h` and `8d`.
pub(super) fn millis(time: &str) -> u64 {
    let digits = time.trim_end_matches(char::is_alphabetic);
    let number: u64 = digits.parse().unwrap();
    let unit = match time.strip_prefix(digits).unwrap() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        other => panic!("no such unit: {other}"),
    };
    number * unit
}
