//! Orders as their payer meets them.

use axum::Json;
use axum::extract::State;

use souk_core::OrderId;

use crate::Edge;
use crate::extract::{Act, Address, Asked, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::orders::{ApproveAsk, Order, OrdersAsk, Sheet};
use crate::wire::wallet::Entry;
use crate::wire::{List, PageAsk};

/// Newest first, or with `waiting=true` those that want an answer.
pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<OrdersAsk>,
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
    Address(order): Address<OrderId>,
) -> Result<Json<Order>, Problem> {
    Ok(Json(edge.market.order(user, order).await?.into()))
}

pub(crate) async fn sheet(
    State(edge): State<Edge>,
    Address(order): Address<OrderId>,
    act: RawAct,
) -> Result<Json<Sheet>, Problem> {
    Ok(Json(edge.market.sheet(act.call.by, order).await?.into()))
}

pub(crate) async fn approve(
    State(edge): State<Edge>,
    Address(order): Address<OrderId>,
    Act { call, ask }: Act<ApproveAsk>,
) -> Result<Json<Entry>, Problem> {
    Ok(Json(
        edge.market.approve(&call, order, &ask.nonce).await?.into(),
    ))
}

pub(crate) async fn decline(
    State(edge): State<Edge>,
    Address(order): Address<OrderId>,
    act: RawAct,
) -> Result<Json<Order>, Problem> {
    let id = order;
    edge.market.decline(&act.call, id).await?;
    Ok(Json(edge.market.order(act.call.by, id).await?.into()))
}
