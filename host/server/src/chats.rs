//! Chats and what is said in them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use souk_chat::history::Cursor;
use souk_core::ChatId;
use souk_market::Said;
use souk_store::Page;

use crate::Edge;
use crate::events::answer;
use crate::extract::{Act, Address, Asked, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::chats::{
    AdminAsk, Chat, Handle, ListenAsk, Listener, Message, OpenAsk, Posted, SayAsk,
};
use crate::wire::{List, PageAsk};

pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<List<Chat>>, Problem> {
    let chats = edge.market.chats(user).await?;
    Ok(Json(List::whole(chats.into_iter().map(Into::into))))
}

pub(crate) async fn open(
    State(edge): State<Edge>,
    Act { call, ask }: Act<OpenAsk>,
) -> Result<(StatusCode, Json<Chat>), Problem> {
    let chat = match &ask {
        OpenAsk::Direct { with } => edge.market.open_direct(&call, with).await?,
        OpenAsk::Group { title, members } => edge.market.open_group(&call, title, members).await?,
    };
    let view = edge.market.chat(call.by, chat).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

pub(crate) async fn show(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(chat): Address<ChatId>,
) -> Result<Json<Chat>, Problem> {
    Ok(Json(edge.market.chat(user, chat).await?.into()))
}

pub(crate) async fn add_member(
    State(edge): State<Edge>,
    Address(chat): Address<ChatId>,
    Act { call, ask }: Act<Handle>,
) -> Result<StatusCode, Problem> {
    edge.market.add_member(&call, chat, &ask.handle).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn leave(
    State(edge): State<Edge>,
    Address(chat): Address<ChatId>,
    act: RawAct,
) -> Result<StatusCode, Problem> {
    edge.market.leave(&act.call, chat).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Appoints an admin of a group, or dismisses one.
pub(crate) async fn set_admin(
    State(edge): State<Edge>,
    Address(chat): Address<ChatId>,
    Act { call, ask }: Act<AdminAsk>,
) -> Result<StatusCode, Problem> {
    let AdminAsk { handle, is_admin } = &ask;
    edge.market
        .set_admin(&call, chat, handle, *is_admin)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Newest first; `next` is the cursor of the page before.
pub(crate) async fn history(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(chat): Address<ChatId>,
    Asked(page): Asked<PageAsk>,
) -> Result<Json<List<Message>>, Problem> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let page = Page::last(limit).after(after);
    let found = edge.market.history(user, chat, page).await?;
    let last = found.last().map(|(cursor, _)| *cursor);
    let next = last.filter(|last: &Cursor| !last.is_first());
    let messages = found.into_iter().map(|(_, message)| message.into());
    Ok(Json(List::page_to(messages, limit, next)))
}

/// Which apps are told what people say in a chat.
pub(crate) async fn listeners(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(chat): Address<ChatId>,
) -> Result<Json<List<Listener>>, Problem> {
    let listeners = edge.market.listeners(user, chat).await?;
    Ok(Json(List::whole(listeners.into_iter().map(Into::into))))
}

pub(crate) async fn set_listening(
    State(edge): State<Edge>,
    Address(chat): Address<ChatId>,
    Act { call, ask }: Act<ListenAsk>,
) -> Result<StatusCode, Problem> {
    let ListenAsk { app, listens } = ask;
    edge.market
        .set_listening(&call, chat, &app, listens)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A text is posted; a command is run and answered like an action.
pub(crate) async fn say(
    State(edge): State<Edge>,
    Address(chat): Address<ChatId>,
    Act { call, ask }: Act<SayAsk>,
) -> Result<Response, Problem> {
    match edge
        .market
        .say(&call, chat, &ask.text, ask.reply_to)
        .await?
    {
        Said::Posted(message) => {
            Ok((StatusCode::CREATED, Json(Posted { message })).into_response())
        }
        Said::Happened(happened) => Ok(answer(happened)),
    }
}
