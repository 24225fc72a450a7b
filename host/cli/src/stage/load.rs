//! A load of small calls under keys, and the check that each of them happened exactly once.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use souk_core::{ChatId, Clock, Money, Timestamp};
use souk_market::SystemClock;
use souk_server::wire::List;
use souk_server::wire::chats::{Message, SayAsk};
use souk_server::wire::wallet::{Balance, DepositAsk};
use tokio::time::sleep;

use crate::client::{Client, ClientError};

/// How often a call is made again that the host was too busy for, and how long after.
const BUSY_MAX: u32 = 20;
const BUSY_WAIT: Duration = Duration::from_millis(500);
/// What one deposit of the load puts in.
const CENT: &str = "0.01 USD";

/// Why a load does not check out.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A call was answered otherwise when it was repeated.
    #[error("`{key}` was answered otherwise before: {now}")]
    Otherwise {
        /// The call's key.
        key: String,
        /// The answer now.
        now: Value,
    },
    /// A message is missing or doubled.
    #[error("`{text}` is in the chat {times} times instead of {due}")]
    Said {
        /// What the message says.
        text: String,
        /// How often it is there.
        times: usize,
        /// How often it should be.
        due: usize,
    },
    /// Money is missing or doubled.
    #[error("{deposited} cents went in and the balance grew by {grown} minor units")]
    Deposited {
        /// What was deposited.
        deposited: usize,
        /// What came.
        grown: i128,
    },
    /// A call did not work.
    #[error("a call did not work")]
    Call(#[from] ClientError),
}

/// Who calls, and where.
pub struct Plan<'a> {
    /// Whose calls they are.
    pub client: &'a Client,
    /// Where they talk.
    pub chat: ChatId,
    /// A command that an app answers with what follows it, if there is such an app.
    pub echo: Option<&'a str>,
    /// How many call at once.
    pub clients: usize,
}

/// What a call does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// Says its key.
    Say,
    /// Deposits a cent.
    Deposit,
    /// Has an app say its key.
    Echo,
}

/// One call: what it asked, and what it was answered before the host was killed.
struct Made {
    deed: Deed,
    key: String,
    began: Timestamp,
    answer: Option<Value>,
}

/// All calls of one load.
pub struct Load {
    chat: ChatId,
    echo: Option<String>,
    calls: Vec<Made>,
}

impl Load {
    /// Lets clients call until something cuts them off, which `cut` brings about.
    ///
    /// # Errors
    /// When `cut` fails.
    pub async fn until<T, E>(
        plan: &Plan<'_>,
        cut: impl Future<Output = Result<T, E>>,
    ) -> Result<(Self, T), E> {
        let mut load = Self {
            chat: plan.chat,
            echo: plan.echo.map(str::to_owned),
            calls: Vec::new(),
        };
        let calling = (0..plan.clients).map(|number| load.keep_calling(plan.client, number));
        let (made, came) = tokio::join!(join_all(calling), cut);
        let came = came?;
        load.calls = made.into_iter().flatten().collect();
        Ok((load, came))
    }

    /// Returns how many calls were made.
    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    /// Returns how many calls were answered before the kill.
    pub fn acknowledged(&self) -> usize {
        self.calls
            .iter()
            .filter(|made| made.answer.is_some())
            .count()
    }

    /// Returns when the last of the calls began that were answered.
    pub fn last_acknowledged(&self) -> Option<Timestamp> {
        let answered = self.calls.iter().filter(|made| made.answer.is_some());
        answered.map(|made| made.began).max()
    }

    /// Makes every call once more with its key; one that was answered must be answered the same.
    ///
    /// # Errors
    /// [`LoadError::Otherwise`], and what the calls themselves meet.
    pub async fn repeat_all(&self, client: &Client) -> Result<(), LoadError> {
        for Made {
            deed, key, answer, ..
        } in &self.calls
        {
            let now = self.call(client, *deed, key).await?;
            if answer.as_ref().is_some_and(|answer| *answer != now) {
                return Err(LoadError::Otherwise {
                    key: key.clone(),
                    now,
                });
            }
        }
        Ok(())
    }

    /// Counts what the chat and the wallet say against what was called, once all calls have been
    /// repeated. Returns how many messages and deposits there were.
    ///
    /// # Errors
    /// [`LoadError::Said`] and [`LoadError::Deposited`]: something is missing or doubled.
    pub async fn check(&self, client: &Client, before: Money) -> Result<(usize, usize), LoadError> {
        let (said, due) = (self.said(client).await?, self.due());
        let of =
            |texts: &BTreeMap<String, usize>, text: &str| texts.get(text).copied().unwrap_or(0);
        for text in due.keys().chain(said.keys()) {
            let (times, due) = (of(&said, text), of(&due, text));
            if times != due {
                return Err(LoadError::Said {
                    text: text.clone(),
                    times,
                    due,
                });
            }
        }
        let deposited = self
            .calls
            .iter()
            .filter(|made| made.deed == Deed::Deposit)
            .count();
        let grown = i128::from(balance(client).await?) - i128::from(before.minor());
        if i128::try_from(deposited) != Ok(grown) {
            return Err(LoadError::Deposited { deposited, grown });
        }
        Ok((said.len(), deposited))
    }

    /// Calls again and again until the host does not answer any more.
    async fn keep_calling(&self, client: &Client, number: usize) -> Vec<Made> {
        let mut made = Vec::new();
        loop {
            let deed = self.deed(made.len());
            let key = format!("{} {number} {}", self.mark(), made.len());
            let began = SystemClock.now();
            let answer = self.call(client, deed, &key).await.ok();
            let cut_off = answer.is_none();
            made.push(Made {
                deed,
                key,
                began,
                answer,
            });
            if cut_off {
                return made;
            }
        }
    }

    /// What is in all keys, and so in all texts, of this load and of no other.
    fn mark(&self) -> String {
        format!("load {}", self.chat)
    }

    /// The clients take turns with what there is to do.
    fn deed(&self, number: usize) -> Deed {
        match number % 3 {
            0 => Deed::Say,
            1 => Deed::Deposit,
            _ if self.echo.is_some() => Deed::Echo,
            _ => Deed::Say,
        }
    }

    /// Makes a call, and makes it again with its key while the host says that it is busy: it asks
    /// for that, and has done nothing.
    async fn call(&self, client: &Client, deed: Deed, key: &str) -> Result<Value, ClientError> {
        for _ in 0..BUSY_MAX {
            match self.call_once(client, deed, key).await {
                Err(ClientError::Refused(refused)) if refused.is("busy") => sleep(BUSY_WAIT).await,
                answer => return answer,
            }
        }
        self.call_once(client, deed, key).await
    }

    async fn call_once(
        &self,
        client: &Client,
        deed: Deed,
        key: &str,
    ) -> Result<Value, ClientError> {
        if deed == Deed::Deposit {
            let amount = CENT
                .parse()
                .map_err(|error| ClientError::Foreign(format!("{error}")))?;
            return client
                .post_once("/v1/wallet/deposits", key, &DepositAsk { amount })
                .await;
        }
        let ask = SayAsk {
            text: self.text(deed, key),
            reply_to: None,
        };
        client
            .post_once(&format!("/v1/chats/{}/messages", self.chat), key, &ask)
            .await
    }

    /// What a call writes into the chat.
    fn text(&self, deed: Deed, key: &str) -> String {
        match (deed, &self.echo) {
            (Deed::Echo, Some(command)) => format!("/{command} {key}"),
            (Deed::Say | Deed::Deposit | Deed::Echo, _) => key.to_owned(),
        }
    }

    /// Returns how often each text should be in the chat: an echo is called and answered.
    fn due(&self) -> BTreeMap<String, usize> {
        let talk = self.calls.iter().filter(|made| made.deed != Deed::Deposit);
        let texts = talk.flat_map(|Made { deed, key, .. }| {
            let answer = (*deed == Deed::Echo).then(|| key.clone());
            std::iter::once(self.text(*deed, key)).chain(answer)
        });
        count(texts)
    }

    /// Returns how often each text of this load is in the chat.
    async fn said(&self, client: &Client) -> Result<BTreeMap<String, usize>, ClientError> {
        let (mut texts, mut cursor, mark) = (Vec::new(), String::new(), self.mark());
        loop {
            let path = format!("/v1/chats/{}/messages?limit=200{cursor}", self.chat);
            let page: List<Message> = client.get(&path).await?;
            texts.extend(page.items.into_iter().filter_map(|message| message.text));
            match page.next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(count(texts.into_iter().filter(|text| text.contains(&mark)))),
            }
        }
    }
}

fn count(texts: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for text in texts {
        *counted.entry(text).or_insert(0) += 1;
    }
    counted
}

async fn balance(client: &Client) -> Result<u64, ClientError> {
    let balances: List<Balance> = client.get("/v1/wallet").await?;
    let mut all = balances.items.iter().map(|balance| balance.available);
    let dollars = all.find(|available| !available.currency().is_asset());
    Ok(dollars.map_or(0, |available| available.minor()))
}
