//! Whatever a client gets wrong has a named outcome: the session is closed with its code, the outcome is counted, and
//! an innocent player who was there all along goes on undisturbed.

use bots::client::{Client, Farewell};
use e2e::bystander::Bystander;
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;
use shared::controls::Controls;
use shared::hull::Hull;
use shared::protocol::codec::encode_client;
use shared::protocol::{ClientMessage, CloseReason, MAX_CLIENT_MESSAGE, Role, VERSION};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_text_message_is_closed_with_1003() {
    closes(CloseReason::TextMessage, async |client| say(client, Message::text("hello")).await).await;
}

#[tokio::test]
async fn garbage_is_closed_with_4001() {
    closes(CloseReason::Malformed, async |client| say(client, binary(&[0xff; 40])).await).await;
}

#[tokio::test]
async fn an_empty_message_is_closed_with_4001() {
    closes(CloseReason::Malformed, async |client| say(client, binary(&[])).await).await;
}

#[tokio::test]
async fn bytes_after_a_message_are_closed_with_4001() {
    closes(CloseReason::Malformed, async |client| {
        let mut bytes = encode_client(&hello());
        bytes.push(0);
        say(client, binary(&bytes)).await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_claims_to_be_huge_is_closed_with_4001() {
    closes(CloseReason::Malformed, async |client| {
        say(client, binary(&encode_client(&hello()))).await;
        say(client, binary(&[1, 0xfd, 0, 0, 0, 0, 0, 1, 0, 0])).await;
    })
    .await;
}

#[tokio::test]
async fn a_message_longer_than_the_limit_is_closed_with_1009() {
    closes(CloseReason::TooLong, async |client| say(client, binary(&[0; MAX_CLIENT_MESSAGE + 1])).await)
        .await;
}

#[tokio::test]
async fn a_second_hello_is_closed_with_4002() {
    closes(CloseReason::OutOfOrder, async |client| {
        say(client, binary(&encode_client(&hello()))).await;
        say(client, binary(&encode_client(&hello()))).await;
    })
    .await;
}

#[tokio::test]
async fn an_input_before_join_is_closed_with_4002() {
    closes(CloseReason::OutOfOrder, async |client| {
        say(client, binary(&encode_client(&hello()))).await;
        let input = ClientMessage::Input { sequence: 1, tick: 1, seen: 0, controls: Controls::default() };
        say(client, binary(&encode_client(&input))).await;
    })
    .await;
}

#[tokio::test]
async fn anything_before_hello_is_closed_with_4002() {
    let early = [
        ClientMessage::Join { name: "early".to_owned(), hull: Hull::Anvil },
        ClientMessage::Input { sequence: 1, tick: 1, seen: 0, controls: Controls::default() },
        ClientMessage::Ping { sent_ms: 1 },
        ClientMessage::Who { players: vec![] },
        ClientMessage::Mismatch { tick: 1 },
    ];
    for message in early {
        closes(CloseReason::OutOfOrder, async |client| say(client, binary(&encode_client(&message))).await)
            .await;
    }
}

#[tokio::test]
async fn another_version_is_closed_with_4003() {
    closes(CloseReason::Version, async |client| {
        let hello = ClientMessage::Hello {
            version: VERSION + 1,
            role: Role::Play,
            arena: None,
            resume: None,
            identity: None,
        };
        say(client, binary(&encode_client(&hello))).await;
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_messages_is_closed_with_4004() {
    closes(CloseReason::Flooding, async |client| {
        say(client, binary(&encode_client(&hello()))).await;
        let ping = encode_client(&ClientMessage::Ping { sent_ms: 0 });
        for _ in 0..5000 {
            // Once the server has had enough, the rest cannot be sent.
            if client.send_raw(binary(&ping)).await.is_err() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_hello_in_time_is_closed_with_4008() {
    closes(CloseReason::NoHello, async |_silent| {}).await;
}

#[tokio::test]
async fn a_websocket_ping_is_no_hello() {
    closes(CloseReason::NoHello, async |client| say(client, Message::Ping(Vec::new().into())).await).await;
}

#[tokio::test]
async fn every_pattern_of_controls_is_flown_even_those_shaped_like_no_number() {
    let server = Server::start(&["--drones", "0"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    bystander.during(fly_every_extreme(&server.ws())).await;
    bystander.goes_on().await;
    server.stop().await;
}

/// The high halves of infinities and of what is no number, in both endians, and the ends of the range.
const EXTREMES: [u16; 10] = [0x7fc0, 0xc07f, 0x7f80, 0xff80, 0xffc0, 0x7e00, 0x7fff, 0x8000, 0x0000, 0xffff];

async fn fly_every_extreme(url: &str) {
    let mut pilot = scene::player(url, "extreme").await;
    for bits in EXTREMES {
        let sequence = pilot.input(Controls::unpack(bits)).await.expect("the session goes on");
        let applied = |client: &Client| {
            client.view().and_then(|view| view.ack()).is_some_and(|ack| ack.sequence == sequence)
        };
        pilot.wait_until(SOON, applied).await.expect("the session goes on");
        let flown = pilot.ship().map(|ship| ship.controls.pack());
        assert_eq!(flown, Some(bits));
    }
    assert_eq!(pilot.mismatches(), 0);
}

/// A client who does `deed` is closed for `reason`, it is counted, and an innocent player goes on.
async fn closes(reason: CloseReason, deed: impl AsyncFn(&mut Client)) {
    let server = Server::start(&["--drones", "0"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let before = server.arena().await.closed(reason);
    let farewell = bystander.during(offend(&server.ws(), deed)).await;
    assert_eq!(farewell.code, Some(reason.code()), "{farewell}");
    assert_eq!(farewell.text, reason.label());
    bystander.goes_on().await;
    until("the close is counted", SOON, async || {
        (server.arena().await.closed(reason) == before + 1).then_some(())
    })
    .await;
    server.stop().await;
}

async fn offend(url: &str, deed: impl AsyncFn(&mut Client)) -> Farewell {
    let mut client = Client::connect(url).await.expect("the server takes connections");
    deed(&mut client).await;
    client.wait_for_close(SOON).await.expect("the server closes the session")
}

async fn say(client: &mut Client, message: Message) {
    client.send_raw(message).await.expect("the server is still there");
}

fn binary(bytes: &[u8]) -> Message {
    Message::Binary(bytes.to_vec().into())
}

fn hello() -> ClientMessage {
    ClientMessage::hello(Role::Play, None, None)
}
