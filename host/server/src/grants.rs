//! What apps may do with the person who calls, and what that person says to it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use souk_core::AppId;

use crate::Edge;
use crate::extract::{Act, Address, Caller};
use crate::problem::{Problem, Slip};
use crate::wire::List;
use crate::wire::grants::{BudgetAsk, Grants, SayAsk};

pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<List<Grants>>, Problem> {
    let grants = edge.market.grants(user).await?;
    Ok(Json(List::whole(grants.into_iter().map(Into::into))))
}

pub(crate) async fn show(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(app): Address<AppId>,
) -> Result<Json<Grants>, Problem> {
    Ok(Json(edge.market.grants_of(user, &app).await?.into()))
}

pub(crate) async fn say(
    State(edge): State<Edge>,
    Address(app): Address<AppId>,
    Act { call, ask }: Act<SayAsk>,
) -> Result<StatusCode, Problem> {
    let SayAsk { matter, say } = ask;
    edge.market
        .say_to(&call, &app, &matter, &say.into())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn set_budget(
    State(edge): State<Edge>,
    Address(app): Address<AppId>,
    Act { call, ask }: Act<BudgetAsk>,
) -> Result<StatusCode, Problem> {
    let budget = ask.budget();
    let budget = budget.map_err(|error| Slip::Json(error.to_string()))?;
    edge.market.set_budget(&call, &app, &budget).await?;
    Ok(StatusCode::NO_CONTENT)
}
