//! Names: what is left of them is shown as text; where nothing is left, the Join is refused and the session goes on.

use bots::client::JoinAnswer;
use e2e::bystander::Bystander;
use e2e::patience::SOON;
use e2e::scene;
use e2e::server::Server;
use shared::protocol::{Refusal, Role};
use shared::tuning::NAME_CHARS;

#[tokio::test]
async fn a_name_with_nothing_to_show_is_refused_and_the_session_goes_on() {
    let server = Server::start(&["--drones", "0"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let before = server.arena().await.refused;
    let mut client = scene::session(&server.ws(), Role::Play).await;
    let empty = ["", "   ", "\u{0}\u{7}\u{1b}", "\u{202e}\u{2066}\u{200f}", "\u{200b}\u{feff}"];
    for typed in empty {
        let answer = bystander.during(client.join(typed, SOON)).await.unwrap();
        assert_eq!(answer, JoinAnswer::Refused(Refusal::EmptyName), "{typed:?}");
    }
    assert_eq!(joined(&mut client, "at last").await, "at last");
    server.until_arena("all are counted", |arena| arena.refused == before + empty.len() as u64).await;
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn names_are_cleaned_and_cut_before_anyone_sees_them() {
    let server = Server::start(&["--drones", "0"]).await;
    let long = "x".repeat(200);
    let cut = "x".repeat(NAME_CHARS);
    let cases = [
        (long.as_str(), cut.as_str()),
        ("ad\u{202e}mi\u{0}n", "admin"),
        ("  two \t\n words  ", "two words"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("プレイヤー", "プレイヤー"),
    ];
    for (typed, shown) in cases {
        let mut client = scene::session(&server.ws(), Role::Play).await;
        assert_eq!(joined(&mut client, typed).await, shown);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_join_while_the_ship_flies_is_refused_and_it_flies_on() {
    let server = Server::start(&["--drones", "0"]).await;
    let mut client = scene::player(&server.ws(), "eager").await;
    let answer = client.join("eager", SOON).await.unwrap();
    assert_eq!(answer, JoinAnswer::Refused(Refusal::AlreadyFlying));
    scene::next_frame(&mut client).await;
    assert!(client.ship().is_some());
    server.stop().await;
}

async fn joined(client: &mut bots::client::Client, typed: &str) -> String {
    match client.join(typed, SOON).await.expect("the server answers Join") {
        JoinAnswer::Joined(name) => name.to_string(),
        JoinAnswer::Refused(refusal) => unreachable!("{typed:?}: {refusal:?}"),
    }
}
