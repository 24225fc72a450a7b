//! A host, with requests that each deposit a cent for one of a thousand people.

use std::time::Duration;

use souk_server::wire::wallet::DepositAsk;

use super::PEOPLE;
use crate::bench::figures::Figures;
use crate::bench::{crowd, wrk};
use crate::{Wrong, programs};

/// Deposits over so many connections for a while.
pub(super) async fn measure(connections: usize, time: Duration) -> Result<Figures, Wrong> {
    let room = tempfile::tempdir()?;
    let requests = &room.path().join("requests");
    let mut house = programs::open_house(room.path(), programs::souk()?).await?;
    let people = crowd::people(house.base(), usize::try_from(PEOPLE)?).await?;
    let amount = "0.01 USD".parse()?;
    let body = serde_json::to_string(&DepositAsk { amount })?;
    let requests_of = |token: String| wrk::Request {
        path: "/v1/wallet/deposits".to_owned(),
        token,
        body: body.clone(),
    };
    let tokens = people.into_iter().map(|person| person.token);
    wrk::write(requests, &tokens.map(requests_of).collect::<Vec<_>>())?;
    let figures = wrk::load(house.base(), requests, connections, time).await;
    house.close().await;
    figures
}
