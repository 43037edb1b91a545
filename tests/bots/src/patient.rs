//! A connection whose acknowledgements wait.
//!
//! The kernel acknowledges each frame by a packet of its own as soon as it is read, as long as it takes the connection for a
//! transfer. Where thousands of clients share a machine with the server, those packets are a good part of what both do, and
//! no part of what is measured: clients of other machines send theirs from there. A connection that is taken for a
//! conversation acknowledges two frames at a time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A connection that says before each read that it is a conversation: the kernel forgets it when the other side is silent.
#[derive(Debug)]
pub struct Patient {
    stream: TcpStream,
    /// Nothing was there at the last look: the next thing that is read has come since.
    waited: bool,
}

impl From<TcpStream> for Patient {
    fn from(stream: TcpStream) -> Self {
        Self { stream, waited: true }
    }
}

impl Patient {
    #[cfg(target_os = "linux")]
    fn converse(&self) {
        // Without it everything works as well, and costs more.
        let _refused = rustix::net::sockopt::set_tcp_quickack(&self.stream, false);
    }

    #[cfg(not(target_os = "linux"))]
    fn converse(&self) {}
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if std::mem::take(&mut self.waited) {
            self.converse();
        }
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.waited = read.is_pending();
        Poll::Ready(ready!(read))
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
