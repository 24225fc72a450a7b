//! What only the operator may ask, with the operator's own token.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use souk_core::{CurrencyError, TransferId};
use souk_market::Whose;

use crate::Edge;
use crate::extract::{Address, Asked, Operator, OperatorAct, RawOperatorAct};
use crate::problem::{Problem, Slip};
use crate::wire::List;
use crate::wire::by_hand::{HandDepositAsk, HandWithdrawalAsk, RecallAsk};
use crate::wire::operator::{
    Account, AccountsAsk, Asset, Chain, ChainPayAsk, ChainPayment, MineAsk, ReorganizeAsk,
    StandingAsk,
};
use crate::wire::passages::Arrival;
use crate::wire::wallet::Entry;

pub(crate) async fn deposit(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<HandDepositAsk>,
) -> Result<(StatusCode, Json<Entry>), Problem> {
    let booked = edge
        .market
        .deposit_by_hand(&call, &ask.to, ask.amount, &ask.reason);
    Ok((StatusCode::CREATED, Json(booked.await?.into())))
}

pub(crate) async fn withdraw(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<HandWithdrawalAsk>,
) -> Result<(StatusCode, Json<Entry>), Problem> {
    let from = (ask.from.as_str(), ask.source.into());
    let booked = edge
        .market
        .withdraw_by_hand(&call, from, ask.amount, &ask.reason);
    Ok((StatusCode::CREATED, Json(booked.await?.into())))
}

/// Takes back what was settled to an app's merchant.
pub(crate) async fn recall(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<RecallAsk>,
) -> Result<(StatusCode, Json<Entry>), Problem> {
    let booked = edge.market.recall(&call, &ask.app, ask.amount, &ask.reason);
    Ok((StatusCode::CREATED, Json(booked.await?.into())))
}

/// The accounts of a person, a merchant or an app.
pub(crate) async fn accounts(
    State(edge): State<Edge>,
    Operator: Operator,
    Asked(ask): Asked<AccountsAsk>,
) -> Result<Json<List<Account>>, Problem> {
    let one = || Slip::Query("name one of person, merchant and app".to_owned());
    let whose = ask.whose().ok_or_else(one)?;
    let accounts = edge.market.accounts(&whose).await?;
    Ok(Json(List::whole(accounts.into_iter().map(Into::into))))
}

/// Freezes an account, lets it go again, or closes it; answers with how all of them are then.
pub(crate) async fn set_standing(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<StandingAsk>,
) -> Result<Json<List<Account>>, Problem> {
    let whose = Whose::from(ask.whose);
    let market = &edge.market;
    let set = market.set_standing(&call, &whose, ask.currency, ask.standing, &ask.reason);
    set.await?;
    let accounts = market.accounts(&whose).await?;
    Ok(Json(List::whole(accounts.into_iter().map(Into::into))))
}

pub(crate) async fn assets(
    State(edge): State<Edge>,
    Operator: Operator,
) -> Result<Json<List<Asset>>, Problem> {
    let assets = edge.market.assets().await?;
    Ok(Json(List::whole(assets.into_iter().map(Into::into))))
}

pub(crate) async fn register_asset(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<Asset>,
) -> Result<(StatusCode, Json<Asset>), Problem> {
    let asset = ask.text().parse();
    let asset = asset.map_err(|error: CurrencyError| Slip::Asset(error.to_string()))?;
    edge.market.register_asset(&call, asset).await?;
    Ok((StatusCode::CREATED, Json(asset.into())))
}

/// Has a rail lose or take back what came in.
pub(crate) async fn take_back(
    State(edge): State<Edge>,
    Address(transfer): Address<TransferId>,
    act: RawOperatorAct,
) -> Result<Json<Arrival>, Problem> {
    let arrival = edge.market.take_back_arrival(&act.call, transfer).await?;
    Ok(Json(arrival.into()))
}

pub(crate) async fn chain(
    State(edge): State<Edge>,
    Operator: Operator,
) -> Result<Json<Chain>, Problem> {
    Ok(Json(edge.market.chain().await?.into()))
}

pub(crate) async fn pay_on_chain(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<ChainPayAsk>,
) -> Result<(StatusCode, Json<ChainPayment>), Problem> {
    let payment = edge.market.pay_on_chain(&call, &ask.to, ask.amount).await?;
    Ok((StatusCode::CREATED, Json(payment.into())))
}

pub(crate) async fn mine(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<MineAsk>,
) -> Result<Json<Chain>, Problem> {
    Ok(Json(
        edge.market.mine_blocks(&call, ask.count).await?.into(),
    ))
}

/// Answers with what is lost.
pub(crate) async fn reorganize(
    State(edge): State<Edge>,
    OperatorAct { call, ask }: OperatorAct<ReorganizeAsk>,
) -> Result<Json<List<Arrival>>, Problem> {
    let lost = edge
        .market
        .reorganize(&call, ask.depth, ask.fate.into())
        .await?;
    Ok(Json(List::whole(lost.into_iter().map(Into::into))))
}
