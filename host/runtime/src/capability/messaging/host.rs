//! `souk:messaging/chats`, function by function.

use souk_chat::{Author, message};
use souk_core::MessageId;
use souk_identity::pairwise;
use souk_store::Owner;
use wasmtime::component::Resource;

use super::ChatHandle;
use crate::bindings::souk::messaging::chats::{Content, Host, HostChat};
use crate::bindings::souk::types::common::Allowance;
use crate::capability::allowance;
use crate::ctx::Ctx;
use crate::denied::No;
use crate::door::{Call, Needs};

impl Host for Ctx {}

impl HostChat for Ctx {
    async fn current(&mut self) -> Result<Resource<ChatHandle>, No> {
        self.speaks("chat.current", 0)?;
        let chat = self.job.event.chat.ok_or_else(No::not_granted)?;
        Ok(self.give(ChatHandle(chat))?)
    }

    async fn id(&mut self, chat: Resource<ChatHandle>) -> wasmtime::Result<String> {
        self.door.count("messaging", "chat.id", 0)?;
        let ChatHandle(chat) = self.held(&chat)?;
        let id = pairwise::chat_id(self.txn.keyring(), &self.job.event.app, chat);
        Ok(self.say(id)?)
    }

    async fn is_group(&mut self, _: Resource<ChatHandle>) -> wasmtime::Result<bool> {
        self.door.count("messaging", "chat.is-group", 0)?;
        Ok(self.job.is_group)
    }

    async fn post(&mut self, chat: Resource<ChatHandle>, said: Content) -> Result<String, No> {
        self.speaks("chat.post", bytes(&said))?;
        let ChatHandle(chat) = self.held(&chat)?;
        let content = parse(said)?;
        self.messaging.may_post()?;
        let (author, owner) = self.author();
        let id = message::post(&self.txn, chat, &author, &content, &owner).await?;
        self.messaging.posted();
        Ok(self.say(id.to_string())?)
    }

    async fn edit(
        &mut self,
        chat: Resource<ChatHandle>,
        message: String,
        said: Content,
    ) -> Result<(), No> {
        self.speaks("chat.edit", bytes(&said).saturating_add(message.len()))?;
        let ChatHandle(chat) = self.held(&chat)?;
        let (id, content) = (message.parse()?, parse(said)?);
        self.messaging.may_edit()?;
        let (author, owner) = self.author();
        message::edit(&self.txn, chat, &author, id, &content, &owner).await?;
        self.messaging.edited();
        Ok(())
    }

    async fn delete(&mut self, chat: Resource<ChatHandle>, message: String) -> Result<(), No> {
        self.speaks("chat.delete", message.len())?;
        let ChatHandle(chat) = self.held(&chat)?;
        let id: MessageId = message.parse()?;
        let (author, _) = self.author();
        Ok(message::delete(&self.txn, chat, &author, id).await?)
    }

    async fn allowances(&mut self, _: Resource<ChatHandle>) -> wasmtime::Result<Vec<Allowance>> {
        self.door.count("messaging", "chat.allowances", 0)?;
        Ok(vec![
            allowance("messages", self.messaging.posts_left),
            allowance("edits", self.messaging.edits_left),
        ])
    }

    async fn drop(&mut self, chat: Resource<ChatHandle>) -> wasmtime::Result<()> {
        self.close(chat)
    }
}

impl Ctx {
    fn speaks(&mut self, function: &'static str, bytes: usize) -> Result<(), No> {
        let needs = Needs::MessagingPost;
        self.door.pass(Call {
            capability: "messaging",
            function,
            bytes,
            needs,
        })
    }

    /// Who speaks, and whose key seals it.
    fn author(&self) -> (Author, Owner) {
        let event = &self.job.event;
        (Author::App(event.app.clone()), event.owner())
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
    }: Content,
) -> Result<souk_chat::Content, No> {
    let reply_to = reply_to.map(|id| id.parse()).transpose()?;
    Ok(souk_chat::Content {
        text,
        card,
        reply_to,
    })
}
