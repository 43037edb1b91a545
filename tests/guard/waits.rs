//! Rows of the README's table of limits that are about what waits: answers that nobody takes, listeners to boards, commands
//! for a tick, addresses that are remembered, sessions that say nothing.

use super::raw::{BINARY, CLOSE, FIN, PING, Raw, masked};
use bots::client::Client;
use e2e::bystander::Bystander;
use e2e::events::Events;
use e2e::hang::Hang;
use e2e::http;
use e2e::patience::{SOON, until};
use e2e::scene::{next_frame, player};
use e2e::server::Server;
use shared::controls::Controls;
use shared::protocol::codec::encode_client;
use shared::protocol::{ClientMessage, CloseReason, Role};
use tokio::net::TcpSocket;

/// A number of `/metrics`; `name` has its labels.
async fn metric(server: &Server, name: &str) -> u64 {
    let text = http::get(server.address(), "/metrics").await.body;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| unreachable!("{name} is counted")).parse().unwrap()
}

fn descriptors(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.process())).unwrap().count()
}

/// Asks for more than the system keeps, and takes nothing of it.
async fn asking_and_taking_nothing(server: &Server) -> Raw {
    let narrow = TcpSocket::new_v4().unwrap();
    narrow.set_recv_buffer_size(4096).unwrap();
    let mut raw = Raw(narrow.connect(server.address().parse().unwrap()).await.unwrap());
    let ask = format!("GET /client_bg.wasm HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    raw.send(ask.repeat(20).as_bytes()).await;
    raw
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_dropped() {
    let server = Server::start(&["--drones", "0", "--untaken-ms", "1000"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let before = descriptors(&server);
    let raw = asking_and_taking_nothing(&server).await;
    bystander
        .during(until("its answer is on the way", SOON, async || {
            (descriptors(&server) > before).then_some(())
        }))
        .await;
    bystander
        .during(until("the server has let go of it", SOON, async || {
            (descriptors(&server) <= before).then_some(())
        }))
        .await;
    bystander.goes_on().await;
    drop(raw);
    server.stop().await;
}

#[tokio::test]
async fn whose_answers_wait_makes_room_when_all_places_are_taken_long_before_they_would_be_dropped() {
    let server = Server::start(&["--drones", "0", "--max-http", "4", "--untaken-ms", "600000"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    // Who listens takes what there is, and keeps his place.
    let mut listener = Events::open(server.address(), "/api/boards/live/events", &[]).await;
    let mut crowd = Vec::new();
    for _ in 0..8 {
        crowd.push(asking_and_taking_nothing(&server).await);
    }
    for _ in 0..2 {
        let answer = bystander.during(http::get(server.address(), "/healthz")).await;
        assert_eq!(answer.status, 200);
    }
    let _player = bystander.during(player(&server.ws(), "newcomer")).await;
    assert!(metric(&server, "starfray_refused_total{limit=\"untaken\"}").await > 0);
    while !listener.next().await.data.contains("newcomer") {}
    bystander.goes_on().await;
    drop(crowd);
    server.stop().await;
}

#[tokio::test]
async fn who_listens_to_boards_beyond_the_limit_is_asked_to_come_later() {
    let server = Server::start(&["--drones", "0", "--max-listeners", "3"]).await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        streams.push(Events::open(server.address(), "/api/boards/day/events", &[]).await);
    }
    let version = http::get(server.address(), "/api/boards/day").await.json()["version"].clone();
    let poll = format!("/api/boards/day?since={version}&wait=30");
    let waiting = http::ask(server.address(), "GET", &poll, &[]).await.unwrap();
    until("three listen", SOON, async || {
        (metric(&server, "starfray_board_listeners").await == 3).then_some(())
    })
    .await;
    for path in ["/api/boards/day/events", &poll] {
        let answer = http::get(server.address(), path).await;
        assert!(answer.status == 503 && answer.header("retry-after").is_some(), "{path}: {answer:?}");
    }
    assert_eq!(http::get(server.address(), "/api/boards/day").await.status, 200, "who only reads may");
    drop((streams, waiting));
    until("places are free again", SOON, async || {
        let stream = Events::open(server.address(), "/api/boards/day/events", &[]).await;
        (stream.status() == 200).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn an_address_listens_so_often_over_however_many_connections_of_a_proxy_and_leaves_places_to_others() {
    let server =
        Server::start(&["--drones", "0", "--max-listeners", "40", "--trusted-proxy", "127.0.0.1/32"]).await;
    let (one, other) = ([("X-Forwarded-For", "203.0.113.1")], [("X-Forwarded-For", "203.0.113.2")]);
    let events = "/api/boards/live/events";
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(Events::open(server.address(), events, &one).await);
    }
    assert!(streams.iter().all(|stream| stream.status() == 200));
    let version = http::get(server.address(), "/api/boards/day").await.json()["version"].clone();
    for path in [events, &format!("/api/boards/day?since={version}&wait=30")] {
        let answer = http::request(server.address(), "GET", path, &one).await;
        assert!(answer.status == 429 && answer.header("retry-after").is_some(), "{path}: {answer:?}");
    }
    assert_eq!(metric(&server, "starfray_refused_total{limit=\"listeners per address\"}").await, 2);
    assert_eq!(Events::open(server.address(), events, &other).await.status(), 200);
    drop(streams);
    until("its places are free again", SOON, async || {
        (Events::open(server.address(), events, &one).await.status() == 200).then_some(())
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn while_the_queue_of_commands_is_full_inputs_are_dropped_and_newcomers_closed_and_then_all_goes_on() {
    let server = Server::start(&["--drones", "0", "--max-commands", "16"]).await;
    let mut ada = player(&server.ws(), "Ada").await;
    let hang = Hang::of(server.process(), "arena-1");
    for _ in 0..40 {
        ada.input(Controls::default()).await.unwrap();
    }
    until("inputs are dropped", SOON, async || {
        (metric(&server, "starfray_commands_dropped_total").await > 0).then_some(())
    })
    .await;
    let mut newcomer = Client::connect(&server.ws()).await.unwrap();
    newcomer.say_hello(Role::Play).await.unwrap();
    let farewell = newcomer.wait_for_close(SOON).await.unwrap();
    assert_eq!(farewell.reason(), Some(CloseReason::Full));
    drop(hang);
    for _ in 0..30 {
        next_frame(&mut ada).await;
    }
    assert_eq!(ada.mismatches(), 0);
    let _bob = player(&server.ws(), "Bob").await;
    server.stop().await;
}

#[tokio::test]
async fn so_many_addresses_are_remembered_and_others_are_told_to_come_later_until_some_are_forgotten() {
    let args = ["--drones", "0", "--max-addresses", "3", "--max-per-address", "9"];
    let server = Server::start(&args).await;
    // The first is that of everyone else here, whose connection is one, too.
    let mut bystander = Bystander::join(&server.ws()).await;
    let mut inside = Vec::new();
    for from in ["127.0.0.2", "127.0.0.3"] {
        let mut raw = Raw::connect_from(from, server.address()).await.unwrap();
        let answer = raw.shake_hands(server.address(), "/ws", "").await;
        assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        inside.push(raw);
    }
    let mut raw = Raw::connect_from("127.0.0.4", server.address()).await.unwrap();
    let answer = bystander.during(raw.shake_hands(server.address(), "/ws", "")).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: "), "{answer}");
    assert_eq!(metric(&server, "starfray_refused_total{limit=\"addresses\"}").await, 1);
    assert_eq!(metric(&server, "starfray_addresses").await, 3);
    drop(inside);
    until("those who left are forgotten", SOON, async || {
        let mut raw = Raw::connect_from("127.0.0.4", server.address()).await.ok()?;
        raw.shake_hands(server.address(), "/ws", "").await.starts_with("HTTP/1.1 101 ").then_some(())
    })
    .await;
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn who_says_nothing_is_pinged_and_then_closed_and_who_answers_pings_is_not() {
    let server = Server::start(&["--drones", "0", "--idle-ms", "3000", "--hello-time-ms", "600"]).await;
    let hello = encode_client(&ClientMessage::hello(Role::Board, None, None));
    let mut raw = Raw::open(server.address(), "/ws").await;
    raw.send(&masked(FIN | BINARY, &hello)).await;
    let mut pinged = false;
    let code = loop {
        let frame = raw.frame().await.expect("a Close comes first");
        pinged |= frame.first == FIN | PING;
        if frame.first == FIN | CLOSE {
            break frame.code();
        }
    };
    assert_eq!((pinged, code), (true, Some(CloseReason::Idle.code())));
    // The library answers pings by itself as long as it is read.
    let mut quiet = Client::connect(&server.ws()).await.unwrap();
    quiet.hello(Role::Play, SOON).await.unwrap();
    for _ in 0..150 {
        next_frame(&mut quiet).await;
    }
    let mut silent = Raw::open(server.address(), "/ws").await;
    assert_eq!(silent.close_code().await, Some(CloseReason::NoHello.code()));
    server.stop().await;
}
