//! A host, with requests that each deposit a cent for one of a thousand people.

use std::time::Duration;

use souk::stage::House;
use souk_server::wire::wallet::DepositAsk;
use tempfile::TempDir;

use crate::bench::deposits::PEOPLE;
use crate::bench::figures::Figures;
use crate::bench::{crowd, wrk};
use crate::{Wrong, programs};

/// Where the requests lie, beside the host's own files.
const REQUESTS: &str = "requests";

/// A host that people deposit at.
pub(super) struct Host {
    house: House,
    room: TempDir,
}

impl Host {
    /// Opens one, and lets the people join.
    pub(super) async fn open() -> Result<Self, Wrong> {
        let room = tempfile::tempdir()?;
        let house = programs::open_house(room.path(), programs::souk()?).await?;
        let people = crowd::people(house.base(), usize::try_from(PEOPLE)?).await?;
        let amount = "0.01 USD".parse()?;
        let body = serde_json::to_string(&DepositAsk { amount })?;
        let requests_of = |token: String| wrk::Request {
            path: "/v1/wallet/deposits".to_owned(),
            token,
            body: body.clone(),
        };
        let tokens = people.into_iter().map(|person| person.token);
        let requests: Vec<_> = tokens.map(requests_of).collect();
        wrk::write(&room.path().join(REQUESTS), &requests)?;
        Ok(Self { house, room })
    }

    /// Deposits over so many connections for a while.
    pub(super) async fn load(&self, connections: usize, time: Duration) -> Result<Figures, Wrong> {
        let requests = self.room.path().join(REQUESTS);
        wrk::load(self.house.base(), &requests, connections, time).await
    }

    pub(super) async fn close(mut self) {
        self.house.close().await;
    }
}
