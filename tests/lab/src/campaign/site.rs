//! A host with a person and a mini-app, as the campaigns find it that go through the API.

use std::ffi::OsString;
use std::path::Path;

use souk::CliError;
use souk::client::{Client, ClientError};
use souk::stage::{House, LoadError};
use souk_core::{ChatId, Money};
use souk_server::wire::List;
use souk_server::wire::apps::Published;
use souk_server::wire::chats::{Chat, OpenAsk};
use souk_server::wire::passages::Arrival;
use souk_server::wire::people::Account;
use souk_server::wire::wallet::{Balance, DepositAsk};

use crate::{Wrong, echo, programs, report};

/// Why a try is bad.
#[derive(Debug, thiserror::Error)]
pub(super) enum Bad {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Host(#[from] CliError),
    #[error(transparent)]
    Call(#[from] ClientError),
    #[error("`souk {command}` says: {words}")]
    Said { command: String, words: String },
}

/// The host, its person, and how often they opened a chat.
pub(super) struct Site {
    pub(super) house: House,
    pub(super) person: Client,
    chats: u32,
}

impl Site {
    /// Opens one in a room. The person has a dollar.
    pub(super) async fn open(room: &Path, host: Vec<OsString>) -> Result<Self, Wrong> {
        let house = programs::open_house(room, host).await?;
        let account = Account {
            handle: "ana".to_owned(),
            name: "Ana".to_owned(),
            password: "one-small-market".to_owned(),
        };
        let person = Client::join(house.base(), &account).await?;
        person
            .post_package::<Published>("/v1/apps", echo::package()?)
            .await?;
        let amount = "1.00 USD".parse()?;
        person
            .post::<Arrival>("/v1/wallet/deposits", &DepositAsk { amount })
            .await?;
        Ok(Self {
            house,
            person,
            chats: 0,
        })
    }

    /// Opens a chat of its own for a try.
    pub(super) async fn open_chat(&mut self) -> Result<ChatId, ClientError> {
        self.chats = self.chats.saturating_add(1);
        let group = OpenAsk::Group {
            title: format!("Round {}", self.chats),
            members: Vec::new(),
        };
        Ok(self.person.post::<Chat>("/v1/chats", &group).await?.id)
    }

    /// Returns what the person has.
    pub(super) async fn balance(&self) -> Result<Money, Bad> {
        let balances: List<Balance> = self.person.get("/v1/wallet").await?;
        let balance = balances.items.first().map(|balance| balance.available);
        Ok(balance.ok_or_else(|| CliError::new("the person's first deposit is missing"))?)
    }

    /// Stops the host as an operator would, and checks what it leaves.
    pub(super) async fn close(&mut self) -> Result<(), Bad> {
        self.house.close().await;
        for command in ["wallet audit", "store verify"] {
            let words: Vec<&str> = command.split(' ').collect();
            let said = self.house.souk(&words).await?;
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            if !said.status.success() {
                return Err(Bad::Said {
                    command: command.to_owned(),
                    words: text(&said.stderr),
                });
            }
            report::tell(format_args!("souk {command}: {}", text(&said.stdout)));
        }
        Ok(())
    }
}
