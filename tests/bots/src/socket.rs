//! Opens the WebSocket of a client: TCP without delay, then the handshake, with buffers fit for thousands of them.
//!
//! A URL enters, an open socket leaves. Must never speak TLS or follow a redirect: it is for servers at hand.

use crate::client::ClientError;
use shared::protocol::MAX_SERVER_MESSAGE;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// What the server calls what is spoken.
const PROTOCOL: &str = "starfray";

/// Bytes read from the socket at once. The library fills its whole buffer with zeros before each read, so a large one
/// costs more than everything else a bot does.
const READ_BUFFER: usize = 1024;

/// Opens `url`, which is `ws://HOST[:PORT]/PATH`.
pub(crate) async fn open(url: &str) -> Result<Socket, ClientError> {
    let stream = TcpStream::connect(host_and_port(url)?).await?;
    stream.set_nodelay(true)?;
    shake_hands(stream, url).await
}

/// The same from one of this machine's own addresses. The host must be an address, too.
pub(crate) async fn open_from(from: Ipv4Addr, url: &str) -> Result<Socket, ClientError> {
    let to: SocketAddr = host_and_port(url)?.parse().map_err(|_| ClientError::BadUrl(url.to_owned()))?;
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    shake_hands(stream, url).await
}

/// The same as [`open`], offering these subprotocols beside the server's own.
pub(crate) async fn open_with(url: &str, protocols: &[String]) -> Result<Socket, ClientError> {
    let stream = TcpStream::connect(host_and_port(url)?).await?;
    stream.set_nodelay(true)?;
    let mut request = url.into_client_request().map_err(Box::new)?;
    let offer = protocols.iter().fold(PROTOCOL.to_owned(), |all, one| all + ", " + one);
    let offer = HeaderValue::from_str(&offer).map_err(|_| ClientError::BadUrl(url.to_owned()))?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, offer);
    let (socket, _response) = tokio_tungstenite::client_async_with_config(request, stream, Some(config()))
        .await
        .map_err(Box::new)?;
    Ok(socket)
}

/// Makes a WebSocket of a connection to the server of `url`.
pub(crate) async fn shake_hands(stream: TcpStream, url: &str) -> Result<Socket, ClientError> {
    let (socket, _response) =
        tokio_tungstenite::client_async_with_config(url, stream, Some(config())).await.map_err(Box::new)?;
    Ok(socket)
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_SERVER_MESSAGE))
        .max_frame_size(Some(MAX_SERVER_MESSAGE))
}

fn host_and_port(url: &str) -> Result<String, ClientError> {
    let bad = || ClientError::BadUrl(url.to_owned());
    let rest = url.strip_prefix("ws://").ok_or_else(bad)?;
    let host = rest.split(['/', '?']).next().filter(|host| !host.is_empty()).ok_or_else(bad)?;
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Ok(if has_port { host.to_owned() } else { format!("{host}:80") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_url_is_80_unless_it_says() {
        assert_eq!(host_and_port("ws://127.0.0.1:8080/ws").unwrap(), "127.0.0.1:8080");
        assert_eq!(host_and_port("ws://arena.example/ws").unwrap(), "arena.example:80");
        assert_eq!(host_and_port("ws://[::1]:9000/ws").unwrap(), "[::1]:9000");
    }

    #[test]
    fn only_plain_websocket_urls_are_taken() {
        for url in ["http://127.0.0.1/ws", "wss://arena.example/ws", "ws:///ws", ""] {
            assert!(matches!(host_and_port(url), Err(ClientError::BadUrl(_))), "{url}");
        }
    }
}
