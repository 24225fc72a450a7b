//! The network as a request meets it: names become addresses, addresses become streams. A value
//! given to the constructor, so that a test can tell where a request would have gone.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};

/// Both directions of a connection.
pub trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A connection.
pub type Stream = Box<dyn Duplex>;

/// A network.
#[async_trait]
pub trait Net: Send + Sync + 'static {
    /// Returns every address of a host.
    ///
    /// # Errors
    /// The resolver's.
    async fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;

    /// Connects to an address, and to no other.
    ///
    /// # Errors
    /// The network's.
    async fn connect(&self, address: SocketAddr) -> io::Result<Stream>;

    /// Tells whether an address is this machine's own. What listens there was not meant for apps.
    fn is_own(&self, address: IpAddr) -> bool;
}

/// The network this machine is in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Internet;

#[async_trait]
impl Net for Internet {
    async fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(lookup_host((host, port)).await?.collect())
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Stream> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Box::new(stream))
    }

    /// Only one's own addresses can be bound to.
    fn is_own(&self, address: IpAddr) -> bool {
        UdpSocket::bind((address, 0)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_knows_its_own_addresses() {
        assert!(Internet.is_own(IpAddr::from([127, 0, 0, 1])));
        assert!(!Internet.is_own(IpAddr::from([8, 8, 8, 8])));
    }
}
