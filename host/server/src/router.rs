//! Every address the host answers, on one page.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{delete, get, post};
use souk_core::limits::{BODY_BYTES_MAX, PACKAGE_BYTES_MAX};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{
    Edge, apps, chats, consents, events, gifts, grants, links, operator, orders, passages, people,
    problem, stream, traces, wallet, web,
};

/// Returns the whole edge as one service.
pub fn router(edge: Edge) -> Router {
    of_people()
        .merge(of_apps_and_the_host())
        .fallback(problem::no_such_address)
        .method_not_allowed_fallback(problem::no_such_method)
        // One layer of several: each that is added by itself is one more box around every request.
        .layer((
            unless_cached(),
            header("content-security-policy", web::CSP),
            header("referrer-policy", "no-referrer"),
            header("x-content-type-options", "nosniff"),
            body(BODY_BYTES_MAX),
        ))
        .with_state(edge)
}

/// What people do for themselves and with each other.
#[rustfmt::skip]
fn of_people() -> Router<Edge> {
    Router::new()
        // People and their keys.
        .route("/v1/accounts", post(people::register))
        .route("/v1/sessions", post(people::sign_in))
        .route("/v1/sessions/current", delete(people::sign_out))
        .route("/v1/tokens", post(people::issue_token))
        .route("/v1/tokens/{token}", delete(people::revoke_token))
        .route("/v1/me", get(people::me))
        .route("/v1/me/leave", post(people::leave))
        .route("/v1/me/activity", get(people::activity))
        .route("/v1/people/{handle}", get(people::find))
        // Chats and what is said in them.
        .route("/v1/chats", get(chats::list).post(chats::open))
        .route("/v1/chats/{chat}", get(chats::show))
        .route("/v1/chats/{chat}/members", post(chats::add_member))
        .route("/v1/chats/{chat}/members/me", delete(chats::leave))
        .route("/v1/chats/{chat}/admins", post(chats::set_admin))
        .route("/v1/chats/{chat}/messages", get(chats::history).post(chats::say))
        .route("/v1/chats/{chat}/messages/{message}/actions", post(events::press))
        .route("/v1/chats/{chat}/messages/{message}/view", post(events::look))
        .route("/v1/chats/{chat}/listeners", get(chats::listeners).post(chats::set_listening))
        .route("/v1/events/{event}", get(events::show))
        .route("/v1/stream", get(stream::open))
        // What apps want, and what they may.
        .route("/v1/consents", get(consents::list))
        .route("/v1/consents/{consent}", post(consents::answer))
        .route("/v1/me/grants", get(grants::list))
        .route("/v1/me/grants/{app}", get(grants::show).post(grants::say))
        .route("/v1/me/grants/{app}/budget", post(grants::set_budget))
        // Money.
        .route("/v1/wallet", get(wallet::balances))
        .route("/v1/wallet/statement", get(wallet::statement))
        .route("/v1/wallet/statement.json", get(wallet::statement_json))
        .route("/v1/wallet/statement.csv", get(wallet::statement_csv))
        .route("/v1/wallet/rails", get(passages::rails))
        .route("/v1/wallet/address", get(passages::address))
        .route("/v1/wallet/deposits", get(passages::arrivals).post(passages::deposit))
        .route("/v1/wallet/withdrawals", get(passages::departures).post(passages::withdraw))
        .route("/v1/wallet/withdrawals/{transfer}/cancel", post(passages::cancel))
        .route("/v1/wallet/transfers", get(gifts::list).post(gifts::send))
        .route("/v1/wallet/transfers/{transfer}/accept", post(gifts::accept))
        .route("/v1/wallet/transfers/{transfer}/decline", post(gifts::decline))
        .route("/v1/wallet/transfers/{transfer}/cancel", post(gifts::cancel))
        .route("/v1/receipts/{entry}", get(wallet::receipt))
        .route("/v1/orders", get(orders::list))
        .route("/v1/orders/{order}", get(orders::show))
        .route("/v1/orders/{order}/sheet", post(orders::sheet))
        .route("/v1/orders/{order}/approve", post(orders::approve))
        .route("/v1/orders/{order}/decline", post(orders::decline))
        .route("/v1/takings", get(passages::takings))
        .route("/v1/takings/statement", get(wallet::statement_of_takings))
        .route("/v1/takings/withdrawals", post(passages::withdraw_takings))
}

/// What merchants and the operator do, and what the host says of itself.
#[rustfmt::skip]
fn of_apps_and_the_host() -> Router<Edge> {
    Router::new()
        // What only the operator does.
        .route("/v1/operator/accounts", get(operator::accounts))
        .route("/v1/operator/standings", post(operator::set_standing))
        .route("/v1/operator/deposits", post(operator::deposit))
        .route("/v1/operator/withdrawals", post(operator::withdraw))
        .route("/v1/operator/recalls", post(operator::recall))
        .route("/v1/operator/arrivals/{transfer}/take-back", post(operator::take_back))
        .route("/v1/operator/assets", get(operator::assets).post(operator::register_asset))
        .route("/v1/operator/chain", get(operator::chain))
        .route("/v1/operator/chain/payments", post(operator::pay_on_chain))
        .route("/v1/operator/chain/blocks", post(operator::mine))
        .route("/v1/operator/chain/reorganizations", post(operator::reorganize))
        // Mini-apps.
        .route("/v1/apps", get(apps::list).post(apps::publish).layer(body(PACKAGE_BYTES_MAX)))
        .route("/v1/apps/{app}/leave", post(apps::leave))
        .route("/v1/apps/{app}/links/{place}", get(links::show).post(links::follow))
        .route("/v1/apps/{app}/config", get(apps::settings).post(apps::set))
        .route("/v1/apps/{app}/requests", get(apps::requests))
        .route("/v1/apps/{app}/activity", get(apps::activity))
        .route("/v1/apps/{app}/traces", get(traces::list))
        .route("/v1/apps/{app}/traces/{trace}", get(traces::show))
        .route("/v1/apps/{app}/failures", get(traces::failures))
        .route("/v1/apps/{app}/failures/{event}/retry", post(traces::retry))
        .route("/v1/apps/{app}/failures/{event}/drop", post(traces::forget))
        // The host itself.
        .route("/v1/key", get(wallet::key))
        .route("/.well-known/jwks.json", get(wallet::jwks))
        .route("/v1/health", get(web::health))
        .route("/problems/{name}", get(problem::explain))
        .route("/", get(web::page))
        .route("/web/{*file}", get(web::file))
}

/// What a request may bring.
fn body(bytes_max: usize) -> DefaultBodyLimit {
    DefaultBodyLimit::max(bytes_max)
}

/// Nothing is kept by anybody on the way, unless its handler says otherwise.
fn unless_cached() -> SetResponseHeaderLayer<HeaderValue> {
    let no_store = HeaderValue::from_static("no-store");
    SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, no_store)
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}
