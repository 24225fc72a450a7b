//! Money from one person to another.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use souk_core::TransferId;

use crate::Edge;
use crate::extract::{Act, Address, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::List;
use crate::wire::wallet::{Gift, SendAsk};

/// Those on their way: to the caller, who may accept them, then from the caller, who may take them
/// back.
pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<List<Gift>>, Problem> {
    let gifts = edge.market.gifts(user).await?;
    Ok(Json(List::whole(gifts.into_iter().map(Into::into))))
}

pub(crate) async fn send(
    State(edge): State<Edge>,
    Act { call, ask }: Act<SendAsk>,
) -> Result<(StatusCode, Json<Gift>), Problem> {
    let gift = edge.market.send(&call, &ask.to, ask.amount, &ask.note);
    Ok((StatusCode::CREATED, Json(gift.await?.into())))
}

pub(crate) async fn accept(
    State(edge): State<Edge>,
    Address(transfer): Address<TransferId>,
    act: RawAct,
) -> Result<Json<Gift>, Problem> {
    let gift = edge.market.accept(&act.call, transfer).await?;
    Ok(Json(gift.into()))
}

pub(crate) async fn decline(
    State(edge): State<Edge>,
    Address(transfer): Address<TransferId>,
    act: RawAct,
) -> Result<Json<Gift>, Problem> {
    let gift = edge.market.refuse(&act.call, transfer).await?;
    Ok(Json(gift.into()))
}

pub(crate) async fn cancel(
    State(edge): State<Edge>,
    Address(transfer): Address<TransferId>,
    act: RawAct,
) -> Result<Json<Gift>, Problem> {
    let gift = edge.market.take_back(&act.call, transfer).await?;
    Ok(Json(gift.into()))
}
