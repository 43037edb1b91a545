//! Where the operator wants it, only those play who have a join token: a JSON Web Token, as a WebSocket subprotocol.

use super::raw::{BINARY, FIN, Raw, masked};
use e2e::http;
use e2e::join_token::{SECRET, token};
use e2e::patience::{SOON, until};
use e2e::server::Server;
use shared::hull::Hull;
use shared::protocol::codec::{FromServer, decode_server, encode_client};
use shared::protocol::{ClientMessage, CloseReason, Role, ServerMessage};

async fn server(folder: &std::path::Path) -> (Server, std::path::PathBuf) {
    let (key, log) = (folder.join("key"), folder.join("log"));
    std::fs::write(&key, SECRET).unwrap();
    let args = ["--drones", "0", "--arenas", "2", "--join-key", key.to_str().unwrap()];
    (Server::start_logging(&args, &log).await, log)
}

async fn upgrade(server: &Server, token: &str) -> (Raw, String) {
    let mut raw = Raw::connect(server.address()).await;
    let offer = format!("Sec-WebSocket-Protocol: starfray, join.{token}\r\n");
    let answer = raw.shake_hands(server.address(), "/ws", &offer).await;
    (raw, answer)
}

fn hello(arena: Option<&str>) -> Vec<u8> {
    let hello = ClientMessage::hello(Role::Play, arena.map(str::to_owned), None);
    masked(FIN | BINARY, &encode_client(&hello))
}

#[tokio::test]
async fn without_a_good_token_nobody_plays() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _log) = server(folder.path()).await;
    let mut good = token("", 60);
    let none = Raw::connect(server.address()).await.shake_hands(server.address(), "/ws", "").await;
    assert!(none.starts_with("HTTP/1.1 401 "), "{none}");
    for wrong in [&token("", -60), "", "x.y.z", &good[..good.len() - 2], &good.replace('.', "")] {
        let (_raw, answer) = upgrade(&server, wrong).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{wrong}: {answer}");
    }
    good = token("", 60);
    let (_raw, answer) = upgrade(&server, &good).await;
    assert!(
        answer.starts_with("HTTP/1.1 101 ") && answer.contains("sec-websocket-protocol: starfray\r\n"),
        "{answer}"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_token_says_in_which_arena_and_under_which_name_and_is_never_logged() {
    let folder = tempfile::tempdir().unwrap();
    let (server, log) = server(folder.path()).await;
    let token = token(",\"arena\":\"2\",\"name\":\"Ada \\u202e<b>\"", 60);
    let (mut raw, answer) = upgrade(&server, &token).await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    let join = encode_client(&ClientMessage::Join { name: "Mallory".to_owned(), hull: Hull::default() });
    raw.send(&[hello(None), masked(FIN | BINARY, &join)].concat()).await;
    let name = loop {
        let frame = raw.frame().await.expect("the session goes on");
        if let Ok(FromServer::Message(ServerMessage::Joined { name, .. })) = decode_server(&frame.payload) {
            break name;
        }
    };
    assert_eq!(name.as_str(), "Ada <b>", "the token's name, cleaned");
    let there = async || (server.arena_called("2").await.players == 1).then_some(());
    until("the player is in the token's arena", SOON, there).await;
    let (mut elsewhere, _answer) = upgrade(&server, &token).await;
    elsewhere.send(&hello(Some("1"))).await;
    assert_eq!(elsewhere.close_code().await, Some(CloseReason::NoArena.code()));
    let metrics = http::get(server.address(), "/metrics").await.body;
    server.stop().await;
    let log = std::fs::read_to_string(log).unwrap();
    let proof = token.rsplit('.').next().unwrap();
    assert!(!log.contains(proof) && !metrics.contains(proof) && !log.contains(SECRET));
}
