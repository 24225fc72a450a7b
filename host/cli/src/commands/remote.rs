//! A running host, as commands reach it: its address, a token of the person who asks, and the key
//! that makes a request happen once.

use crate::CliError;
use crate::client::{Client, ClientError};
use crate::ui::Ui;

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
    /// Returns the key, a new one if none was given, and says how to send the request again.
    pub(super) fn key(&self, ui: &mut Ui) -> Result<String, CliError> {
        if let Some(key) = &self.key {
            return Ok(key.clone());
        }
        let mut random = [0; 16];
        getrandom::fill(&mut random)
            .map_err(|error| CliError::new("the system gives no randomness").because(error))?;
        let key = hex::encode(random);
        ui.status(format_args!("To send the same again, add --key {key}."));
        Ok(key)
    }
}
