//! Listening: whom a group's admin lets listen, and what listeners are told.

use souk_chat::message::{self, Author, Content};
use souk_chat::{Listener, listener, member};
use souk_core::{AppId, ChatId, MessageId, UserId};
use souk_events::{Cause, Event, lane};
use souk_identity::{account, ties};
use souk_registry::app;
use souk_store::{Owner, StoreError, Txn};

use crate::{Call, Market, MarketError, apps};

/// An app that listens in a chat, with the names a member sees.
#[derive(Clone, Debug)]
pub struct ListenerView {
    /// The app, who let it, and since when.
    pub listener: Listener,
    /// What the app calls itself.
    pub app_name: String,
    /// What who let it is called.
    pub by_name: String,
}

impl Market {
    /// Lets an app listen in a group, or has it listen no more. Everyone in the group is told.
    ///
    /// # Errors
    /// A group the caller is not in, or is not the admin of; an app there is not, or that does not
    /// ask to listen; too many listeners.
    pub async fn set_listening(
        &self,
        call: &Call,
        chat: ChatId,
        app: &AppId,
        on: bool,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let set = async {
                let changed = if on {
                    let changed = listener::allow(&txn, call.by, chat, app).await?;
                    self.check_listens(&txn, app).await?;
                    changed
                } else {
                    listener::forbid(&txn, call.by, chat, app).await?
                };
                if changed {
                    announce(&txn, call.by, chat, app, on).await?;
                }
                Ok(())
            };
            call.once(&txn, set).await
        };
        self.store().transact(work).await
    }

    /// Returns the apps that listen in a chat.
    ///
    /// # Errors
    /// A chat the person is not in.
    pub async fn listeners(
        &self,
        user: UserId,
        chat: ChatId,
    ) -> Result<Vec<ListenerView>, MarketError> {
        let read = |txn: Txn| async move {
            member::check(&txn, chat, user).await?;
            let mut views = Vec::new();
            for listener in listener::list(&txn, chat).await? {
                let by_name = account::name(&txn, listener.by).await?;
                views.push(ListenerView {
                    app_name: apps::name(&txn, &listener.app).await?,
                    by_name: by_name.unwrap_or_default(),
                    listener,
                });
            }
            Ok(views)
        };
        self.store().view(read).await
    }

    /// Appends the event by which each app that listens hears what a person said, to the same
    /// commit. An app whose lane is full misses it: nobody is kept from speaking.
    pub(crate) async fn tell_listeners(
        &self,
        txn: &Txn,
        call: &Call,
        chat: ChatId,
        message: MessageId,
        content: &Content,
    ) -> Result<(), MarketError> {
        for Listener { app, .. } in listener::list(txn, chat).await? {
            let grants = self.grants_now(txn, &app, None).await?;
            let ties = ties::of(txn, call.by, &app).await?;
            if grants.messaging_listen.granted().is_none() || ties.away {
                continue;
            }
            let event = Event {
                id: txn.fresh(),
                app,
                chat: Some(chat),
                user: Some(call.by),
                left: ties.left,
                at: txn.now(),
                tries: 0,
                locale: call.locale.clone(),
                cause: Cause::Message {
                    message,
                    text: content.text.clone(),
                    reply_to: content.reply_to,
                },
            };
            match lane::push(txn, &event).await {
                Ok(()) => {}
                Err(StoreError::Busy { .. }) => {
                    tracing::warn!(app = %event.app, "a listener is too far behind to be told");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Goes on only for an app that may listen, where it is let.
    async fn check_listens(&self, txn: &Txn, app: &AppId) -> Result<(), MarketError> {
        if app::live(txn, app).await?.is_none() {
            return Err(MarketError::UnknownApp(app.clone()));
        }
        let grants = self.grants_now(txn, app, None).await?;
        if grants.messaging_listen.granted().is_none() {
            return Err(MarketError::DoesNotListen(app.clone()));
        }
        Ok(())
    }
}

/// Tells everyone in a group who listens from now on, or listens no more.
async fn announce(
    txn: &Txn,
    by: UserId,
    chat: ChatId,
    app: &AppId,
    on: bool,
) -> Result<(), MarketError> {
    let app_name = apps::name(txn, app).await?;
    let name = account::name(txn, by).await?.unwrap_or_default();
    let text = if on {
        format!("{name} lets {app_name} read what is said here from now on.")
    } else {
        format!("{app_name} does not read what is said here any more.")
    };
    let owner = Owner::PersonInChat(by, chat);
    let content = Content::from(text.as_str());
    message::post(txn, chat, &Author::Host, &content, &owner).await?;
    Ok(())
}
