//! Conversations: opening them, speaking in them, reading them.

use souk_chat::chat::{self, Chat};
use souk_chat::message::{self, Author, Content, Message};
use souk_chat::{admin, history, member};
use souk_core::{ChatId, MessageId, UserId};
use souk_identity::{Profile, account};
use souk_store::{Owner, Page, Txn};

use crate::record::{News, news_log};
use crate::{Call, Happened, Market, MarketError, apps, people};

/// A chat with the names a member sees.
#[derive(Clone, Debug)]
pub struct ChatView {
    /// The chat.
    pub chat: Chat,
    /// Its title; of a direct chat, the other person's name.
    pub title: String,
    /// Who is in it.
    pub members: Vec<Profile>,
    /// Who of them decides what apps may do here.
    pub admins: Vec<UserId>,
}

/// What became of something a person wrote.
#[derive(Clone, Debug)]
pub enum Said {
    /// It was posted.
    Posted(MessageId),
    /// It was a command.
    Happened(Happened),
}

/// A message with the name of who wrote it.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The message.
    pub message: Message,
    /// The author's name as members see it.
    pub author_name: String,
}

impl Market {
    /// Opens the chat between a person and another; the same one every time.
    ///
    /// # Errors
    /// An unknown handle; oneself.
    pub async fn open_direct(&self, call: &Call, other: &str) -> Result<ChatId, MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                let other = people::find(&txn, other).await?.user;
                let chat = chat::open_direct(&txn, call.by, other).await?;
                joined(&txn, chat, &[call.by, other])?;
                Ok(chat)
            })
            .await
        };
        self.store().transact(work).await
    }

    /// Opens a group.
    ///
    /// # Errors
    /// An unknown handle, a bad title, too many members.
    pub async fn open_group(
        &self,
        call: &Call,
        title: &str,
        others: &[String],
    ) -> Result<ChatId, MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                let mut members = Vec::with_capacity(others.len());
                for other in others {
                    members.push(people::find(&txn, other).await?.user);
                }
                let chat = chat::open_group(&txn, call.by, title, &members).await?;
                members.push(call.by);
                joined(&txn, chat, &members)?;
                Ok(chat)
            })
            .await
        };
        self.store().transact(work).await
    }

    /// Adds a person to a group.
    ///
    /// # Errors
    /// An unknown handle; a chat the caller is not in, or that takes nobody more.
    pub async fn add_member(
        &self,
        call: &Call,
        chat: ChatId,
        other: &str,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                let other = people::find(&txn, other).await?.user;
                member::add(&txn, call.by, chat, other).await?;
                Ok(joined(&txn, chat, &[other])?)
            })
            .await
        };
        self.store().transact(work).await
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// A chat the caller is not in, or a direct one.
    pub async fn leave(&self, call: &Call, chat: ChatId) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                Ok(member::leave(&txn, chat, call.by).await?)
            })
            .await
        };
        self.store().transact(work).await
    }

    /// Says something: text that starts with `/` is a command, everything else is posted.
    ///
    /// # Errors
    /// A chat the caller is not in; a text too long; an unknown command.
    pub async fn say(
        &self,
        call: &Call,
        chat: ChatId,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Result<Said, MarketError> {
        if text.starts_with('/') && text.len() > 1 {
            return Ok(Said::Happened(self.command(call, chat, text).await?));
        }
        let content = &Content {
            reply_to,
            ..Content::from(text)
        };
        let work = |txn: Txn| async move {
            call.once(&txn, async {
                member::check(&txn, chat, call.by).await?;
                let owner = Owner::PersonInChat(call.by, chat);
                let author = Author::Person(call.by);
                let id = message::post(&txn, chat, &author, content, &owner).await?;
                self.tell_listeners(&txn, call, chat, id, content).await?;
                Ok(id)
            })
            .await
        };
        Ok(Said::Posted(self.store().transact(work).await?))
    }

    /// Returns the chats a person is in.
    ///
    /// # Errors
    /// The store's.
    pub async fn chats(&self, user: UserId) -> Result<Vec<ChatView>, MarketError> {
        let read = |txn: Txn| async move {
            let mut views = Vec::new();
            for chat in chat::of_user(&txn, user).await? {
                views.push(view(&txn, user, chat.id).await?);
            }
            Ok(views)
        };
        self.store().view(read).await
    }

    /// Returns one chat.
    ///
    /// # Errors
    /// A chat the person is not in is as unknown as one that does not exist.
    pub async fn chat(&self, user: UserId, id: ChatId) -> Result<ChatView, MarketError> {
        self.store()
            .view(|txn| async move { view(&txn, user, id).await })
            .await
    }

    /// Returns a page of a chat's messages as a person sees them, with how far a reader has come
    /// with each, newest first unless the page says otherwise.
    ///
    /// # Errors
    /// A chat the person is not in.
    pub async fn history(
        &self,
        user: UserId,
        chat: ChatId,
        page: Page<history::Cursor>,
    ) -> Result<Vec<(history::Cursor, MessageView)>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move {
            member::check(&txn, chat, user).await?;
            let mut views = Vec::new();
            for (cursor, message) in history::of(&txn, chat, user, page.clone()).await? {
                views.push((cursor, message_view(&txn, message).await?));
            }
            Ok(views)
        };
        self.store().view(read).await
    }
}

/// Tells people that they are in a chat now.
fn joined(txn: &Txn, chat: ChatId, users: &[UserId]) -> Result<(), souk_store::StoreError> {
    users
        .iter()
        .try_for_each(|user| txn.append(&news_log(*user), &News::Joined(chat)))
}

/// A chat as a member sees it.
pub(crate) async fn view(txn: &Txn, user: UserId, id: ChatId) -> Result<ChatView, MarketError> {
    member::check(txn, id, user).await?;
    let chat = chat::get(txn, id)
        .await?
        .ok_or(souk_chat::Refusal::NotFound)?;
    let mut members = Vec::new();
    for member in member::list(txn, id).await? {
        members.extend(account::profile(txn, member).await?);
    }
    let other = members.iter().find(|member| member.user != user);
    let title = chat::title(txn, &chat)
        .or_else(|| other.map(|other| other.name.clone()))
        .unwrap_or_default();
    Ok(ChatView {
        chat,
        title,
        members,
        admins: admin::list(txn, id).await?,
    })
}

pub(crate) async fn message_view(txn: &Txn, message: Message) -> Result<MessageView, MarketError> {
    let author_name = match &message.author {
        Author::Person(user) => person_name(txn, *user).await?,
        Author::App(app) => apps::name(txn, app).await?,
        Author::Host => "Souk".to_owned(),
    };
    Ok(MessageView {
        message,
        author_name,
    })
}

async fn person_name(txn: &Txn, user: UserId) -> Result<String, MarketError> {
    Ok(account::name(txn, user)
        .await?
        .unwrap_or_else(|| "someone who left".to_owned()))
}
