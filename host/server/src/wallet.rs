//! The wallet: balances, the statement and receipts.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use souk_core::{CurrencyError, EntryId, Timestamp, UserId};
use souk_ledger::Holder;
use souk_ledger::statement::{Period, Statement};
use souk_store::Page;

use crate::Edge;
use crate::extract::{Address, Asked, Caller};
use crate::problem::{Problem, Slip};
use crate::wire::keys::KeySet;
use crate::wire::wallet::{Balance, HostKey, Line, PeriodAsk, StatementAsk};
use crate::wire::{List, PageAsk};

pub(crate) async fn balances(
    State(edge): State<Edge>,
    Caller(user): Caller,
) -> Result<Json<List<Balance>>, Problem> {
    let balances = edge.market.balances(user).await?;
    Ok(Json(List::whole(balances.into_iter().map(Into::into))))
}

/// Newest first; `next` is the cursor of the page before.
pub(crate) async fn statement(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<StatementAsk>,
) -> Result<Json<List<Line>>, Problem> {
    lines(&edge, &Holder::Person(user), ask).await
}

/// What went through the caller's takings, likewise.
pub(crate) async fn statement_of_takings(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<StatementAsk>,
) -> Result<Json<List<Line>>, Problem> {
    lines(&edge, &Holder::Merchant(user), ask).await
}

async fn lines(edge: &Edge, of: &Holder, ask: StatementAsk) -> Result<Json<List<Line>>, Problem> {
    let currency = ask
        .currency
        .parse()
        .map_err(|error: CurrencyError| Slip::Query(error.to_string()))?;
    let page = PageAsk {
        limit: ask.limit,
        cursor: ask.cursor,
    };
    let limit = page.limit()?;
    let lines = edge
        .market
        .statement(of, currency, Page::last(limit).after(page.cursor()?))
        .await?;
    let next = lines.last().map(|line| line.place);
    Ok(Json(List::page(
        lines.into_iter().map(Into::into),
        limit,
        next,
    )))
}

/// A period with its balances, signed: a DSSE envelope, ready to be kept as a file.
pub(crate) async fn statement_json(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<PeriodAsk>,
) -> Result<impl IntoResponse, Problem> {
    let (_, signed) = period(&edge, user, &ask).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], signed))
}

/// The same as a table.
pub(crate) async fn statement_csv(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Asked(ask): Asked<PeriodAsk>,
) -> Result<impl IntoResponse, Problem> {
    let (statement, _) = period(&edge, user, &ask).await?;
    let csv = souk_ledger::statement::csv(&statement);
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv))
}

async fn period(
    edge: &Edge,
    user: UserId,
    ask: &PeriodAsk,
) -> Result<(Statement, String), Problem> {
    let currency = ask.currency.parse();
    let currency = currency.map_err(|error: CurrencyError| Slip::Query(error.to_string()))?;
    let period = Period {
        from: Timestamp::from_millis(ask.from),
        // The end is cut off at the moment of the statement.
        to: Timestamp::from_millis(ask.to.unwrap_or(u64::MAX)),
    };
    Ok(edge.market.period(user, currency, period).await?)
}

/// A DSSE envelope, ready to be kept as a file.
pub(crate) async fn receipt(
    State(edge): State<Edge>,
    Caller(user): Caller,
    Address(entry): Address<EntryId>,
) -> Result<impl IntoResponse, Problem> {
    let receipt = edge.market.receipt(user, entry).await?;
    Ok((
        [(header::CONTENT_TYPE, "application/json")],
        receipt.to_string(),
    ))
}

/// The keys that receipts and statements verify with. Public.
pub(crate) async fn key(State(edge): State<Edge>) -> Json<HostKey> {
    Json(edge.market.store().keyring().into())
}

/// The keys that launch tokens verify with. Public.
pub(crate) async fn jwks(State(edge): State<Edge>) -> Json<KeySet> {
    let store = edge.market.store();
    Json(KeySet::of(store.keyring(), store.now()))
}
