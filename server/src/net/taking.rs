//! An HTTP connection's bytes, and how fast its client takes them: the crowd knows of those who take less than their pace.
//!
//! Must never: delay or change a byte.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::crowd::{Place, Waiting};

/// Bytes that are to be taken before the wait is over: per the crowd's patience, a line of 128 kbit/s.
const PACE: usize = 16 * 1024;

/// The bytes of one that has a place.
#[derive(Debug)]
pub(crate) struct Taking<S> {
    stream: S,
    place: Arc<Place>,
    /// While something waits to be taken, since when, and how much was since.
    slow: Option<(Waiting, usize)>,
}

impl<S> Taking<S> {
    /// One of which nothing waits.
    pub(super) fn new(stream: S, place: Arc<Place>) -> Self {
        Self { stream, place, slow: None }
    }

    /// What it was made of, without its place.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }

    fn wrote(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.waits(),
            Poll::Ready(Ok(bytes)) => self.took(*bytes),
            Poll::Ready(Err(_)) => {}
        }
        written
    }

    fn waits(&mut self) {
        if self.slow.is_none() {
            self.slow = Some((self.place.waits(), 0));
        }
    }

    fn took(&mut self, bytes: usize) {
        if let Some((_, taken)) = &mut self.slow {
            *taken += bytes;
        }
        self.slow = self.slow.take().filter(|(_, taken)| *taken < PACE);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taking<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taking<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        // All that there is has gone to the system, or encryption still holds some back.
        match &flushed {
            Poll::Pending => self.waits(),
            Poll::Ready(Ok(())) => self.slow = None,
            Poll::Ready(Err(_)) => {}
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
