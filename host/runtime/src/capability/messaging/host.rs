//! `souk:messaging/chats`, function by function.

use souk_chat::{Author, Kind, chat, message, push, view};
use souk_core::limits::PUSH_CREDITS;
use souk_core::{MessageId, PushId};
use souk_events::StartParameter;
use souk_identity::pairwise;
use souk_store::Owner;
use wasmtime::component::Resource;

use super::ChatHandle;
use crate::bindings::souk::messaging::chats::{Content, Host, HostChat};
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::{Halt, No};
use crate::door::Call;
use crate::needs::Needs;

impl Host for Ctx {}

impl HostChat for Ctx {
    async fn current(&mut self) -> Result<Resource<ChatHandle>, No> {
        self.speaks("chat.current", 0, Needs::MessagingPost)?;
        let event = &self.job.event;
        let handle = ChatHandle {
            chat: event.chat.ok_or_else(No::not_granted)?,
            is_group: self.job.is_group,
            owner: event.owner(),
            push: None,
        };
        Ok(self.give(handle)?)
    }

    async fn from_token(&mut self, token: String) -> Result<Resource<ChatHandle>, No> {
        self.speaks("chat.from-token", token.len(), Needs::MessagingPush)?;
        let id: PushId = token.parse()?;
        let push = push::find(&self.txn, &self.job.event.app, id).await?;
        let chat = chat::get(&self.txn, push.chat).await?;
        let handle = ChatHandle {
            chat: push.chat,
            is_group: chat.is_some_and(|chat| chat.kind == Kind::Group),
            owner: Owner::PersonInChat(push.user, push.chat),
            push: Some(push.id),
        };
        Ok(self.give(handle)?)
    }

    async fn push_token(&mut self, handle: Resource<ChatHandle>) -> Result<String, No> {
        self.speaks("chat.push-token", 0, Needs::MessagingPush)?;
        let ChatHandle { chat, push, .. } = self.held(&handle)?;
        let event = &self.job.event;
        let asked = event.user.filter(|_| self.job.may_ask && push.is_none());
        let user = asked.ok_or_else(No::not_granted)?;
        let push = push::allow(&self.txn, &event.app, chat, user).await?;
        Ok(self.say(push.id.to_string())?)
    }

    async fn id(&mut self, handle: Resource<ChatHandle>) -> wasmtime::Result<String> {
        self.door.count("messaging", "chat.id", 0)?;
        let ChatHandle { chat, .. } = self.held(&handle)?;
        let id = pairwise::chat_id(self.txn.keyring(), &self.job.event.app, chat);
        Ok(self.say(id)?)
    }

    async fn is_group(&mut self, handle: Resource<ChatHandle>) -> wasmtime::Result<bool> {
        self.door.count("messaging", "chat.is-group", 0)?;
        Ok(self.held(&handle)?.is_group)
    }

    async fn post(&mut self, handle: Resource<ChatHandle>, said: Content) -> Result<String, No> {
        let handle = self.speaks_in(&handle, "chat.post", bytes(&said))?;
        let content = parse(said)?;
        self.may_post(&handle).await?;
        let (chat, author) = (handle.chat, self.author());
        let id = message::post(&self.txn, chat, &author, &content, &handle.owner).await?;
        self.posted(&handle, id).await
    }

    async fn whisper(
        &mut self,
        handle: Resource<ChatHandle>,
        user_id: String,
        said: Content,
    ) -> Result<String, No> {
        let brought = bytes(&said).saturating_add(user_id.len());
        let handle = self.speaks_in(&handle, "chat.whisper", brought)?;
        let content = parse(said)?;
        self.may_post(&handle).await?;
        let (chat, author) = (handle.chat, self.author());
        let to = self.member(chat, &user_id).await?;
        let id = message::whisper(&self.txn, chat, &author, to, &content).await?;
        self.posted(&handle, id).await
    }

    async fn show_to(
        &mut self,
        handle: Resource<ChatHandle>,
        message: String,
        user_id: String,
        said: Content,
    ) -> Result<(), No> {
        let named = message.len().saturating_add(user_id.len());
        let brought = bytes(&said).saturating_add(named);
        let ChatHandle { chat, .. } = self.speaks_in(&handle, "chat.show-to", brought)?;
        let (id, content) = (message.parse()?, parse(said)?);
        self.messaging.may_edit()?;
        let viewer = self.member(chat, &user_id).await?;
        view::show(&self.txn, chat, &self.author(), id, viewer, &content).await?;
        self.messaging.edited();
        Ok(())
    }

    async fn edit(
        &mut self,
        handle: Resource<ChatHandle>,
        message: String,
        said: Content,
    ) -> Result<(), No> {
        let brought = bytes(&said).saturating_add(message.len());
        let ChatHandle { chat, owner, .. } = self.speaks_in(&handle, "chat.edit", brought)?;
        let (id, content) = (message.parse()?, parse(said)?);
        self.messaging.may_edit()?;
        message::edit(&self.txn, chat, &self.author(), id, &content, &owner).await?;
        self.messaging.edited();
        Ok(())
    }

    async fn delete(&mut self, handle: Resource<ChatHandle>, message: String) -> Result<(), No> {
        let ChatHandle { chat, .. } = self.speaks_in(&handle, "chat.delete", message.len())?;
        let id: MessageId = message.parse()?;
        Ok(message::delete(&self.txn, chat, &self.author(), id).await?)
    }

    async fn link(&mut self, handle: Resource<ChatHandle>, start: String) -> Result<String, No> {
        let ChatHandle { chat, .. } = self.speaks_in(&handle, "chat.link", start.len())?;
        let start: StartParameter = start.parse()?;
        let (issuer, app) = (&self.job.terms.issuer, &self.job.event.app);
        let chat = pairwise::chat_id(self.txn.keyring(), app, chat);
        // `host/server/web/view/start.js` reads it.
        let link = format!("{issuer}/#start={app}/{chat}/{start}");
        Ok(self.say(link)?)
    }

    async fn allowances(
        &mut self,
        handle: Resource<ChatHandle>,
    ) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("messaging", "chat.allowances", 0)?;
        let ChatHandle { push, .. } = self.held(&handle)?;
        let mut left = vec![
            allowance("messages", self.messaging.posts_left, self.messaging.most),
            allowance("edits", self.messaging.edits_left, self.messaging.most),
        ];
        if let Some(id) = push {
            let credits = self.credits(id).await?;
            let most = usize::try_from(PUSH_CREDITS).unwrap_or(usize::MAX);
            left.push(allowance("push-credits", credits, most));
        }
        Ok(left)
    }

    async fn drop(&mut self, handle: Resource<ChatHandle>) -> wasmtime::Result<()> {
        self.close(handle)
    }
}

impl Ctx {
    /// Passes the door by the right that a handle was given for.
    fn speaks_in(
        &mut self,
        handle: &Resource<ChatHandle>,
        function: &'static str,
        bytes: usize,
    ) -> Result<ChatHandle, No> {
        let held = self.held(handle)?;
        let needs = match held.push {
            Some(_) => Needs::MessagingPush,
            None => Needs::MessagingPost,
        };
        self.speaks(function, bytes, needs)?;
        Ok(held)
    }

    fn speaks(&mut self, function: &'static str, bytes: usize, needs: Needs<'_>) -> Result<(), No> {
        self.door.pass(Call {
            capability: "messaging",
            function,
            bytes,
            needs,
        })
    }

    fn author(&self) -> Author {
        Author::App(self.job.event.app.clone())
    }

    /// Whether one more message may be posted here: by the run, and by who let the app.
    async fn may_post(&mut self, handle: &ChatHandle) -> Result<(), No> {
        self.messaging.may_post()?;
        match handle.push {
            Some(id) if self.credits(id).await? == 0 => {
                Err(No::over_limit("push-credits", PUSH_CREDITS))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a message, and names it to the guest.
    async fn posted(&mut self, handle: &ChatHandle, id: MessageId) -> Result<String, No> {
        if let Some(push) = handle.push {
            push::spend(&self.txn, &self.job.event.app, push).await?;
        }
        self.messaging.posted();
        Ok(self.say(id.to_string())?)
    }

    /// How many messages are left of a push token; none of one that was replaced since.
    async fn credits(&mut self, id: PushId) -> Result<usize, Halt> {
        match push::find(&self.txn, &self.job.event.app, id).await {
            Ok(push) => Ok(usize::try_from(push.credits).unwrap_or(usize::MAX)),
            Err(souk_chat::Refusal::Store(error)) => Err(error.into()),
            Err(_) => Ok(0),
        }
    }
}

/// What a content brings, in bytes.
fn bytes(content: &Content) -> usize {
    let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    content
        .text
        .len()
        .saturating_add(of(&content.card))
        .saturating_add(of(&content.reply_to))
}

fn parse(
    Content {
        text,
        card,
        reply_to,
        per_viewer,
    }: Content,
) -> Result<souk_chat::Content, No> {
    let reply_to = reply_to.map(|id| id.parse()).transpose()?;
    Ok(souk_chat::Content {
        text,
        card,
        reply_to,
        per_viewer,
    })
}
