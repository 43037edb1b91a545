//! `/echo`: everything that comes is sent back, so that a conformance suite can be run against the same way in, the same
//! library and the same way out as the game's. Mounted only where the operator asks for it; messages may be large here, and
//! their number is not limited.

use std::future::poll_fn;
use std::pin::Pin;

use super::connection::{Connection, reason_of};
use futures_util::{Sink, Stream};
use shared::protocol::CloseReason;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// Bytes of a message: the longest that the usual suites send.
const MESSAGE: usize = 16 << 20;

/// As the game's, but for the size of messages.
pub(super) fn websocket_config() -> WebSocketConfig {
    super::limits::websocket_config()
        .max_write_buffer_size(2 * MESSAGE)
        .max_message_size(Some(MESSAGE))
        .max_frame_size(Some(MESSAGE))
}

/// Sends everything back until it ends.
pub(super) async fn serve(connection: &Connection) -> CloseReason {
    let socket = connection.socket();
    loop {
        let message = poll_fn(|context| Pin::new(&mut *socket.borrow_mut()).poll_next(context)).await;
        connection.heard.set(tokio::time::Instant::now());
        let sent = match message {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                Pin::new(&mut *socket.borrow_mut()).start_send(message)
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => return CloseReason::Left,
            Some(Err(error)) => return reason_of(&error),
        };
        let flushed = poll_fn(|context| Pin::new(&mut *socket.borrow_mut()).poll_flush(context)).await;
        if let Err(error) = sent.and(flushed) {
            return reason_of(&error);
        }
    }
}
