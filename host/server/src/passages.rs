//! Money that comes in from outside and goes out again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use souk_core::TransferId;
use souk_ledger::Holder;
use souk_store::Page;

use crate::Edge;
use crate::extract::{Act, Address, Asked, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::passages::{self, Arrival, Departure, Rails, WithdrawAsk};
use crate::wire::takings::Takings;
use crate::wire::wallet::DepositAsk;
use crate::wire::{List, PageAsk};

/// Which rails there are.
pub(crate) async fn rails(State(edge): State<Edge>, Caller(_): Caller) -> Json<Rails> {
    Json(edge.market.rails().into())
}

pub(crate) async fn deposit(
    State(edge): State<Edge>,
    Act { call, ask }: Act<DepositAsk>,
) -> Result<(StatusCode, Json<Arrival>), Problem> {
    let arrival = edge.market.deposit(&call, ask.amount).await?;
    Ok((StatusCode::CREATED, Json(arrival.into())))
}

/// Newest first.
pub(crate) async fn arrivals(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<List<Arrival>>, Problem> {
    let limit = ask.limit()?;
    let page = Page::last(limit).after(ask.cursor()?);
    let found = edge.market.arrivals(user, page).await?;
    let next = found.last().map(|(place, _)| *place);
    let arrivals = found.into_iter().map(|(_, arrival)| arrival.into());
    Ok(Json(List::page(arrivals, limit, next)))
}

/// Where somebody outside pays to, for the caller. The same each time.
pub(crate) async fn address(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<passages::Address>, Problem> {
    let address = edge.market.chain_address(user).await?;
    Ok(Json(passages::Address { address }))
}

pub(crate) async fn withdraw(
    State(edge): State<Edge>,
    act: Act<WithdrawAsk>,
) -> Result<(StatusCode, Json<Departure>), Problem> {
    let from = Holder::Person(act.call.by);
    take_out(&edge, act, from).await
}

/// Out of what was settled to the caller as a merchant.
pub(crate) async fn withdraw_takings(
    State(edge): State<Edge>,
    act: Act<WithdrawAsk>,
) -> Result<(StatusCode, Json<Departure>), Problem> {
    let from = Holder::Merchant(act.call.by);
    take_out(&edge, act, from).await
}

async fn take_out(
    edge: &Edge,
    Act { call, ask }: Act<WithdrawAsk>,
    from: Holder,
) -> Result<(StatusCode, Json<Departure>), Problem> {
    let rail = ask.rail.into();
    let departure = edge.market.withdraw(&call, from, rail, ask.amount, &ask.to);
    Ok((StatusCode::CREATED, Json(departure.await?.into())))
}

/// Newest first, from the wallet and from takings.
pub(crate) async fn departures(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<List<Departure>>, Problem> {
    let limit = ask.limit()?;
    let page = Page::last(limit).after(ask.cursor()?);
    let found = edge.market.departures(user, page).await?;
    let next = found.last().map(|(place, _)| *place);
    let departures = found.into_iter().map(|(_, departure)| departure.into());
    Ok(Json(List::page(departures, limit, next)))
}

pub(crate) async fn cancel(
    State(edge): State<Edge>,
    Address(transfer): Address<TransferId>,
    act: RawAct,
) -> Result<Json<Departure>, Problem> {
    let departure = edge.market.keep_here(&act.call, transfer).await?;
    Ok(Json(departure.into()))
}

/// What the caller's apps took, pending and settled.
pub(crate) async fn takings(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<Takings>, Problem> {
    Ok(Json(edge.market.takings(user).await?.into()))
}
