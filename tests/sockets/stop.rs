//! Stopping: every session is told, and the process ends with 0 within two seconds.

use e2e::patience::SOON;
use e2e::scene::{player, session};
use e2e::server::Server;
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};
use std::time::Duration;
use tokio::time::Instant;

/// What the operator is promised.
const PROMISED: Duration = Duration::from_secs(2);

#[tokio::test]
async fn sigterm_closes_every_session_with_1012_and_ends_with_0() {
    stops_at(Signal::TERM).await;
}

#[tokio::test]
async fn ctrl_c_closes_every_session_with_1012_and_ends_with_0() {
    stops_at(Signal::INT).await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_hold_the_end_up() {
    let mut server = Server::start(&[]).await;
    let _silent = player(&server.ws(), "silent").await;
    let begun = Instant::now();
    server.signal(Signal::TERM);
    assert!(server.ended().await.success());
    assert!(begun.elapsed() < PROMISED);
}

async fn stops_at(signal: Signal) {
    let mut server = Server::start(&[]).await;
    let mut flying = player(&server.ws(), "flying").await;
    let mut watching = session(&server.ws(), Role::Board).await;
    let begun = Instant::now();
    server.signal(signal);
    let farewells = tokio::join!(flying.wait_for_close(SOON), watching.wait_for_close(SOON), server.ended());
    assert!(begun.elapsed() < PROMISED);
    assert_eq!(farewells.0.expect("the player is told").reason(), Some(CloseReason::Restart));
    assert_eq!(farewells.1.expect("the watcher is told").reason(), Some(CloseReason::Restart));
    assert!(farewells.2.success());
}
