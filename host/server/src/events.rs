//! Actions and events: what a person did to an app, and how it ended.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use souk_chat::view::Seen;
use souk_core::{ChatId, EventId, MessageId};
use souk_events::Outcome;
use souk_market::Happened;

use crate::Edge;
use crate::extract::{Act, Address, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::events::{Event, PressAsk};

pub(crate) async fn press(
    State(edge): State<Edge>,
    Address((chat, message)): Address<(ChatId, MessageId)>,
    Act { call, ask }: Act<PressAsk>,
) -> Result<Response, Problem> {
    let PressAsk {
        revision,
        view,
        button,
        inputs,
    } = ask;
    let seen = Seen { revision, view };
    let pressed = edge
        .market
        .press(&call, chat, message, seen, &button, &inputs);
    Ok(answer(pressed.await?))
}

/// Asks the message's app for the caller's own view of it, which comes as a change of the message.
pub(crate) async fn look(
    State(edge): State<Edge>,
    Address((chat, message)): Address<(ChatId, MessageId)>,
    act: RawAct,
) -> Result<Response, Problem> {
    Ok(answer(edge.market.look(&act.call, chat, message).await?))
}

pub(crate) async fn show(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(event): Address<EventId>,
) -> Result<Json<Event>, Problem> {
    Ok(Json(edge.market.event(user, event).await?.into()))
}

/// 200 when the app did what was asked, 202 when it waits for the person, 422 when the app said no
/// or failed: then nothing it did remains.
pub(crate) fn answer(happened: Happened) -> Response {
    let status = match &happened.outcome {
        Outcome::Done => StatusCode::OK,
        Outcome::Parked => StatusCode::ACCEPTED,
        Outcome::Rejected(_) | Outcome::InvalidInput(_) | Outcome::Fault { .. } => {
            return Problem::from(happened).into_response();
        }
    };
    (status, Json(Event::from(happened))).into_response()
}
