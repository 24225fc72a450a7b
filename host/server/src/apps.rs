//! Mini-apps: what is here, and publishing.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::Edge;
use crate::extract::{Caller, RawAct};
use crate::problem::Problem;
use crate::wire::List;
use crate::wire::apps::{App, Published};

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
    Ok((StatusCode::CREATED, Json(version.into())))
}
