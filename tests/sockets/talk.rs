//! What people say to each other, over real sockets.

use bots::client::Client;
use e2e::http;
use e2e::patience::{LATER, SOON};
use e2e::scene::player;
use e2e::server::Server;
use shared::protocol::{ClientMessage, News, Unsaid};
use shared::saying::{Phrase, Saying};

async fn say(client: &mut Client, text: &str) {
    client.send(&ClientMessage::Say { text: text.to_owned() }).await.expect("the session goes on");
}

/// The lines that a client was told of.
fn lines(client: &Client) -> Vec<&str> {
    let lines = client.news().iter().filter_map(|news| match news {
        News::Said { saying: Saying::Line(line), .. } => Some(line.as_str()),
        News::Said { .. } | News::Sunk { .. } | News::Came { .. } | News::Left { .. } => None,
    });
    lines.collect()
}

async fn metric(server: &Server, name: &str) -> String {
    let text = http::get(server.address(), "/metrics").await.body;
    text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_line_reaches_the_others_and_too_many_are_refused_and_counted_and_the_session_goes_on() {
    let server = Server::start(&["--drones", "0", "--arena-size", "1024", "--chat", "1"]).await;
    let (mut ada, mut bob) = (player(&server.ws(), "ada").await, player(&server.ws(), "bob").await);
    say(&mut ada, "<script>alert(1)</script>").await;
    ada.send(&ClientMessage::Phrase(Phrase::Hello)).await.expect("the session goes on");
    for _ in 0..20 {
        say(&mut ada, "again").await;
    }
    bob.wait_until(LATER, |bob| lines(bob).len() == 4).await.expect("bob reads ada's lines");
    assert_eq!(lines(&bob), ["<script>alert(1)</script>", "again", "again", "again"]);
    ada.wait_until(SOON, |ada| ada.unsaid() == Some(Unsaid::TooMuch)).await.expect("ada is told");
    let tick = ada.view().map(|view| view.tick());
    ada.wait_until(SOON, |ada| ada.view().map(|view| view.tick()) > tick).await.expect("frames go on");
    assert!(metric(&server, "starfray_chat_said_total").await.ends_with(" 5"));
    assert!(metric(&server, "starfray_chat_refused_total").await.ends_with(" 17"));
    server.stop().await;
}

#[tokio::test]
async fn where_the_operator_wants_no_chat_nothing_is_said() {
    let server = Server::start(&["--drones", "0", "--arena-size", "1024", "--no-chat"]).await;
    let (mut ada, mut bob) = (player(&server.ws(), "ada").await, player(&server.ws(), "bob").await);
    assert_eq!((ada.unsaid(), bob.unsaid()), (Some(Unsaid::Off), Some(Unsaid::Off)));
    say(&mut ada, "hi").await;
    let tick = bob.view().map(|view| view.tick().after(15));
    let (ada_goes_on, bob_goes_on) = tokio::join!(
        ada.wait_until(SOON, |ada| ada.view().map(|view| view.tick()) > tick),
        bob.wait_until(SOON, |bob| bob.view().map(|view| view.tick()) > tick),
    );
    (ada_goes_on.and(bob_goes_on)).expect("frames go on");
    assert!(lines(&bob).is_empty());
    assert!(metric(&server, "starfray_chat_refused_total").await.ends_with(" 1"));
    server.stop().await;
}
