//! What pages may do is said with every answer, and no address leads to a file that is no page.

use super::raw::Raw;
use e2e::http::{get, request};
use e2e::server::Server;

#[tokio::test]
async fn every_answer_says_what_a_page_may_do_and_only_the_embeddable_board_may_be_framed() {
    let server = Server::start(&["--drones", "0"]).await;
    let paths = [
        "/",
        "/leaderboard",
        "/leaderboard/embed",
        "/client.js",
        "/healthz",
        "/metrics",
        "/api/boards/day",
        "/nothing",
        "/api/nothing",
        "/ws",
    ];
    for path in paths {
        let answer = get(server.address(), path).await;
        let policy =
            answer.header("content-security-policy").unwrap_or_else(|| unreachable!("{path}: {answer:?}"));
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'self' 'wasm-unsafe-eval'"),
            "{path}"
        );
        assert!(
            !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'")
                && !policy.contains("http"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        let embeddable = path == "/leaderboard/embed";
        assert_eq!(policy.contains("frame-ancestors *"), embeddable, "{path}");
        assert_eq!(policy.contains("frame-ancestors 'none'"), !embeddable, "{path}");
        assert_eq!(answer.header("x-frame-options"), (!embeddable).then_some("deny"), "{path}");
        assert_eq!(answer.header("set-cookie"), None, "there are no cookies");
    }
    server.stop().await;
}

#[tokio::test]
async fn no_page_asks_anyone_else_for_anything_or_carries_script_or_style_in_its_text() {
    let server = Server::start(&["--drones", "0"]).await;
    for path in [
        "/",
        "/leaderboard",
        "/leaderboard/embed",
        "/base.css",
        "/play.css",
        "/hud.css",
        "/talk.css",
        "/board.css",
        "/embed.css",
    ] {
        let body = get(server.address(), path).await.body;
        assert!(!body.contains("http:") && !body.contains("https:") && !body.contains("url(//"), "{path}");
        assert!(!body.contains("style=") && !body.contains("<style") && !body.contains(" onload="), "{path}");
        assert!(!body.contains("<script>"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn no_address_leads_out_of_the_pages() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).unwrap();
    std::fs::write(pages.join("base.css"), "body {}").unwrap();
    std::fs::write(pages.join("unlisted.css"), "secret").unwrap();
    let server = Server::start(&["--drones", "0", "--web-dir", pages.to_str().unwrap()]).await;
    assert_eq!(get(server.address(), "/base.css").await.body, "body {}");
    for path in [
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/%2e%2e%2fsecret",
        "/pages/../../secret",
        "//secret",
        "/./../secret",
        "/..\\secret",
        "/base.css/../../secret",
        "/base.css%00",
        "/unlisted.css",
        "/%252e%252e/secret",
        "/etc/passwd",
        "/....//secret",
        "/leaderboard/../../secret",
        "/leaderboard/embed/../../../secret",
    ] {
        let answer = get(server.address(), path).await;
        assert!([400, 404].contains(&answer.status) && !answer.body.contains("secret"), "{path}: {answer:?}");
    }
    let mut raw = Raw::connect(server.address()).await;
    raw.send(format!("GET file:///etc/passwd HTTP/1.1\r\nHost: {}\r\n\r\n", server.address()).as_bytes())
        .await;
    assert!(raw.answer().await.starts_with("HTTP/1.1 40"));
    server.stop().await;
}

#[tokio::test]
async fn what_is_echoed_in_an_answer_is_json_and_never_markup() {
    let server = Server::start(&["--drones", "0"]).await;
    for path in [
        "/api/boards/%3Cscript%3E",
        "/api/boards/day?limit=%3Cscript%3E",
        "/api/boards/day?name=%3Cscript%3E",
        "/api/boards/day/%3Cscript%3E",
        "/api/players/%3Cscript%3E",
        "/api/boards/live?arena=%3Cscript%3E",
        "/api/boards/day?cursor=%3Cscript%3E",
        "/%3Cscript%3E",
    ] {
        let answer = get(server.address(), path).await;
        let kind = answer.header("content-type").unwrap_or_default();
        assert!(kind.starts_with("application/json") || kind.starts_with("text/plain"), "{path}: {answer:?}");
    }
    let preflight =
        request(server.address(), "DELETE", "/api/players/me", &[("Origin", "https://evil.example")]).await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (401, None));
    server.stop().await;
}
