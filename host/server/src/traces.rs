//! What merchants see of the runs of their apps, and of events that failed.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use souk_core::{AppId, EventId, TraceId};

use crate::Edge;
use crate::extract::{Address, Asked, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::traces::{Failure, Trace};
use crate::wire::{List, PageAsk};

pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(app): Address<AppId>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<List<Trace>>, Problem> {
    let lines = edge.market.traces(user, &app, ask.limit()?).await?;
    Ok(Json(List::whole(lines.into_iter().map(Into::into))))
}

/// The body is the trace itself, sealed to the merchant's key.
pub(crate) async fn show(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address((app, trace)): Address<(AppId, TraceId)>,
) -> Result<impl IntoResponse, Problem> {
    let envelope = edge.market.trace(user, &app, trace).await?;
    Ok((
        [(header::CONTENT_TYPE, "application/octet-stream")],
        envelope,
    ))
}

pub(crate) async fn failures(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(app): Address<AppId>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<List<Failure>>, Problem> {
    let failing = edge.market.failures(user, &app, ask.limit()?).await?;
    Ok(Json(List::whole(failing.into_iter().map(Into::into))))
}

pub(crate) async fn retry(
    State(edge): State<Edge>,
    Address((app, event)): Address<(AppId, EventId)>,
    RawAct { call, .. }: RawAct,
) -> Result<StatusCode, Problem> {
    edge.market.retry_failure(&call, &app, event).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn forget(
    State(edge): State<Edge>,
    Address((app, event)): Address<(AppId, EventId)>,
    RawAct { call, .. }: RawAct,
) -> Result<StatusCode, Problem> {
    edge.market.drop_failure(&call, &app, event).await?;
    Ok(StatusCode::NO_CONTENT)
}
