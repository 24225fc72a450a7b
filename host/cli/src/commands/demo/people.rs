//! The people of the demo: each knows only what the API tells them.

use std::time::Duration;

use serde_json::{Map, Value, json};
use souk_core::{ChatId, Money, OrderId};
use souk_server::wire::List;
use souk_server::wire::chats::{Chat, Message, OpenAsk, SayAsk};
use souk_server::wire::consents::{Answer, Consent};
use souk_server::wire::events::{Event, PressAsk};
use souk_server::wire::orders::{ApproveAsk, Order, Sheet};
use souk_server::wire::passages::{Arrival, Departure, Rail, WithdrawAsk};
use souk_server::wire::people::Account;
use souk_server::wire::stream::News;
use souk_server::wire::wallet::{Balance, DepositAsk, Entry};

use super::shopping::money;
use super::transcript::Wrong;
use crate::client::{Client, ClientError, Stream};

/// How long anything in the demo may take to be told.
const TOLD_WITHIN: Duration = Duration::from_secs(20);

/// A person with their client, and what they have been told and not looked at.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) client: Client,
    stream: Stream,
    unseen: Vec<News>,
}

/// The password of everyone in the demo; their accounts live as long as it.
pub(super) const PASSWORD: &str = "one-small-market";

impl Person {
    /// Makes an account and begins to listen.
    pub(super) async fn join(base: &str, handle: &str, name: &'static str) -> Result<Self, Wrong> {
        let account = Account {
            handle: handle.to_owned(),
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let client = Client::join(base, &account).await?;
        let stream = client.stream(None).await?;
        Ok(Self {
            name,
            client,
            stream,
            unseen: Vec::new(),
        })
    }

    /// Listens again after the host was away, from where they had heard last.
    pub(super) async fn listen_again(&mut self) -> Result<(), Wrong> {
        self.stream = self.client.stream(self.stream.token()).await?;
        Ok(())
    }

    pub(super) async fn deposit(&self, amount: Money) -> Result<Arrival, ClientError> {
        self.client
            .post("/v1/wallet/deposits", &DepositAsk { amount })
            .await
    }

    /// Takes money out of their wallet, to an account at the bank.
    pub(super) async fn withdraw(&self, amount: &str, to: &str) -> Result<Departure, Wrong> {
        let ask = WithdrawAsk {
            rail: Rail::Bank,
            amount: money(amount)?,
            to: to.to_owned(),
        };
        Ok(self.client.post("/v1/wallet/withdrawals", &ask).await?)
    }

    /// What they have of the money of the story.
    pub(super) async fn balance(&self) -> Result<Money, Wrong> {
        let balances: List<Balance> = self.client.get("/v1/wallet").await?;
        let mut all = balances.items.iter().map(|balance| balance.available);
        let found = all.find(|available| !available.currency().is_asset());
        found.ok_or_else(|| Wrong::Unexpected(format!("{} has no wallet", self.name)))
    }

    pub(super) async fn open_group(
        &self,
        title: &str,
        members: &[&str],
    ) -> Result<Chat, ClientError> {
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        self.client
            .post(
                "/v1/chats",
                &OpenAsk::Group {
                    title: title.to_owned(),
                    members,
                },
            )
            .await
    }

    /// Says something; a command is answered with its event.
    pub(super) async fn say(&self, chat: ChatId, text: &str) -> Result<Value, ClientError> {
        let ask = SayAsk {
            text: text.to_owned(),
            reply_to: None,
        };
        self.client
            .post(&format!("/v1/chats/{chat}/messages"), &ask)
            .await
    }

    /// Presses a button of a message as they see it.
    pub(super) async fn press(
        &self,
        chat: ChatId,
        message: &Message,
        button: &str,
        inputs: Map<String, Value>,
    ) -> Result<Event, ClientError> {
        let ask = PressAsk {
            revision: message.revision,
            view: message.view,
            button: button.to_owned(),
            inputs,
        };
        self.client
            .post(
                &format!("/v1/chats/{chat}/messages/{}/actions", message.id),
                &ask,
            )
            .await
    }

    pub(super) async fn answer(&self, consent: &Consent, allow: bool) -> Result<(), ClientError> {
        self.client
            .post(&format!("/v1/consents/{}", consent.id), &Answer { allow })
            .await
    }

    pub(super) async fn sheet(&self, order: OrderId) -> Result<Sheet, ClientError> {
        self.client
            .post(&format!("/v1/orders/{order}/sheet"), &json!({}))
            .await
    }

    pub(super) async fn approve(&self, sheet: &Sheet) -> Result<Entry, ClientError> {
        let ask = ApproveAsk {
            nonce: sheet.nonce.clone(),
        };
        self.client
            .post(&format!("/v1/orders/{}/approve", sheet.order.id), &ask)
            .await
    }

    pub(super) async fn decline(&self, order: OrderId) -> Result<Order, ClientError> {
        self.client
            .post(&format!("/v1/orders/{order}/decline"), &json!({}))
            .await
    }

    /// Waits until they are told something that `wanted` picks.
    pub(super) async fn told<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&News) -> Option<T>,
    ) -> Result<T, Wrong> {
        let told = tokio::time::timeout(TOLD_WITHIN, async {
            loop {
                let found = self.unseen.iter().position(|news| wanted(news).is_some());
                if let Some(news) = found.map(|place| self.unseen.remove(place)) {
                    return Ok(wanted(&news));
                }
                match self.stream.next().await? {
                    Some(frame) => self.unseen.push(frame.news),
                    None => return Ok(None),
                }
            }
        });
        let told: Option<Result<Option<T>, ClientError>> = told.await.ok();
        let missing = || Wrong::Unexpected(format!("{} was never told of {what}", self.name));
        told.ok_or_else(missing)??.ok_or_else(missing)
    }

    /// Waits for a message of an app whose text contains `part`.
    pub(super) async fn told_by_app(&mut self, part: &str) -> Result<Message, Wrong> {
        let what = format!("a message with `{part}`");
        let wanted = |news: &News| {
            match_message(news)
                .filter(|message| says(message, part))
                .cloned()
        };
        self.told(&what, wanted).await
    }

    /// Waits for news of an order in a state.
    pub(super) async fn told_order(&mut self, state: &str) -> Result<Order, Wrong> {
        let wanted = |news: &News| {
            if let News::Order { order } = news {
                Some(order).filter(|order| order.state == state)
            } else {
                None
            }
            .map(|order| (**order).clone())
        };
        self.told(&format!("an order that is {state}"), wanted)
            .await
    }

    /// Waits for a question about what an app may know.
    pub(super) async fn told_question(&mut self) -> Result<Consent, Wrong> {
        let wanted = |news: &News| {
            if let News::Consent { consent } = news {
                Some(consent.clone())
            } else {
                None
            }
        };
        self.told("a question", wanted).await
    }
}

fn match_message(news: &News) -> Option<&Message> {
    if let News::Message { message, .. } = news {
        Some(message)
    } else {
        None
    }
}

fn says(message: &Message, part: &str) -> bool {
    message.from.kind == "app"
        && message
            .text
            .as_ref()
            .is_some_and(|text| text.contains(part))
}
