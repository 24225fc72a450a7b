//! Orders as their payer meets them.

use axum::Json;
use axum::extract::{Path, Query, State};

use crate::Edge;
use crate::extract::{Act, Caller, RawAct, part};
use crate::problem::Problem;
use crate::wire::orders::{ApproveAsk, Order, OrdersAsk, Sheet};
use crate::wire::wallet::Entry;
use crate::wire::{List, PageAsk};

/// Newest first, or with `waiting=true` those that want an answer.
pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Query(ask): Query<OrdersAsk>,
) -> Result<Json<List<Order>>, Problem> {
    let limit = PageAsk {
        limit: ask.limit,
        cursor: None,
    }
    .limit()?;
    let orders = match ask.waiting {
        true => edge.market.waiting_orders(user).await?,
        false => edge.market.orders(user, limit).await?,
    };
    Ok(Json(List::whole(orders.into_iter().map(Into::into))))
}

pub(crate) async fn show(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Path(order): Path<String>,
) -> Result<Json<Order>, Problem> {
    Ok(Json(edge.market.order(user, part(&order)?).await?.into()))
}

pub(crate) async fn sheet(
    State(edge): State<Edge>,
    Path(order): Path<String>,
    act: RawAct,
) -> Result<Json<Sheet>, Problem> {
    Ok(Json(
        edge.market.sheet(act.call.by, part(&order)?).await?.into(),
    ))
}

pub(crate) async fn approve(
    State(edge): State<Edge>,
    Path(order): Path<String>,
    Act { call, ask }: Act<ApproveAsk>,
) -> Result<Json<Entry>, Problem> {
    Ok(Json(
        edge.market
            .approve(&call, part(&order)?, &ask.nonce)
            .await?
            .into(),
    ))
}

pub(crate) async fn decline(
    State(edge): State<Edge>,
    Path(order): Path<String>,
    act: RawAct,
) -> Result<Json<Order>, Problem> {
    let id = part(&order)?;
    edge.market.decline(&act.call, id).await?;
    Ok(Json(edge.market.order(act.call.by, id).await?.into()))
}
