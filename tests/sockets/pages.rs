//! HTTP on the same port: the pages, the health check, the arena as JSON.

use e2e::http::get;
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;

#[tokio::test]
async fn both_pages_are_served_as_html() {
    let server = Server::start(&[]).await;
    for path in ["/", "/leaderboard"] {
        let page = get(server.address(), path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.headers.iter().any(|line| line.starts_with("content-type: text/html")), "{page:?}");
        assert!(page.body.to_ascii_lowercase().contains("<!doctype html>"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_path_that_does_not_exist_is_404() {
    let server = Server::start(&[]).await;
    for path in ["/nothing", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/api/nothing"] {
        assert_eq!(get(server.address(), path).await.status, 404, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_health_check_answers_200() {
    let server = Server::start(&[]).await;
    assert_eq!(get(server.address(), "/healthz").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_plain_get_of_the_websocket_is_426() {
    let server = Server::start(&[]).await;
    let answer = get(server.address(), "/ws").await;
    assert_eq!(answer.status, 426, "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn the_arena_as_json_counts_people_and_ticks() {
    let server = Server::start(&["--drones", "0"]).await;
    let before = server.arena().await;
    assert_eq!((before.players, before.drones), (0, 0));
    let _players = [scene::player(&server.ws(), "a").await, scene::player(&server.ws(), "b").await];
    let after = until("both are counted", SOON, async || {
        Some(server.arena().await).filter(|arena| arena.players == 2)
    })
    .await;
    assert!(after.tick > before.tick);
    assert!(after.tick_ms.p50 <= after.tick_ms.p99 && after.tick_ms.p99 <= after.tick_ms.max);
    server.stop().await;
}
