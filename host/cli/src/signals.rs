//! How a long-running command is told to stop.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};

use crate::CliError;

/// Completes at SIGINT or SIGTERM.
pub(crate) fn told_to_stop() -> Result<impl Future<Output = ()> + Send, CliError> {
    let listen = |kind| {
        signal(kind).map_err(|error| CliError::new("signals cannot be heard").because(error))
    };
    let (mut interrupt, mut terminate) = (
        listen(SignalKind::interrupt())?,
        listen(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
