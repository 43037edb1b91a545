//! Which pages may open a WebSocket: our own, and those that the operator allows.

use super::raw::Raw;
use e2e::server::Server;

async fn answer(server: &Server, origin: &str) -> String {
    let line = format!("Origin: {origin}\r\n");
    let answer = Raw::connect(server.address()).await.shake_hands(server.address(), "/ws", &line).await;
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_page_of_another_site_may_not_connect() {
    let server = Server::start(&["--drones", "0"]).await;
    assert_eq!(answer(&server, &format!("http://{}", server.address())).await, "101");
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "", "http://"] {
        assert_eq!(answer(&server, origin).await, "403", "{origin}");
    }
    let twice = format!("http://{0}\r\nOrigin: http://{0}", server.address());
    assert_eq!(answer(&server, &twice).await, "403");
    server.stop().await;
}

#[tokio::test]
async fn a_site_that_the_operator_allows_may_connect() {
    let server =
        Server::start(&["--allowed-origins", "https://friend.example,http://other.example:8000"]).await;
    for (origin, status) in [
        ("https://friend.example", "101"),
        ("http://other.example:8000", "101"),
        ("http://friend.example", "403"),
        ("https://friend.example.evil", "403"),
    ] {
        assert_eq!(answer(&server, origin).await, status, "{origin}");
    }
    server.stop().await;
    let open = Server::start(&["--allowed-origins", "*"]).await;
    assert_eq!(answer(&open, "https://anyone.example").await, "101");
    open.stop().await;
}
