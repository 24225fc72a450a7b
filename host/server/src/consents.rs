//! What apps ask of the person who calls.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use souk_core::ConsentId;

use crate::Edge;
use crate::extract::{Act, Address, Caller};
use crate::problem::Problem;
use crate::wire::List;
use crate::wire::consents::{Answer, Consent};

pub(crate) async fn list(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<List<Consent>>, Problem> {
    let waiting = edge.market.waiting_consents(user).await?;
    Ok(Json(List::whole(waiting.into_iter().map(Into::into))))
}

pub(crate) async fn answer(
    State(edge): State<Edge>,
    Address(consent): Address<ConsentId>,
    Act { call, ask }: Act<Answer>,
) -> Result<StatusCode, Problem> {
    edge.market
        .answer_consent(&call, consent, ask.allow)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
