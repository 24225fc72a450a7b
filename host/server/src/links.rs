//! Links of mini-apps, followed by the members of their chats.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use souk_core::AppId;

use crate::Edge;
use crate::events::answer;
use crate::extract::{Act, Address, Caller};
use crate::problem::Problem;
use crate::wire::links::{Link, StartAsk};

/// Tells where a link leads, so that a person can say whether they want that.
pub(crate) async fn show(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address((app, place)): Address<(AppId, String)>,
) -> Result<Json<Link>, Problem> {
    Ok(Json(edge.market.link(user, &app, &place).await?.into()))
}

/// Follows it: the app's first command is typed in the link's chat, and answered like an action.
pub(crate) async fn follow(
    State(edge): State<Edge>,
    Address((app, place)): Address<(AppId, String)>,
    Act { call, ask }: Act<StartAsk>,
) -> Result<Response, Problem> {
    let start = &ask.start_parameter;
    Ok(answer(edge.market.follow(&call, app, &place, start).await?))
}
