//! The rest of the language of the pages: holds, gifts, pay-outs, settlement, limits, standings.

use souk_core::Timestamp;

use super::book::{app, holder, money};
use super::script::{Script, list, millis, rows};
use crate::account::{Standing, standing};
use crate::gift::{self, Gift};
use crate::order::Paid;
use crate::{Refusal, settlement};

impl Script {
    pub(super) async fn money(&mut self, words: &[&str]) -> Result<String, Refusal> {
        match words {
            ["policy", rest @ ..] => Ok(self.policy(rest)),
            ["try", id, who, attempt] => {
                let paid = self.book.try_to_pay(self.id(id), who, attempt).await?;
                Ok(self.paid(&paid))
            }
            ["capture", id, by, amount, currency] => {
                let amount = format!("{amount} {currency}");
                let paid = self.book.capture(self.id(id), by, &amount).await?;
                Ok(self.paid(&paid))
            }
            ["pay-out", by, to, key, amount, currency, budget] => {
                let amount = format!("{amount} {currency}");
                let budget = budget.replace('_', " ");
                let paid = self.book.pay_out(by, to, key, &amount, &budget).await?;
                Ok(self.entry(&paid))
            }
            ["settle", of, amount, currency, id] => {
                let amount = format!("{amount} {currency}");
                let settled = self.book.settle(of, &amount, id).await?;
                Ok(self.entry(&settled))
            }
            ["recall", of, amount, currency, id] => {
                let amount = format!("{amount} {currency}");
                let recalled = self.book.recall(of, &amount, id).await?;
                Ok(self.entry(&recalled))
            }
            ["ready", of, currency, age] => self.ready(of, currency, age).await,
            _ => self.standings_and_gifts(words).await,
        }
    }

    async fn standings_and_gifts(&mut self, words: &[&str]) -> Result<String, Refusal> {
        match words {
            ["offer", from, to, amount, currency, id, note @ ..] => {
                let (amount, note) = (format!("{amount} {currency}"), note.join(" "));
                let gift = self.book.offer(from, to, &amount, id, &note).await?;
                Ok(state(&gift))
            }
            ["accept", id, by] => Ok(state(&self.book.gift("accept", id, by).await?)),
            ["refuse", id, by] => Ok(state(&self.book.gift("decline", id, by).await?)),
            ["take-back", id, by] => Ok(state(&self.book.gift("cancel", id, by).await?)),
            ["return", id] => match self.book.return_gift(id).await? {
                Some(gift) => Ok(state(&gift)),
                None => Ok("nothing to do".to_owned()),
            },
            ["gifts", who] => self.gifts(who).await,
            ["freeze", of, currency, reason @ ..] => {
                self.set(of, currency, Standing::Frozen, reason).await
            }
            ["thaw", of, currency, reason @ ..] => {
                self.set(of, currency, Standing::Open, reason).await
            }
            ["close", of, currency, reason @ ..] => {
                self.set(of, currency, Standing::Closed, reason).await
            }
            ["standings", of, currency] => self.standings(of, currency).await,
            _ => panic!("no such command: {}", words.join(" ")),
        }
    }

    /// Reads `fee=250` (basis points), `fixed=0.30_USD`, `order=`, `day=`, `app=`, `balance=`,
    /// `authorization=4s`.
    fn policy(&mut self, rest: &[&str]) -> String {
        for word in rest {
            let (name, value) = word.split_once('=').unwrap();
            let policy = &mut self.book.policy;
            let caps = match name {
                "fee" => {
                    policy.fee.basis_points = value.parse().unwrap();
                    continue;
                }
                "authorization" => {
                    policy.authorization_ms = millis(value);
                    continue;
                }
                "fixed" => &mut policy.fee.fixed,
                "order" => &mut policy.limits.order,
                "day" => &mut policy.limits.day,
                "app" => &mut policy.limits.app,
                "balance" => &mut policy.limits.balance,
                other => panic!("no such policy: {other}"),
            };
            caps.0 = vec![money(&value.replace('_', " "))];
        }
        "set".to_owned()
    }

    fn paid(&mut self, paid: &Paid) -> String {
        format!("{} {}", paid.order.state, self.entry(&paid.entry))
    }

    async fn ready(&self, of: &str, currency: &str, age: &str) -> Result<String, Refusal> {
        let (of, currency) = (&app(of), currency.parse().unwrap());
        let now = self.book.store.now();
        let since = Timestamp::from_millis(now.millis() - millis(age));
        let read = |txn| async move { settlement::ready(&txn, of, currency, since).await };
        Ok(self.book.run(read).await?.to_string())
    }

    async fn gifts(&self, who: &str) -> Result<String, Refusal> {
        let who = super::book::person(who);
        let read = |txn: souk_store::Txn| async move {
            let gifts = gift::waiting(&txn, who).await?;
            let told = gifts.iter().map(|gift| {
                let note = gift.says(&txn);
                let note = note.map(|note| format!(" \"{note}\"")).unwrap_or_default();
                format!("{}{note}", gift.amount)
            });
            Ok(list(told))
        };
        self.book.run(read).await
    }

    async fn set(
        &self,
        of: &str,
        currency: &str,
        standing: Standing,
        reason: &[&str],
    ) -> Result<String, Refusal> {
        let reason = reason.join(" ");
        self.book.set(of, currency, standing, &reason).await?;
        Ok(format!("{standing:?}").to_lowercase())
    }

    async fn standings(&self, of: &str, currency: &str) -> Result<String, Refusal> {
        let (of, currency) = (&holder(of), currency.parse().unwrap());
        let read = |txn| async move { standing::history(&txn, of, currency).await };
        let lines = self.book.run(read).await?;
        Ok(rows(lines.iter().map(|line| {
            format!("{:?} \"{}\"", line.standing, line.reason).to_lowercase()
        })))
    }
}

fn state(gift: &Gift) -> String {
    gift.state.to_string()
}
