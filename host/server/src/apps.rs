//! Mini-apps: what is here, publishing, and what merchants set and see of their own.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use souk_core::AppId;
use souk_store::Page;

use crate::Edge;
use crate::extract::{Act, Address, Asked, Caller, RawAct};
use crate::problem::Problem;
use crate::wire::apps::{App, Published, Request, Setting, SettingAsk};
use crate::wire::people::Activity;
use crate::wire::{List, PageAsk};

pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(_): Caller,
) -> Result<Json<List<App>>, Problem> {
    let shops = edge.market.shops().await?;
    Ok(Json(List::whole(shops.into_iter().map(Into::into))))
}

/// The body is the package itself.
pub(crate) async fn publish(
    State(edge): State<Edge>,
    RawAct { call, body }: RawAct,
) -> Result<(StatusCode, Json<Published>), Problem> {
    let version = edge.market.publish(&call, &body).await?;
    let restricted = edge.market.restricted(&version.app).await?;
    Ok((
        StatusCode::CREATED,
        Json(Published::of(version, restricted)),
    ))
}

/// Whoever leaves an app is somebody new to it afterwards.
pub(crate) async fn leave(
    State(edge): State<Edge>,
    Address(app): Address<AppId>,
    act: RawAct,
) -> Result<StatusCode, Problem> {
    edge.market.leave_app(&act.call, &app).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn settings(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(app): Address<AppId>,
) -> Result<Json<List<Setting>>, Problem> {
    let settings = edge.market.settings(user, &app).await?;
    Ok(Json(List::whole(settings.into_iter().map(Into::into))))
}

pub(crate) async fn set(
    State(edge): State<Edge>,
    Address(app): Address<AppId>,
    Act { call, ask }: Act<SettingAsk>,
) -> Result<StatusCode, Problem> {
    let SettingAsk {
        name,
        value,
        secret,
    } = ask;
    edge.market
        .set_setting(&call, &app, &name, value.as_deref(), secret)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn requests(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(app): Address<AppId>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<List<Request>>, Problem> {
    let limit = ask.limit()?;
    let page = Page::last(limit).after(ask.cursor()?);
    let lines = edge.market.requests(user, &app, page).await?;
    let last = lines.last().map(|(place, _)| *place);
    let requests = lines.into_iter().map(|(_, line)| line.into());
    Ok(Json(List::page(requests, limit, last)))
}

/// What the app did for nobody; what it did for people is theirs to read.
pub(crate) async fn activity(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(app): Address<AppId>,
    Asked(ask): Asked<PageAsk>,
) -> Result<Json<List<Activity>>, Problem> {
    let limit = ask.limit()?;
    let page = Page::last(limit).after(ask.cursor()?);
    let lines = edge.market.activity_of_app(user, &app, page).await?;
    let last = lines.last().map(|(place, _)| *place);
    let lines = lines.into_iter().map(|(_, line)| line.into());
    Ok(Json(List::page(lines, limit, last)))
}
