//! The socket of the API, from the client's side.

use futures_util::StreamExt;
use souk_server::wire::stream::Frame;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::ClientError;

/// What a person is told, frame by frame.
pub struct Stream {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    token: Option<String>,
}

impl Stream {
    pub(super) async fn open(
        base: &str,
        token: &str,
        resume: Option<&str>,
    ) -> Result<Self, ClientError> {
        let resume = resume
            .map(|token| format!("?resume={token}"))
            .unwrap_or_default();
        let address = format!("{}/v1/stream{resume}", base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().map_err(broken)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
        request.headers_mut().insert(
            "authorization",
            bearer.map_err(|error| broken(error.into()))?,
        );
        let (socket, _) = tokio_tungstenite::connect_async(request)
            .await
            .map_err(broken)?;
        Ok(Self {
            socket,
            token: None,
        })
    }

    /// Waits for the next frame; `None` when the host closed the stream.
    ///
    /// # Errors
    /// [`ClientError::Stream`] when the connection broke, [`ClientError::Foreign`] for a frame this
    /// version does not know.
    pub async fn next(&mut self) -> Result<Option<Frame>, ClientError> {
        while let Some(message) = self.socket.next().await {
            match message.map_err(broken)? {
                Message::Text(text) => return self.frame(&text).map(Some),
                Message::Close(_) => return Ok(None),
                Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
            }
        }
        Ok(None)
    }

    /// Returns the token to resume after the last frame that carried one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    fn frame(&mut self, text: &str) -> Result<Frame, ClientError> {
        let frame: Frame =
            serde_json::from_str(text).map_err(|error| ClientError::Foreign(error.to_string()))?;
        if frame.token.is_some() {
            self.token.clone_from(&frame.token);
        }
        Ok(frame)
    }
}

fn broken(error: Error) -> ClientError {
    ClientError::Stream(Box::new(error))
}
