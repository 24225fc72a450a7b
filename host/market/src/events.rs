//! What people do to mini-apps: type a command, press a button, send a form.

use serde_json::{Map, Value};
use souk_chat::card::Card;
use souk_chat::member;
use souk_chat::message::{self, Author, Content};
use souk_core::{AppId, ChatId, EventId, MessageId, UserId};
use souk_events::{Cause, Event, Lane, Mark, Outcome, done, lane, lease};
use souk_registry::command;
use souk_store::{Owner, Txn};

use crate::invoke::{Turn, seed};
use crate::{Call, Market, MarketError};

/// What became of something a person did.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The event it was.
    pub event: EventId,
    /// Whom it was for.
    pub app: AppId,
    /// How it ended, or that it waits.
    pub outcome: Outcome,
}

/// Where people meet an app.
struct Place {
    app: AppId,
    chat: ChatId,
}

impl Place {
    fn lane(&self) -> Lane {
        Lane {
            app: self.app.clone(),
            chat: Some(self.chat),
        }
    }
}

/// What a person does to an app.
pub(crate) enum Deed<'a> {
    /// Types `/name arguments`.
    Command {
        name: &'a str,
        arguments: &'a str,
        text: &'a str,
    },
    /// Presses a button of a message they see in this revision.
    Press {
        message: MessageId,
        revision: u64,
        button: &'a str,
        inputs: &'a Map<String, Value>,
    },
}

impl Market {
    /// Presses a button or sends a form.
    ///
    /// # Errors
    /// [`MarketError::Changed`] when the message says something else by now, and what the card's
    /// inputs refuse.
    pub async fn press(
        &self,
        call: &Call,
        chat: ChatId,
        message: MessageId,
        revision: u64,
        button: &str,
        inputs: &Map<String, Value>,
    ) -> Result<Happened, MarketError> {
        let author = |txn: Txn| async move {
            member::check(&txn, chat, call.by).await?;
            author_app(&txn, chat, message).await
        };
        let app = self.store().view(author).await?;
        let deed = Deed::Press {
            message,
            revision,
            button,
            inputs,
        };
        self.happen(call, app, chat, &deed).await
    }

    /// Types a command, if the text is one.
    pub(crate) async fn command(
        &self,
        call: &Call,
        chat: ChatId,
        text: &str,
    ) -> Result<Happened, MarketError> {
        let typed = text.trim_start_matches('/');
        let (name, arguments) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let found = |txn: Txn| async move {
            member::check(&txn, chat, call.by).await?;
            Ok::<_, MarketError>(command::find(&txn, name).await?)
        };
        let app = self.store().view(found).await?;
        let app =
            app.ok_or_else(|| MarketError::UnknownCommand(name.chars().take(40).collect()))?;
        let deed = Deed::Command {
            name,
            arguments: arguments.trim(),
            text,
        };
        self.happen(call, app, chat, &deed).await
    }

    /// Tells how an event of a person's ended.
    ///
    /// # Errors
    /// [`MarketError::UnknownEvent`], also for other people's.
    pub async fn event(&self, user: UserId, id: EventId) -> Result<Happened, MarketError> {
        let mark = self
            .store()
            .view(|txn| async move { done::mark(&txn, id).await })
            .await?;
        let mark = mark
            .filter(|mark| mark.user == Some(user))
            .ok_or(MarketError::UnknownEvent)?;
        Ok(Happened {
            event: id,
            app: mark.app,
            outcome: mark.outcome,
        })
    }

    /// Runs what a person did, after everything that waits in its lane, in one commit.
    async fn happen(
        &self,
        call: &Call,
        app: AppId,
        chat: ChatId,
        deed: &Deed<'_>,
    ) -> Result<Happened, MarketError> {
        let place = &Place { app, chat };
        let lane = &place.lane();
        let _turn = self.0.lanes.turn(lane).await;
        self.catch_up(lane).await?;
        let id = call.id();
        let outcome =
            self.store()
                .transact_seeded(seed(self.store(), id, Turn::AtOnce), |txn| async move {
                    match done::mark(&txn, id).await? {
                        Some(mark) => same(&txn, call, mark),
                        None => self.happen_once(&txn, call, place, deed).await,
                    }
                });
        Ok(Happened {
            event: id,
            app: lane.app.clone(),
            outcome: outcome.await?,
        })
    }

    async fn happen_once(
        &self,
        txn: &Txn,
        call: &Call,
        place: &Place,
        deed: &Deed<'_>,
    ) -> Result<Outcome, MarketError> {
        member::check(txn, place.chat, call.by).await?;
        let event = Event {
            id: call.id(),
            app: place.app.clone(),
            chat: Some(place.chat),
            user: Some(call.by),
            at: txn.now(),
            tries: 0,
            cause: deed.cause(txn, call.by, place).await?,
        };
        let lane = &place.lane();
        if lease::held_by_another(txn, lane, self.0.node).await? {
            lane::push(txn, &event).await?;
            let mark = Mark {
                user: event.user,
                chat: event.chat,
                app: event.app,
                contents: call.digest(txn),
                outcome: Outcome::Parked,
            };
            done::note(txn, event.id, mark).await?;
            return Ok(Outcome::Parked);
        }
        self.run(txn, &event, call.digest(txn)).await
    }
}

impl Deed<'_> {
    /// Checks the deed against what is stored, and stages what everyone sees of it.
    async fn cause(&self, txn: &Txn, by: UserId, place: &Place) -> Result<Cause, MarketError> {
        match self {
            Self::Command {
                name,
                arguments,
                text,
            } => {
                let content = Content {
                    text: (*text).to_owned(),
                    card: None,
                    reply_to: None,
                };
                let owner = Owner::PersonInChat(by, place.chat);
                message::post(txn, place.chat, &Author::Person(by), &content, &owner).await?;
                Ok(Cause::Command {
                    name: (*name).to_owned(),
                    arguments: (*arguments).to_owned(),
                })
            }
            Self::Press {
                message,
                revision,
                button,
                inputs,
            } => {
                let card = card_on(txn, place, *message, *revision).await?;
                let unknown = || MarketError::UnknownButton(button.chars().take(40).collect());
                let found = card.button(button).ok_or_else(unknown)?;
                let inputs = if found.inputs {
                    card.check_inputs(inputs).map_err(MarketError::Inputs)?
                } else {
                    Map::new()
                };
                Ok(Cause::Action {
                    message: *message,
                    revision: *revision,
                    data: found.data.to_string(),
                    inputs: Value::Object(inputs).to_string(),
                })
            }
        }
    }
}

/// Returns the card that a message of the lane's app shows in this revision, and no other.
async fn card_on(
    txn: &Txn,
    place: &Place,
    id: MessageId,
    revision: u64,
) -> Result<Card, MarketError> {
    let found = message::get(txn, place.chat, id)
        .await?
        .ok_or(souk_chat::Refusal::NotFound)?;
    if found.author != Author::App(place.app.clone()) {
        return Err(souk_chat::Refusal::NotFound.into());
    }
    let card = found.body.and_then(|body| body.card);
    match card {
        Some(card) if found.revision == revision => {
            Ok(Card::parse(&card).map_err(souk_chat::Refusal::from)?)
        }
        _ => Err(MarketError::Changed),
    }
}

async fn author_app(txn: &Txn, chat: ChatId, id: MessageId) -> Result<AppId, MarketError> {
    let found = message::get(txn, chat, id)
        .await?
        .ok_or(souk_chat::Refusal::NotFound)?;
    match found.author {
        Author::App(app) => Ok(app),
        Author::Person(_) | Author::Host => Err(souk_chat::Refusal::NotFound.into()),
    }
}

/// Answers a repeated call as the first time, if it is the same.
fn same(txn: &Txn, call: &Call, mark: Mark) -> Result<Outcome, MarketError> {
    if mark.contents == call.digest(txn) {
        Ok(mark.outcome)
    } else {
        Err(MarketError::KeyReused)
    }
}
