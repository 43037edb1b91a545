//! The pages do all they do under their policy: nothing they need is forbidden, nothing comes from elsewhere, and what is
//! put into a page does not run.

use crate::{SMALL, player};
use e2e::browser::{Driver, Page, WIDE};
use e2e::server::Server;

/// What a page fetched from elsewhere than its own site.
const FOREIGN: &str = "return performance.getEntriesByType('resource').map(entry => entry.name)
    .filter(name => !name.startsWith(location.origin + '/'))";

/// Counts what the policy forbids from here on, and puts a script, a handler and a style into the page.
const INJECT: &str = "window.forbidden = [];
    document.addEventListener('securitypolicyviolation', event => window.forbidden.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    const box = document.createElement('div');
    box.innerHTML = '<img src=\"https://evil.example/x.png\" onerror=\"window.injected = true\"><p style=\"color: red\">x</p>';
    document.body.append(box);
    const done = arguments[arguments.length - 1];
    setTimeout(() => done([window.injected === undefined, window.forbidden.sort()]), 300)";

#[tokio::test]
async fn the_pages_work_under_their_policy_and_what_is_put_into_one_does_not_run() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let (game, id) = player(&driver, &server, "Ada").await;
    let mut pages = vec![game];
    for path in ["/leaderboard", "/leaderboard/embed"] {
        let page = Page::open(&driver, &server.url(path), WIDE).await;
        page.board("the row", |board| board.row(id).map(|_| ())).await;
        pages.push(page);
    }
    for page in pages {
        assert_eq!(page.complaints().await, Vec::<String>::new());
        assert_eq!(page.run(FOREIGN).await, serde_json::json!([]));
        let outcome = page.run_async(INJECT).await;
        assert_eq!(outcome[0], true, "nothing ran: {outcome}");
        for directive in ["img-src", "script-src-attr", "script-src-elem", "style-src-attr"] {
            assert!(outcome[1].as_array().unwrap().contains(&directive.into()), "{directive} in {outcome}");
        }
        page.close().await;
    }
    server.stop().await;
}
