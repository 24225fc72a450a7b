//! Links of mini-apps: where one leads, and following it.
//!
//! An app makes them with `souk:messaging/chats.chat.link`. A link names the chat as the app does,
//! so that it tells whoever holds it no more than the app knows.

use souk_chat::chat;
use souk_core::{AppId, ChatId, UserId};
use souk_events::StartParameter;
use souk_identity::pairwise;
use souk_registry::app;
use souk_store::Txn;

use crate::deed::Deed;
use crate::{Call, ChatView, Happened, Market, MarketError, chats};

/// Where a link leads a member of its chat.
#[derive(Clone, Debug)]
pub struct LinkView {
    /// What its app calls itself.
    pub app_name: String,
    /// What following it types, without the slash.
    pub command: String,
    /// Where.
    pub chat: ChatView,
}

/// What following a link would do.
struct Way {
    app_name: String,
    command: String,
    chat: ChatId,
}

impl Market {
    /// Tells where a link of an app's leads a person. Nothing happens yet. `place` is the chat as
    /// the app knows it.
    ///
    /// # Errors
    /// An app there is not, or that has no command; a chat the person is not in is as unknown as
    /// one that does not exist.
    pub async fn link(
        &self,
        user: UserId,
        app: &AppId,
        place: &str,
    ) -> Result<LinkView, MarketError> {
        let read = |txn: Txn| async move {
            let way = find(&txn, user, app, place).await?;
            Ok(LinkView {
                app_name: way.app_name,
                command: way.command,
                chat: chats::view(&txn, user, way.chat).await?,
            })
        };
        self.store().view(read).await
    }

    /// Follows a link: the person types the app's first command in its chat, and the app is told
    /// what the link says.
    ///
    /// # Errors
    /// As of [`Self::link`].
    pub async fn follow(
        &self,
        call: &Call,
        app: AppId,
        place: &str,
        start: &StartParameter,
    ) -> Result<Happened, MarketError> {
        let to = &app;
        let find = |txn: Txn| async move { find(&txn, call.by, to, place).await };
        let Way { command, chat, .. } = self.store().view(find).await?;
        let deed = Deed::Command {
            name: &command,
            arguments: "",
            text: &format!("/{command}"),
            start: Some(start),
        };
        self.happen(call, app, chat, &deed).await
    }
}

/// Finds the app's first command, and the chat among the person's own.
async fn find(txn: &Txn, user: UserId, app: &AppId, place: &str) -> Result<Way, MarketError> {
    let version = app::live(txn, app).await?;
    let version = version.ok_or_else(|| MarketError::UnknownApp(app.clone()))?;
    let manifest = app::manifest(txn, &version).await?;
    let is_meant = |id: &ChatId| pairwise::chat_id(txn.keyring(), app, *id) == place;
    let mut chats = chat::ids_of_user(txn, user).await?.into_iter();
    let chat = chats.find(is_meant).ok_or(souk_chat::Refusal::NotFound)?;
    let command = manifest.commands.into_iter().next();
    let command = command.ok_or_else(|| MarketError::NoCommand(app.clone()))?;
    Ok(Way {
        app_name: manifest.name,
        command: command.name,
        chat,
    })
}
