//! Accepts connections and speaks HTTP with them, on the main runtime. Those that upgrade leave for a shard.

use std::sync::Arc;
use std::time::Duration;

use super::limits::{HEADER_BYTES, HEADER_TIME};
use crate::http::{Site, router};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections that may speak HTTP at once. Beyond, new ones wait in the system's queue. A WebSocket no longer counts.
const HTTP_CONNECTIONS: usize = 1024;

/// Accepts until it is dropped.
pub(crate) async fn accept(listener: TcpListener, site: Arc<Site>) {
    let router = router(site);
    let places = Arc::new(Semaphore::new(HTTP_CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    speak_http(stream, router).await;
                    drop(place);
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

async fn speak_http(stream: TcpStream, router: Router) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is gone already");
        return;
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a request could not be answered");
    }
}
