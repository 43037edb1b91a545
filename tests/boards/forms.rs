//! Pushed, polled or asked for: standings in whatever form are the same; and nobody is told what he knows already.

use crate::world::{DAY, life, now, record};
use e2e::events::Events;
use e2e::http;
use e2e::patience::{SOON, until};
use server::args::Args;
use standings::{Clock, Standings, UnixMs};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinHandle;

/// A server in this process, so that results can be handed in and its clock be set.
pub struct Inside {
    pub address: String,
    pub standings: Arc<Standings>,
    pub hands: Arc<AtomicU64>,
    running: JoinHandle<()>,
}

impl Inside {
    pub async fn start() -> Self {
        let hands = Arc::new(AtomicU64::new(now().0));
        let told = hands.clone();
        let clock: Clock = Arc::new(move || UnixMs(told.load(Ordering::SeqCst)));
        let listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let args = Args { listen, drones: 0, no_data: true, ..clap::Parser::parse_from(["starfray"]) };
        let server = server::Server::start_at(args, clock).await.unwrap();
        let (address, standings) = (server.address().to_string(), server.standings().clone());
        let running = tokio::spawn(async { server.until_stopped().await.unwrap() });
        Self { address, standings, hands, running }
    }

    pub fn now(&self) -> UnixMs {
        UnixMs(self.hands.load(Ordering::SeqCst))
    }

    pub async fn ok(&self, path: &str) -> serde_json::Value {
        let answer = http::get(&self.address, path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    pub fn record(&self, of: u32, score: u32) {
        record(&self.standings, [life(of, score, self.now())]);
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.running.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn page_event_and_long_poll_are_the_same_bytes() {
    let server = Inside::start().await;
    server.record(1, 10);
    server.record(2, 20);
    let page = http::get(&server.address, "/api/boards/day?limit=10").await.body;
    let mut events = Events::open(&server.address, "/api/boards/day/events", &[]).await;
    assert_eq!(events.next().await.data, page);
    let polled = http::get(&server.address, "/api/boards/day?limit=10&wait=30&since=0").await;
    assert_eq!((polled.status, polled.body), (200, page));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_when_the_board_has_changed_and_its_id_is_the_version() {
    let server = Inside::start().await;
    let mut events = Events::open(&server.address, "/api/boards/all/events", &[]).await;
    let empty = events.next().await;
    assert_eq!(
        (empty.json()["total"].as_u64(), empty.id.clone()),
        (Some(0), empty.json()["version"].to_string())
    );
    for n in 1..5 {
        server.record(n, n * 10);
        let event = events.next().await;
        assert_eq!(
            (event.json()["total"].as_u64(), event.json()["version"].to_string()),
            (Some(n.into()), event.id.clone())
        );
        assert_eq!(event.json()["entries"][0]["score"], n * 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_is_told_nothing_until_there_is_news() {
    let server = Inside::start().await;
    server.record(1, 10);
    let version = server.ok("/api/boards/week").await["version"].to_string();
    let path = "/api/boards/week/events";
    let mut by_header = Events::open(&server.address, path, &[("Last-Event-ID", &version)]).await;
    let mut by_address = Events::open(&server.address, &format!("{path}?since={version}"), &[]).await;
    server.record(2, 20);
    for events in [&mut by_header, &mut by_address] {
        let event = events.next().await;
        assert_eq!((event.json()["total"].as_u64(), event.id == version), (Some(2), false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_poll_waits_for_a_change_and_ends_with_304_without_one() {
    let server = Inside::start().await;
    server.record(1, 10);
    let version = &server.ok("/api/boards/day").await["version"];
    let known = http::get(&server.address, &format!("/api/boards/day?since={version}")).await;
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    let waited = http::get(&server.address, &format!("/api/boards/day?wait=1&since={version}")).await;
    assert_eq!(waited.status, 304);
    let path = format!("/api/boards/day?wait=30&since={version}");
    let address = server.address.clone();
    let waiting = tokio::spawn(async move { http::get(&address, &path).await });
    until("it waits", SOON, async || {
        let metrics = http::get(&server.address, "/metrics").await.body;
        metrics.contains("starfray_board_listeners 1").then_some(())
    })
    .await;
    server.record(2, 20);
    let answer = waiting.await.unwrap();
    assert_eq!((answer.status, &answer.json()["total"]), (200, &2.into()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_results_is_told_at_most_four_times_a_second_and_the_last_state_always() {
    let server = Inside::start().await;
    let mut events = Events::open(&server.address, "/api/boards/all/events?limit=1", &[]).await;
    let begun = std::time::Instant::now();
    for n in 1..=300 {
        server.record(n, n);
    }
    let mut count = 0;
    while events.next().await.json()["total"] != 300 {
        count += 1;
    }
    let most = begun.elapsed().as_millis() / 250 + 2;
    assert!(count <= most, "{count} events, at most {most}");
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_most_listeners_is_503_and_who_leaves_makes_room() {
    let server = Inside::start().await;
    let path = "/api/boards/all/events";
    let mut listeners = Vec::new();
    for _ in 0..512 {
        listeners.push(Events::open(&server.address, path, &[]).await);
    }
    assert!(listeners.iter().all(|one| one.status() == 200));
    let refused = http::get(&server.address, path).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("10")));
    assert!(refused.json()["hint"].is_string());
    listeners.truncate(256);
    until("there is room again", SOON, async || {
        let events = Events::open(&server.address, path, &[]).await;
        (events.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_board_that_has_changed_since_is_of_the_version_that_the_cursor_came_with() {
    let server = Inside::start().await;
    (1..=10).for_each(|n| server.record(n, n));
    let first = server.ok("/api/boards/all?limit=5").await;
    (11..=20).for_each(|n| server.record(n, n));
    let second =
        server.ok(&format!("/api/boards/all?limit=5&cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(second["version"], first["version"]);
    assert_eq!(crate::world::ranks(&second), [(6, 5), (7, 4), (8, 3), (9, 2), (10, 1)]);
    server.hands.fetch_add(DAY, Ordering::SeqCst);
    let late = format!("/api/boards/all?limit=5&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(http::get(&server.address, &late).await.status, 410);
}
