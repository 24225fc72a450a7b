//! Joining, signing in and out, tokens, and what one sees of people.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use souk_core::TokenId;
use souk_core::limits::SESSION_MS_MAX;
use souk_market::SignedIn;
use souk_store::Page;

use crate::Edge;
use crate::extract::{Address, Asked, COOKIE, Caller, JsonBody, RawAct, session_cookie};
use crate::problem::{Problem, Slip};
use crate::wire::people::{Account, Activity, Credentials, Issued, Leave, Person, TokenAsk};
use crate::wire::{List, PageAsk};

type Cookie = [(HeaderName, String); 1];

pub(crate) async fn register(
    State(edge): State<Edge>,
    JsonBody(account): JsonBody<Account>,
) -> Result<(StatusCode, Cookie, Json<Person>), Problem> {
    let signed_in = edge
        .market
        .register(&account.handle, &account.name, &account.password)
        .await?;
    let person = edge.market.profile(signed_in.user).await?;
    Ok((StatusCode::CREATED, cookie(&signed_in), Json(person.into())))
}

pub(crate) async fn sign_in(
    State(edge): State<Edge>,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<(Cookie, Json<Person>), Problem> {
    let signed_in = edge
        .market
        .sign_in(&credentials.handle, &credentials.password)
        .await?;
    let person = edge.market.profile(signed_in.user).await?;
    Ok((cookie(&signed_in), Json(person.into())))
}

pub(crate) async fn sign_out(
    State(edge): State<Edge>,
    Caller(_): Caller,
    headers: HeaderMap,
) -> Result<(StatusCode, Cookie), Problem> {
    if let Some(secret) = session_cookie(&headers) {
        edge.market.sign_out(secret).await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        [(
            header::SET_COOKIE,
            format!("{COOKIE}=; Path=/; Secure; Max-Age=0"),
        )],
    ))
}

/// Makes a token for whoever is signed in, or for whoever the credentials in the body name, so
/// that a program needs no cookies.
pub(crate) async fn issue_token(
    State(edge): State<Edge>,
    caller: Option<Caller>,
    JsonBody(ask): JsonBody<TokenAsk>,
) -> Result<(StatusCode, Json<Issued>), Problem> {
    let user = match (&ask.handle, &ask.password, caller) {
        (Some(handle), Some(password), _) => edge.market.check_password(handle, password).await?,
        (_, _, Some(Caller(user))) => user,
        (_, _, None) => return Err(Slip::NotSignedIn.into()),
    };
    let (id, secret) = edge.market.issue_token(user, &ask.label).await?;
    Ok((
        StatusCode::CREATED,
        Json(Issued {
            id,
            token: secret.expose().to_owned(),
        }),
    ))
}

pub(crate) async fn revoke_token(
    State(edge): State<Edge>,
    Address(token): Address<TokenId>,
    act: RawAct,
) -> Result<StatusCode, Problem> {
    edge.market.revoke_token(&act.call, token).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn me(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<Person>, Problem> {
    Ok(Json(edge.market.profile(user).await?.into()))
}

pub(crate) async fn leave(
    State(edge): State<Edge>,
    Caller(user): Caller,
    JsonBody(Leave { password }): JsonBody<Leave>,
) -> Result<StatusCode, Problem> {
    edge.market.leave_host(user, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn activity(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(page): Asked<PageAsk>,
) -> Result<Json<List<Activity>>, Problem> {
    let limit = page.limit()?;
    let wanted = Page::last(limit).after(page.cursor()?);
    let lines = edge.market.activity(user, wanted).await?;
    let last = lines.last().map(|(place, _)| *place);
    let lines = lines.into_iter().map(|(_, line)| line.into());
    Ok(Json(List::page(lines, limit, last)))
}

pub(crate) async fn find(
    State(edge): State<Edge>,
    Caller(_): Caller,
    Address(handle): Address<String>,
) -> Result<Json<Person>, Problem> {
    Ok(Json(edge.market.person(&handle).await?.into()))
}

fn cookie(signed_in: &SignedIn) -> Cookie {
    let seconds = SESSION_MS_MAX / 1_000;
    let secret = signed_in.secret.expose();
    let value =
        format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    [(header::SET_COOKIE, value)]
}
