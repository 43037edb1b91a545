//! The rows of the README's table of limits: at each, what is said there happens and is counted, and nobody else notices.

use super::raw::{BINARY, FIN, PING, Raw, handshake, masked};
use bots::client::{Client, Event, JoinAnswer};
use e2e::bystander::Bystander;
use e2e::http;
use e2e::patience::{LATER, SOON, until};
use e2e::scene::{player, session};
use e2e::server::Server;
use shared::hull::Hull;
use shared::identity::Identity;
use shared::protocol::codec::encode_client;
use shared::protocol::{ClientMessage, CloseReason, Refusal, Role, ServerMessage, Unsaid};
use shared::saying::Phrase;

/// Addresses of this machine beside the one that everyone uses.
const ELSEWHERE: &str = "127.0.0.2";
const THIRD: &str = "127.0.0.3";

/// How often a limit was met, as `/metrics` says.
async fn refused(server: &Server, limit: &str) -> u64 {
    let text = http::get(server.address(), "/metrics").await.body;
    let name = format!("starfray_refused_total{{limit=\"{limit}\"}} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap_or_else(|| unreachable!("{name} is counted")).parse().unwrap()
}

async fn upgrade_from(from: &str, server: &Server) -> (Raw, String) {
    let mut raw = Raw::connect_from(from, server.address()).await.unwrap();
    let answer = raw.shake_hands(server.address(), "/ws", "").await;
    (raw, answer)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn connections_of_an_address() {
    let server = Server::start(&["--drones", "0", "--max-per-address", "5"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let mut inside = Vec::new();
    for _ in 0..5 {
        let (raw, answer) = upgrade_from(ELSEWHERE, &server).await;
        assert_eq!(status(&answer), "101");
        inside.push(raw);
    }
    let (_raw, answer) = bystander.during(upgrade_from(ELSEWHERE, &server)).await;
    assert!(status(&answer) == "429" && answer.contains("Retry-After: "), "{answer}");
    assert_eq!(refused(&server, "connections per address").await, 1);
    drop(inside);
    until("places are free again", SOON, async || {
        (status(&upgrade_from(ELSEWHERE, &server).await.1) == "101").then_some(())
    })
    .await;
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn new_players_of_an_address_beyond_those_that_are_recorded_an_hour_play_all_the_same() {
    let server = Server::start(&["--drones", "0", "--new-players-per-address", "2"]).await;
    let new = async |from: &str, who: Option<Identity>| {
        let mut client = Client::connect_from(from.parse().unwrap(), &server.ws()).await.unwrap();
        who.into_iter().for_each(|who| client.come_as(who));
        let welcome = client.hello(Role::Play, SOON).await.unwrap();
        assert!(matches!(client.join("Ada", SOON).await.unwrap(), JoinAnswer::Joined { .. }), "{from}");
        client.leave().await.unwrap();
        welcome.identity.unwrap()
    };
    let first = new(ELSEWHERE, None).await;
    assert!(!first.key.is_passing() && !new(ELSEWHERE, None).await.key.is_passing());
    assert_eq!(refused(&server, "new players per address").await, 0);
    let third = new(ELSEWHERE, None).await;
    assert!(third.key.is_passing());
    assert_eq!(refused(&server, "new players per address").await, 1);
    assert_eq!(new(ELSEWHERE, Some(first)).await, first, "who is known is not new");
    assert_eq!(new(ELSEWHERE, Some(third)).await, third, "who passes stays the same while there is no room");
    let elsewhere = new(THIRD, Some(third)).await;
    assert!(!elsewhere.key.is_passing(), "where there is room he is someone new");
    server.stop().await;
}

#[tokio::test]
async fn who_connects_again_and_again_says_no_more_than_an_address_may() {
    let server = Server::start(&["--drones", "0", "--chat-per-address", "20"]).await;
    let says = async |from: &str, times: usize| {
        let mut client = Client::connect_from(from.parse().unwrap(), &server.ws()).await.unwrap();
        client.hello(Role::Play, SOON).await.unwrap();
        client.join("Ada", SOON).await.unwrap();
        for _ in 0..times {
            client.send(&ClientMessage::Phrase(Phrase::Hello)).await.unwrap();
        }
        client
    };
    let said = async || {
        let text = http::get(server.address(), "/metrics").await.body;
        let lines = text.lines().filter(|line| line.starts_with("starfray_chat_said_total"));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum::<u64>()
    };
    says(ELSEWHERE, 3).await.leave().await.unwrap();
    let mut again = says(ELSEWHERE, 3).await;
    let told = again.wait_for(SOON, |event| match event {
        Event::Message { message: ServerMessage::Unsaid(unsaid), .. } => Some(*unsaid),
        Event::Message { .. } | Event::Frame { .. } | Event::Skipped { .. } | Event::Fault { .. } => None,
    });
    assert_eq!(told.await.unwrap(), Unsaid::TooMuch);
    assert_eq!(refused(&server, "chat per address").await, 1);
    says(THIRD, 1).await.leave().await.unwrap();
    until("five were said from there, and one from elsewhere", SOON, async || {
        (said().await == 6).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn a_player_who_is_left_in_the_arena_keeps_the_place_of_his_address() {
    let server = Server::start(&["--drones", "0", "--max-per-address", "3"]).await;
    let hello = encode_client(&ClientMessage::hello(Role::Play, None, None));
    let join = encode_client(&ClientMessage::Join { name: "left".to_owned(), hull: Hull::default() });
    for _ in 0..3 {
        let (mut raw, answer) = upgrade_from(ELSEWHERE, &server).await;
        assert_eq!(status(&answer), "101");
        raw.send(&[masked(FIN | BINARY, &hello), masked(FIN | BINARY, &join)].concat()).await;
        raw.frame().await.expect("it is welcomed");
        drop(raw);
    }
    until("all three are in the arena without a session", SOON, async || {
        let metrics = http::get(server.address(), "/metrics").await.body;
        let gone = metrics.contains("starfray_sessions 0\n");
        (gone && metrics.contains("starfray_players{arena=\"1\"} 3\n")).then_some(())
    })
    .await;
    assert_eq!(status(&upgrade_from(ELSEWHERE, &server).await.1), "429");
    assert_eq!(status(&upgrade_from(THIRD, &server).await.1), "101");
    server.stop().await;
}

#[tokio::test]
async fn so_many_players_of_an_address_stay_in_the_arena_without_a_connection() {
    let server = Server::start(&["--drones", "0", "--max-left-per-address", "2"]).await;
    let hello = encode_client(&ClientMessage::hello(Role::Play, None, None));
    let join = encode_client(&ClientMessage::Join { name: "left".to_owned(), hull: Hull::default() });
    for from in [ELSEWHERE, ELSEWHERE, ELSEWHERE, ELSEWHERE, THIRD] {
        let (mut raw, _answer) = upgrade_from(from, &server).await;
        raw.send(&[masked(FIN | BINARY, &hello), masked(FIN | BINARY, &join)].concat()).await;
        raw.frame().await.expect("it is welcomed");
    }
    until("two of one address and one of another wait", SOON, async || {
        let metrics = http::get(server.address(), "/metrics").await.body;
        let gone = metrics.contains("starfray_sessions 0\n");
        (gone && metrics.contains("starfray_players{arena=\"1\"} 3\n")).then_some(())
    })
    .await;
    assert_eq!(refused(&server, "left per address").await, 2);
    server.stop().await;
}

#[tokio::test]
async fn handshakes_a_second_of_an_address_and_in_all() {
    let args = ["--drones", "0", "--handshakes-per-address", "2", "--handshakes", "5"];
    let server = Server::start(&args).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let mut said = Vec::new();
    for _ in 0..12 {
        said.push(bystander.during(upgrade_from(ELSEWHERE, &server)).await.1);
    }
    let refusal = said.iter().find(|answer| status(answer) == "429").expect("the ninth is too many");
    assert!(refusal.contains("retry-after: "), "{refusal}");
    assert!((8..11).contains(&said.iter().filter(|answer| status(answer) == "101").count()));
    assert!(refused(&server, "handshakes per address").await > 0);
    for from in ["127.0.0.4", "127.0.0.5", "127.0.0.6"] {
        for _ in 0..8 {
            said.push(upgrade_from(from, &server).await.1);
        }
    }
    let refusal = said.iter().find(|answer| status(answer) == "503").expect("all together are too many");
    assert!(refusal.contains("retry-after: "), "{refusal}");
    assert!(refused(&server, "handshakes").await > 0);
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn requests_a_second_of_an_address() {
    let server = Server::start(&["--drones", "0", "--requests-per-address", "5"]).await;
    let mut raw = Raw::connect_from(ELSEWHERE, server.address()).await.unwrap();
    let request = format!("HEAD /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    let mut answers = Vec::new();
    for _ in 0..60 {
        raw.send(request.as_bytes()).await;
        answers.push(raw.answer().await);
    }
    let refusal = answers.iter().find(|answer| status(answer) == "429").expect("that is too many");
    assert!(refusal.contains("retry-after: "), "{refusal}");
    assert!(answers.iter().filter(|answer| status(answer) == "200").count() >= 20);
    let other = Raw::connect_from(THIRD, server.address()).await;
    let mut other = other.unwrap();
    other.send(request.as_bytes()).await;
    assert_eq!(status(&other.answer().await), "200", "nobody else is asked to wait");
    assert!(refused(&server, "requests per address").await > 0);
    server.stop().await;
}

#[tokio::test]
async fn time_for_a_head_and_its_size() {
    let server = Server::start(&["--drones", "0", "--head-time-ms", "300", "--head-bytes", "8192"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let half = handshake(server.address(), "/ws", "");
    for begun in ["", &half[..half.len() / 2]] {
        let mut raw = Raw::connect(server.address()).await;
        raw.send(begun.as_bytes()).await;
        assert_eq!(bystander.during(raw.answer()).await, "", "it is dropped");
    }
    let mut raw = Raw::connect(server.address()).await;
    raw.send(handshake(server.address(), "/ws", &format!("X: {}\r\n", "x".repeat(8192))).as_bytes()).await;
    assert_eq!(status(&raw.answer().await), "431");
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn connections_that_speak_http_wait_for_each_other() {
    let server = Server::start(&["--drones", "0", "--max-http", "4", "--head-time-ms", "500"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let mut idle = Vec::new();
    for _ in 0..8 {
        idle.push(Raw::connect(server.address()).await);
    }
    let answer = bystander.during(http::get(server.address(), "/healthz")).await;
    assert_eq!(answer.status, 200, "its turn comes once the idle ones are dropped");
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn connections_that_say_nothing_make_room_for_those_that_do_long_before_their_time_is_over() {
    let server = Server::start(&["--drones", "0", "--max-http", "4", "--head-time-ms", "600000"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let mut idle = Vec::new();
    for _ in 0..8 {
        let mut raw = Raw::connect(server.address()).await;
        raw.send(b"GET /healthz HTT").await;
        idle.push(raw);
    }
    let answer = bystander.during(http::get(server.address(), "/healthz")).await;
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    let _player = bystander.during(player(&server.ws(), "newcomer")).await;
    assert!(refused(&server, "silent").await > 0);
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn messages_bytes_and_joins_of_a_session() {
    let args = ["--drones", "0", "--messages", "20", "--message-bytes", "4096", "--joins", "3"];
    let server = Server::start(&args).await;
    // The messages of a usual player are within even these.
    let mut bystander = Bystander::join(&server.ws()).await;
    let hello = encode_client(&ClientMessage::hello(Role::Play, None, None));
    let who = encode_client(&ClientMessage::Who { players: vec![shared::ids::PlayerId(u32::MAX); 32] });
    let join = encode_client(&ClientMessage::Join { name: "again".to_owned(), hull: Hull::default() });
    let many =
        [(masked(FIN | PING, b""), 50), (masked(FIN | BINARY, &who), 60), (masked(FIN | BINARY, &join), 8)];
    for (message, times) in many {
        let mut raw = Raw::open(server.address(), "/ws").await;
        raw.send(&[masked(FIN | BINARY, &hello), message.repeat(times)].concat()).await;
        assert_eq!(bystander.during(raw.close_code()).await, Some(CloseReason::Flooding.code()));
    }
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn players_of_an_arena() {
    let server = Server::start(&["--drones", "0", "--max-players", "2"]).await;
    let _players = [player(&server.ws(), "a").await, player(&server.ws(), "b").await];
    let mut third = session(&server.ws(), Role::Play).await;
    assert_eq!(third.join("c", SOON).await.unwrap(), JoinAnswer::Refused(Refusal::ArenaFull));
    server.until_arena("it is counted", |arena| arena.refused == 1).await;
    server.stop().await;
}

/// Says Hello, and gives the code that it is closed with.
async fn turned_away(url: &str, role: Role) -> Option<u16> {
    let mut client = Client::connect(url).await.expect("the server hears it out");
    client.say_hello(role).await.expect("the server listens");
    client.wait_for_close(SOON).await.expect("the server closes it").code
}

#[tokio::test]
async fn sessions_in_all_of_which_the_last_are_for_those_who_play() {
    let server = Server::start(&["--drones", "0", "--max-sessions", "10"]).await;
    let full = Some(CloseReason::Full.code());
    let mut watchers = Vec::new();
    for _ in 0..9 {
        watchers.push(session(&server.ws(), Role::Board).await);
    }
    assert_eq!(turned_away(&server.ws(), Role::Board).await, full, "the tenth place is for a player");
    until("the one who was turned away is gone", SOON, async || {
        let metrics = http::get(server.address(), "/metrics").await.body;
        metrics.contains("starfray_sessions 9\n").then_some(())
    })
    .await;
    let mut players = vec![player(&server.ws(), "first").await];
    // From here on each player takes a watcher's place.
    for _ in 0..9 {
        players.push(player(&server.ws(), "more").await);
    }
    for watcher in &mut watchers {
        let farewell = watcher.wait_for_close(SOON).await.expect("watchers make room");
        assert_eq!(farewell.code, full);
    }
    assert_eq!(turned_away(&server.ws(), Role::Play).await, full, "those who play are never shed");
    for player in &mut players {
        e2e::scene::next_frame(player).await;
    }
    assert!(refused(&server, "sessions").await >= 1 && refused(&server, "watchers").await >= 1);
    server.stop().await;
}

#[tokio::test]
async fn who_plays_takes_the_place_of_one_who_asks_for_no_ship() {
    let server = Server::start(&["--drones", "0", "--max-sessions", "10", "--hello-time-ms", "1500"]).await;
    let mut players = vec![player(&server.ws(), "first").await];
    let mut idle = Vec::new();
    for _ in 0..9 {
        idle.push(session(&server.ws(), Role::Play).await);
    }
    // For a moment they are taken for people who are about to ask.
    let second = until("one who plays comes in", LATER, async || {
        let mut client = Client::connect(&server.ws()).await.expect("the server hears it out");
        client.hello(Role::Play, SOON).await.ok()?;
        client.join("more", SOON).await.ok()?;
        Some(client)
    })
    .await;
    players.push(second);
    for _ in 0..8 {
        players.push(player(&server.ws(), "more").await);
    }
    for idle in &mut idle {
        let farewell = idle.wait_for_close(SOON).await.expect("they make room");
        assert_eq!(farewell.reason(), Some(CloseReason::Full));
    }
    assert_eq!(turned_away(&server.ws(), Role::Play).await, Some(CloseReason::Full.code()));
    for player in &mut players {
        e2e::scene::next_frame(player).await;
    }
    server.stop().await;
}
