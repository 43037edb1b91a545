//! The bytes of one connection, plain or encrypted, on whichever runtime drives it: a connection is accepted on one and
//! then moves to the thread of its shard.
//!
//! Enters: a TCP stream, and what was read of it already. Must never: buffer by itself.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A TCP stream with the bytes that were read of it to see what it is. It can leave its runtime and come to another.
#[derive(Debug)]
pub(crate) struct Tcp {
    /// None while it is between two runtimes.
    stream: Option<TcpStream>,
    ahead: Bytes,
}

impl Tcp {
    /// A stream of which `ahead` was read already.
    pub(crate) fn new(stream: TcpStream, ahead: Bytes) -> Self {
        Self { stream: Some(stream), ahead }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl AsyncRead for Tcp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let some = self.ahead.len().min(buffer.remaining());
            buffer.put_slice(&self.ahead.split_to(some));
            return Poll::Ready(Ok(()));
        }
        self.stream()?.poll_read(context, buffer)
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}

#[derive(Debug)]
enum Kind {
    Plain(Tcp),
    /// In a box: what encryption keeps is some hundred times as large.
    Tls(Box<TlsStream<Tcp>>),
}

/// One connection's bytes.
#[derive(Debug)]
pub(crate) struct Wire {
    kind: Kind,
    /// Bytes that came, in all.
    heard: u64,
}

/// A wire between two runtimes.
#[derive(Debug)]
pub(crate) struct Packed {
    wire: Wire,
    stream: std::net::TcpStream,
}

/// Calls a method of whatever the wire is made of.
macro_rules! each {
    ($wire:expr, $stream:ident => $call:expr) => {
        match &mut $wire.kind {
            Kind::Plain($stream) => {
                let $stream = Pin::new($stream);
                $call
            }
            Kind::Tls($stream) => {
                let $stream = Pin::new($stream.as_mut());
                $call
            }
        }
    };
}

impl Wire {
    /// One that anybody on the way can read.
    pub(crate) fn plain(tcp: Tcp) -> Self {
        Self { kind: Kind::Plain(tcp), heard: 0 }
    }

    /// One that is encrypted.
    pub(crate) fn encrypted(stream: TlsStream<Tcp>) -> Self {
        Self { kind: Kind::Tls(Box::new(stream)), heard: 0 }
    }

    fn tcp(&mut self) -> &mut Tcp {
        match &mut self.kind {
            Kind::Plain(tcp) => tcp,
            Kind::Tls(stream) => stream.get_mut().0,
        }
    }

    /// The socket below.
    ///
    /// # Errors
    /// When it is between two runtimes.
    pub(crate) fn socket(&mut self) -> io::Result<&TcpStream> {
        self.tcp().stream.as_ref().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Bytes that have come so far.
    pub(crate) fn heard(&self) -> u64 {
        self.heard
    }

    /// Leaves its runtime.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(crate) fn pack(mut self) -> io::Result<Packed> {
        let stream = self.tcp().stream.take().ok_or(io::ErrorKind::NotConnected)?.into_std()?;
        Ok(Packed { wire: self, stream })
    }
}

impl Packed {
    /// Comes to the runtime that this is called on.
    ///
    /// # Errors
    /// When the connection is gone.
    pub(crate) fn unpack(self) -> io::Result<Wire> {
        let Self { mut wire, stream } = self;
        wire.tcp().stream = Some(TcpStream::from_std(stream)?);
        Ok(wire)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = each!(self, stream => stream.poll_read(context, buffer));
        self.heard += (buffer.filled().len() - before) as u64;
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        each!(self, stream => stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        each!(self, stream => stream.poll_write_vectored(context, bytes))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        each!(self, stream => stream.poll_shutdown(context))
    }
}
