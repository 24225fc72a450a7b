//! A running host, as commands reach it: its address, and a token of the person who asks.

use crate::CliError;
use crate::client::{Client, ClientError};

/// Where the host is, and who asks.
#[derive(clap::Args)]
pub(super) struct Remote {
    /// Address of the host
    #[arg(
        long,
        env = "SOUK_HOST",
        default_value = "http://127.0.0.1:8470",
        value_name = "URL"
    )]
    pub(super) host: String,
    /// Bearer token of your account there, from POST /v1/tokens
    #[arg(long, env = "SOUK_TOKEN", hide_env_values = true)]
    token: String,
}

impl Remote {
    pub(super) fn client(&self) -> Client {
        Client::new(&self.host, &self.token)
    }

    /// A host's refusal in the words of the command line.
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
