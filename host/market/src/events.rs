//! How what people do to mini-apps happens: once, in its lane, after all that waits there. What
//! they can do is in [`deed`](crate::deed).

use serde_json::{Map, Value};
use souk_chat::member;
use souk_chat::message::Author;
use souk_chat::view::{self, Seen};
use souk_core::{AppId, ChatId, EventId, MessageId, Timestamp, UserId};
use souk_events::{Event, Mark, Outcome, done, lane, lease};
use souk_identity::ties;
use souk_registry::command;
use souk_store::Txn;

use crate::aftermath::Ran;
use crate::deed::{Deed, Place};
use crate::invoke::{Turn, seed};
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
    /// view, once for each revision, whatever the key of the call that asks.
    ///
    /// # Errors
    /// [`MarketError::SameToAll`] when it is not one, or they have been shown theirs.
    pub async fn look(
        &self,
        asked: &Call,
        chat: ChatId,
        message: MessageId,
    ) -> Result<Happened, MarketError> {
        let (app, revision) = self.message_of_app(asked.by, chat, message).await?;
        // The same look is the same event.
        let key = CallKey::made_up(format!("look {message} {revision}"));
        let call = Call::new(asked.by, key, "look", &[]).in_language(asked.locale.clone());
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
            start: None,
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
    pub(crate) async fn happen(
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
        // However often it runs, it happens now.
        let at = self.store().now();
        let ran = self.store().transact_seeded(seed, |txn| async move {
            match done::mark(&txn, id).await? {
                Some(mark) => same(&txn, call, mark).map(Ran::before),
                None => self.happen_once(&txn, call, place, deed, at).await,
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
        at: Timestamp,
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
            at,
            tries: 0,
            locale: call.locale.clone(),
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

/// Answers a repeated call as the first time, if it is the same.
pub(crate) fn same(txn: &Txn, call: &Call, mark: Mark) -> Result<Outcome, MarketError> {
    if mark.contents == call.digest(txn) {
        Ok(mark.outcome)
    } else {
        Err(MarketError::KeyReused)
    }
}
