//! What people do to mini-apps: type a command, press a button, send a form.

use serde_json::{Map, Value};
use souk_chat::card::Card;
use souk_chat::member;
use souk_chat::message::{self, Author, Content};
use souk_chat::view::{self, Seen};
use souk_core::{AppId, ChatId, EventId, MessageId, UserId};
use souk_events::{Cause, Event, Lane, Mark, Outcome, done, lane, lease};
use souk_identity::ties;
use souk_registry::command;
use souk_store::{Owner, Txn};

use crate::invoke::{Ran, Turn, seed};
use crate::{Call, CallKey, Market, MarketError};

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
    /// Presses a button of what they see of a message.
    Press {
        message: MessageId,
        seen: Seen,
        button: &'a str,
        inputs: &'a Map<String, Value>,
    },
    /// Looks at a message that looks different to each viewer.
    Look { message: MessageId },
}

impl Market {
    /// Presses a button or sends a form.
    ///
    /// # Errors
    /// [`MarketError::Changed`] when what was seen of the message is no longer honoured, and what
    /// the card's inputs refuse.
    pub async fn press(
        &self,
        call: &Call,
        chat: ChatId,
        message: MessageId,
        seen: Seen,
        button: &str,
        inputs: &Map<String, Value>,
    ) -> Result<Happened, MarketError> {
        let (app, _) = self.message_of_app(call.by, chat, message).await?;
        let deed = Deed::Press {
            message,
            seen,
            button,
            inputs,
        };
        self.happen(call, app, chat, &deed).await
    }

    /// Looks at a message that looks different to each viewer: its app shows this person their own
    /// view, once for each revision.
    ///
    /// # Errors
    /// [`MarketError::SameToAll`] when it is not one, or they have been shown theirs.
    pub async fn look(
        &self,
        by: UserId,
        chat: ChatId,
        message: MessageId,
    ) -> Result<Happened, MarketError> {
        let (app, revision) = self.message_of_app(by, chat, message).await?;
        // The same look is the same event.
        let key = CallKey::made_up(format!("look {message} {revision}"));
        let call = Call::new(by, key, "look", &[]);
        self.happen(&call, app, chat, &Deed::Look { message }).await
    }

    /// Finds a message that a member sees: the app that wrote it, and its revision.
    async fn message_of_app(
        &self,
        by: UserId,
        chat: ChatId,
        id: MessageId,
    ) -> Result<(AppId, u64), MarketError> {
        let find = |txn: Txn| async move {
            member::check(&txn, chat, by).await?;
            match view::source(&txn, chat, id, by).await? {
                (Author::App(app), revision) => Ok((app, revision)),
                (Author::Person(_) | Author::Host, _) => Err(souk_chat::Refusal::NotFound.into()),
            }
        };
        self.store().view(find).await
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
        let seed = seed(self.store(), id, Turn::AtOnce);
        let ran = self.store().transact_seeded(seed, |txn| async move {
            match done::mark(&txn, id).await? {
                Some(mark) => same(&txn, call, mark).map(Ran::before),
                None => self.happen_once(&txn, call, place, deed).await,
            }
        });
        Ok(Happened {
            event: id,
            app: lane.app.clone(),
            outcome: self.kept(ran.await?),
        })
    }

    async fn happen_once(
        &self,
        txn: &Txn,
        call: &Call,
        place: &Place,
        deed: &Deed<'_>,
    ) -> Result<Ran, MarketError> {
        member::check(txn, place.chat, call.by).await?;
        let ties = if deed.is_use() {
            ties::take_up(txn, call.by, &place.app).await?
        } else {
            ties::of(txn, call.by, &place.app).await?
        };
        let event = Event {
            id: call.id(),
            app: place.app.clone(),
            chat: Some(place.chat),
            user: Some(call.by),
            left: ties.left,
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
            return Ok(Ran::before(Outcome::Parked));
        }
        self.run(txn, &event, call.digest(txn)).await
    }
}

impl Deed<'_> {
    /// Whether who does it uses the app, rather than comes across what it said.
    fn is_use(&self) -> bool {
        match self {
            Self::Command { .. } | Self::Press { .. } => true,
            Self::Look { .. } => false,
        }
    }

    /// Checks the deed against what is stored, and stages what everyone sees of it.
    async fn cause(&self, txn: &Txn, by: UserId, place: &Place) -> Result<Cause, MarketError> {
        match self {
            Self::Command {
                name,
                arguments,
                text,
            } => {
                let content = Content::from(*text);
                let owner = Owner::PersonInChat(by, place.chat);
                message::post(txn, place.chat, &Author::Person(by), &content, &owner).await?;
                Ok(Cause::Command {
                    name: (*name).to_owned(),
                    arguments: (*arguments).to_owned(),
                })
            }
            Self::Press {
                message,
                seen,
                button,
                inputs,
            } => {
                let card = card_on(txn, place, *message, by, *seen).await?;
                let unknown = || MarketError::UnknownButton(button.chars().take(40).collect());
                let found = card.button(button).ok_or_else(unknown)?;
                let inputs = if found.inputs {
                    card.check_inputs(inputs).map_err(MarketError::Inputs)?
                } else {
                    Map::new()
                };
                Ok(Cause::Action {
                    message: *message,
                    revision: seen.revision,
                    data: found.data.to_string(),
                    inputs: Value::Object(inputs).to_string(),
                })
            }
            Self::Look { message } => {
                let found = view::get(txn, place.chat, *message, by).await?;
                let found = found.ok_or(souk_chat::Refusal::NotFound)?;
                if found.is_per_viewer() && found.view == 0 {
                    Ok(Cause::View(*message))
                } else {
                    Err(MarketError::SameToAll)
                }
            }
        }
    }
}

/// Returns the card that a person saw of a message of the lane's app, as long as it is honoured.
async fn card_on(
    txn: &Txn,
    place: &Place,
    id: MessageId,
    by: UserId,
    seen: Seen,
) -> Result<Card, MarketError> {
    let (author, _) = view::source(txn, place.chat, id, by).await?;
    if author != Author::App(place.app.clone()) {
        return Err(souk_chat::Refusal::NotFound.into());
    }
    let content = view::pressable(txn, place.chat, id, by, seen).await?;
    let card = content.and_then(|content| content.card);
    let card = card.ok_or(MarketError::Changed)?;
    Ok(Card::parse(&card).map_err(souk_chat::Refusal::from)?)
}

/// Answers a repeated call as the first time, if it is the same.
fn same(txn: &Txn, call: &Call, mark: Mark) -> Result<Outcome, MarketError> {
    if mark.contents == call.digest(txn) {
        Ok(mark.outcome)
    } else {
        Err(MarketError::KeyReused)
    }
}
