//! A running host, as its operator reaches it: with the token that lies in its data directory.

use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::remote::{Address, Once};
use crate::CliError;
use crate::client::Client;
use crate::host::OPERATOR_TOKEN;
use crate::ui::Ui;

/// Where the host is, and the operator's token.
#[derive(clap::Args)]
pub(super) struct Desk {
    #[command(flatten)]
    address: Address,
    /// Operator's token [default: what is in the file operator.token of the data directory]
    #[arg(long, env = "SOUK_OPERATOR_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Data directory of the host, on this machine
    #[arg(
        long,
        env = "SOUK_DATA",
        default_value = "souk-data",
        value_name = "DIR"
    )]
    data: PathBuf,
}

impl Desk {
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        let answer = self.client()?.get(path).await;
        answer.map_err(|error| self.address.told(error))
    }

    /// Asks for something once, however often it is asked with this key.
    pub(super) async fn post<A: Serialize, T: DeserializeOwned>(
        &self,
        ui: &mut Ui,
        once: &Once,
        path: &str,
        ask: &A,
    ) -> Result<T, CliError> {
        let client = self.client()?;
        self.address.post_once(ui, &client, once, path, ask).await
    }

    /// Asks for something that is the same when it is asked twice, or is meant to happen twice.
    pub(super) async fn post_new<A: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        ask: &A,
    ) -> Result<T, CliError> {
        let answer = self.client()?.post(path, ask).await;
        answer.map_err(|error| self.address.told(error))
    }

    fn client(&self) -> Result<Client, CliError> {
        if let Some(token) = &self.token {
            return Ok(self.address.client(token));
        }
        let file = self.data.join(OPERATOR_TOKEN);
        let token = std::fs::read_to_string(&file).map_err(|error| {
            CliError::new(format!("the operator's token is not in {}", file.display()))
                .because(error)
                .hint("Name the host's data directory with --data, or give the token with --token")
        })?;
        Ok(self.address.client(token.trim()))
    }
}
