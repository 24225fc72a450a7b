//! A running host, as commands reach it: its address, a token of the person who asks, and the key
//! that makes a request happen once.

use std::pin::pin;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::CliError;
use crate::client::{Client, ClientError};
use crate::ui::Ui;

/// Who waits longer for an answer may give up, and has to know the key by then.
const PATIENCE: Duration = Duration::from_millis(300);

/// Where the host is.
#[derive(clap::Args)]
pub(super) struct Address {
    /// Address of the host
    #[arg(
        long,
        env = "SOUK_HOST",
        default_value = "http://127.0.0.1:8470",
        value_name = "URL"
    )]
    host: String,
}

/// Where the host is, and who asks.
#[derive(clap::Args)]
pub(super) struct Remote {
    #[command(flatten)]
    address: Address,
    /// Bearer token of your account there, from POST /v1/tokens
    #[arg(long, env = "SOUK_TOKEN", hide_env_values = true)]
    token: String,
}

impl Address {
    /// The host, for whoever has this token.
    pub(super) fn client(&self, token: &str) -> Client {
        Client::new(&self.host, token)
    }

    /// Asks for something once, however often it is asked with this key. Says how to ask again as
    /// soon as somebody may want to: when the answer is long in coming, and unless it is a refusal.
    pub(super) async fn post_once<A: Serialize, T: DeserializeOwned>(
        &self,
        ui: &mut Ui,
        client: &Client,
        once: &Once,
        path: &str,
        ask: &A,
    ) -> Result<T, CliError> {
        let key = once.key()?;
        let mut asked = pin!(client.post_once(path, &key, ask));
        let (answer, is_told) = match timeout(PATIENCE, &mut asked).await {
            Ok(answer) => (answer, false),
            Err(_) => {
                once.tell(ui, &key);
                (asked.await, true)
            }
        };
        if !is_told && !answer.as_ref().is_err_and(is_final) {
            once.tell(ui, &key);
        }
        answer.map_err(|error| self.told(error))
    }

    /// What the host refused, or why it did not answer, in the words of the command line.
    pub(super) fn told(&self, error: ClientError) -> CliError {
        let host = &self.host;
        match error {
            ClientError::Refused(refused) => {
                CliError::new(format!("the host refused: {}", refused.detail)).hint(refused.hint)
            }
            ClientError::Unreachable(cause) => CliError::new(format!("{host} cannot be reached"))
                .because(cause)
                .hint("Check the address, and that `souk serve` runs there"),
            error @ (ClientError::Stream(_) | ClientError::Foreign(_)) => {
                CliError::new(format!("{host} does not answer like a Souk host")).because(error)
            }
        }
    }
}

impl Remote {
    pub(super) fn client(&self) -> Client {
        self.address.client(&self.token)
    }

    pub(super) fn host(&self) -> &str {
        &self.address.host
    }

    /// Asks for something once, however often it is asked with this key.
    pub(super) async fn post_once<A: Serialize, T: DeserializeOwned>(
        &self,
        ui: &mut Ui,
        once: &Once,
        path: &str,
        ask: &A,
    ) -> Result<T, CliError> {
        let client = self.client();
        self.address.post_once(ui, &client, once, path, ask).await
    }

    /// A host's refusal in the words of the command line.
    pub(super) fn told(&self, error: ClientError) -> CliError {
        self.address.told(error)
    }
}

/// What makes a request happen once.
#[derive(clap::Args)]
pub(super) struct Once {
    /// Idempotency key: with the same one, the same request happens once [default: a new one]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

impl Once {
    /// Returns the key, a new one if none was given.
    fn key(&self) -> Result<String, CliError> {
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        let mut random = [0; 16];
        getrandom::fill(&mut random)
            .map_err(|error| CliError::new("the system gives no randomness").because(error))?;
        Ok(hex::encode(random))
    }

    /// Says how to send the same request again, to whoever does not know the key.
    fn tell(&self, ui: &mut Ui, key: &str) {
        if self.key.is_none() {
            ui.status(format_args!("To send the same again, add --key {key}."));
        }
    }
}

/// Tells whether the same request would be refused again, whenever it is sent.
fn is_final(error: &ClientError) -> bool {
    matches!(error, ClientError::Refused(refused)
        if (400..500).contains(&refused.status) && ![408, 429].contains(&refused.status))
}
