//! The address a host listens at: taken first, since the host tells apps by which address people
//! know it, and listened at once it is ready.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use crate::CliError;

/// Connections that wait to be taken up.
const BACKLOG: u32 = 1_024;

/// An address that is taken. Whoever calls there is turned away until somebody listens.
pub struct Seat {
    socket: TcpSocket,
    address: SocketAddr,
}

impl Seat {
    /// Takes an address; port 0 is a free one.
    ///
    /// # Errors
    /// An address that is taken already, or is none of this machine's.
    pub fn take(listen: SocketAddr) -> Result<Self, CliError> {
        let take = || {
            let socket = match listen {
                SocketAddr::V4(_) => TcpSocket::new_v4(),
                SocketAddr::V6(_) => TcpSocket::new_v6(),
            }?;
            // A host that was stopped a moment ago is no hindrance.
            socket.set_reuseaddr(true)?;
            socket.bind(listen)?;
            let address = socket.local_addr()?;
            Ok(Self { socket, address })
        };
        take().map_err(|error| taken(listen, error))
    }

    /// Returns the address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins to listen.
    pub(crate) fn listen(self) -> Result<TcpListener, CliError> {
        let listener = self.socket.listen(BACKLOG);
        listener.map_err(|error| taken(self.address, error))
    }
}

fn taken(address: SocketAddr, error: std::io::Error) -> CliError {
    CliError::new(format!("nobody can listen at {address}"))
        .because(error)
        .hint("Choose another address with --listen, or port 0 for a free one")
}
