//! Accepts connections and speaks HTTP with them, on the main runtime: sees where each comes from and whether it is
//! encrypted, and turns those away that the door does not let in. Those that upgrade leave for a shard.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::crowd::{Crowd, Place};
use super::door::{Door, Ticket};
use super::proxy::{self, Opening, plain_address};
use super::source::Source;
use super::taking::Taking;
use super::wire::{Tcp, Wire};
use crate::args::Args;
use crate::counters::Limit;
use axum::Router;
use axum::extract::Request;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, StatusCode};
use bytes::{Bytes, BytesMut};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// Connections at once that are told that they are too many. Beyond, they are only dropped.
const TOLD: usize = 32;
/// How long one that is told so may take to hear it.
const TELLING: Duration = Duration::from_secs(1);
/// What it is told. It may be no HTTP that it speaks, but then nothing else would do either.
const TOO_MANY: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 10\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 44\r\n\r\nThis address has too many connections here.\n";
/// The same when other addresses leave no room for this one.
const TOO_MANY_OTHERS: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Length: 26\r\n\r\nToo many connect at once.\n";
/// The first byte of a TLS connection: a record of its handshake.
const TLS_RECORD: u8 = 0x16;
/// Bytes that the system may hold back unsent: so a connection can take more as soon as its client has taken some, and one
/// that can't has a client that takes nothing.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 16 * 1024;

/// Where a request comes from, as far as its connection tells.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Who made the connection, or whom the PROXY protocol names.
    pub source: Source,
    /// A trusted proxy made it, and the headers of each request say for whom.
    pub proxied: bool,
    /// Nobody on the way can read it.
    pub encrypted: bool,
    /// Its place; none of a proxy's.
    pub ticket: Option<Arc<Ticket>>,
}

/// What a connection is once it has begun.
enum Opened {
    /// One that may speak HTTP.
    Let(Wire, Visitor),
    /// Its proxy says that it is of an address that may have no more.
    TooMany(TcpStream, Limit),
    /// It went away.
    Gone,
}

/// What every new connection needs.
pub(crate) struct Hall {
    router: Router,
    door: Arc<Door>,
    tls: Option<TlsAcceptor>,
    proxies: Vec<IpNet>,
    head_time: Duration,
    head_bytes: usize,
    /// How long what was sent may go without an acknowledgement before the system drops a connection: who asks for a page
    /// and takes nothing of it keeps its place no longer.
    untaken: Duration,
    crowd: Arc<Crowd>,
    told: Arc<Semaphore>,
}

impl Hall {
    pub(crate) fn new(router: Router, door: Arc<Door>, tls: Option<TlsAcceptor>, args: &Args) -> Self {
        let crowd = Crowd::new(args.limits.max_http, door.counters());
        Self {
            router,
            door,
            tls,
            proxies: args.access.trusted_proxy.clone(),
            head_time: args.limits.head_time_ms,
            head_bytes: args.limits.head_bytes as usize,
            untaken: args.limits.untaken_ms,
            crowd,
            told: Arc::new(Semaphore::new(TOLD)),
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|network| network.contains(&address))
    }
}

/// Accepts until it is dropped.
pub(crate) async fn accept(listener: TcpListener, hall: Hall) {
    let hall = Arc::new(hall);
    loop {
        // Beyond the limit, new ones wait in the system's queue. A WebSocket no longer counts.
        let room = hall.crowd.room().await;
        match listener.accept().await {
            Ok((stream, from)) => {
                let (hall, from) = (hall.clone(), plain_address(from));
                let place = Arc::new(hall.crowd.place(room));
                tokio::spawn(async move {
                    let ended = tokio::select! {
                        ended = hall.receive(stream, from, &place) => ended,
                        () = place.must_leave() => Err(io::ErrorKind::TimedOut.into()),
                    };
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection came to nothing");
                    }
                });
            }
            Err(error) => {
                // Out of file descriptors, mostly: trying again at once would only spin.
                tracing::error!(%error, "can't accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl Hall {
    async fn receive(&self, stream: TcpStream, from: IpAddr, place: &Arc<Place>) -> io::Result<()> {
        let ticket = match self.trusts(from) {
            true => None,
            false => match self.door.enter(Source::direct(from)) {
                Ok(ticket) => Some(Arc::new(ticket)),
                Err(limit) => return self.turn_away(stream, limit).await,
            },
        };
        stream.set_nodelay(true)?;
        #[cfg(target_os = "linux")]
        {
            let socket = socket2::SockRef::from(&stream);
            socket.set_tcp_user_timeout(Some(self.untaken))?;
            socket.set_tcp_notsent_lowat(UNSENT_BYTES)?;
        }
        let opened = timeout(self.head_time, self.open(stream, from, ticket)).await;
        match opened.map_err(|_| io::ErrorKind::TimedOut)?? {
            Opened::Let(wire, visitor) => self.speak_http(wire, visitor, place.clone()).await,
            Opened::TooMany(stream, limit) => self.turn_away(stream, limit).await,
            Opened::Gone => Ok(()),
        }
    }

    /// Tells one that there are too many of them, if not too many have to be told so.
    async fn turn_away(&self, mut stream: TcpStream, limit: Limit) -> io::Result<()> {
        let Ok(_place) = self.told.try_acquire() else { return Ok(()) };
        let answer = if limit == Limit::Addresses { TOO_MANY_OTHERS } else { TOO_MANY };
        let told = async {
            stream.write_all(answer).await?;
            stream.shutdown().await?;
            // What comes meanwhile is read, or the answer would be overtaken by a reset.
            let mut bytes = [0; 1024];
            while stream.read(&mut bytes).await? > 0 {}
            Ok(())
        };
        timeout(TELLING, told).await.unwrap_or(Ok(()))
    }

    /// Sees what a connection begins with, and makes it ready for HTTP.
    async fn open(
        &self,
        mut stream: TcpStream,
        from: IpAddr,
        ticket: Option<Arc<Ticket>>,
    ) -> io::Result<Opened> {
        let (proxied, source) = match ticket {
            Some(_) => (false, Source::direct(from)),
            None => (true, Source::proxied(from)),
        };
        let mut visitor = Visitor { source, proxied, encrypted: false, ticket };
        if self.tls.is_none() && !visitor.proxied {
            return Ok(Opened::Let(Wire::plain(Tcp::new(stream, Bytes::new())), visitor));
        }
        let mut ahead = BytesMut::with_capacity(1024);
        if visitor.proxied
            && let Some(source) = read_proxy_header(&mut stream, &mut ahead).await?
        {
            match self.door.enter(source) {
                Ok(ticket) => visitor.ticket = Some(Arc::new(ticket)),
                Err(limit) => return Ok(Opened::TooMany(stream, limit)),
            }
            (visitor.source, visitor.proxied) = (source, false);
        }
        if ahead.is_empty() && stream.read_buf(&mut ahead).await? == 0 {
            return Ok(Opened::Gone);
        }
        let encrypted = ahead.first() == Some(&TLS_RECORD);
        let tcp = Tcp::new(stream, ahead.freeze());
        match &self.tls {
            Some(tls) if encrypted => {
                visitor.encrypted = true;
                Ok(Opened::Let(Wire::encrypted(tls.accept(tcp).await?), visitor))
            }
            Some(_) | None => Ok(Opened::Let(Wire::plain(tcp), visitor)),
        }
    }

    async fn speak_http(&self, wire: Wire, visitor: Visitor, place: Arc<Place>) -> io::Result<()> {
        let router = self.router.clone();
        let taking = Taking::new(wire, place.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            place.is_heard();
            request.extensions_mut().insert(visitor.clone());
            let answer = router.clone().call(Request::from(request.map(axum::body::Body::new)));
            let place = place.clone();
            async move {
                let mut answer = answer.await?;
                if place.is_wanted() && answer.status() != StatusCode::SWITCHING_PROTOCOLS {
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer)
            }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_time)
            .max_buf_size(self.head_bytes)
            .serve_connection(TokioIo::new(taking), service)
            .with_upgrades()
            .await
            .map_err(io::Error::other)
    }
}

/// Takes a PROXY header off the beginning, if there is one that names somebody: the connection is then his.
async fn read_proxy_header(stream: &mut TcpStream, ahead: &mut BytesMut) -> io::Result<Option<Source>> {
    loop {
        if stream.read_buf(ahead).await? == 0 {
            return Ok(None);
        }
        match proxy::opening(ahead) {
            Opening::None => return Ok(None),
            Opening::Partial => {}
            Opening::Broken => return Err(io::ErrorKind::InvalidData.into()),
            Opening::Header(length, source) => {
                drop(ahead.split_to(length));
                return Ok(source.map(|source| Source::proxied(source.to_canonical())));
            }
        }
    }
}
