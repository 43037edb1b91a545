//! Midnight: who listens goes on with the new day, and the old one is listed.

use crate::forms::Inside;
use e2e::events::Events;
use e2e::http;
use e2e::patience::{SOON, until};
use standings::Period;
use std::sync::atomic::Ordering;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_with_the_new_day() {
    let server = Inside::start().await;
    server.record(1, 10);
    let today = Period::Day.bucket_at(server.now());
    let mut events = Events::open(&server.address, "/api/boards/day/events", &[]).await;
    let before = events.next().await.json();
    assert_eq!((&before["bucket"], &before["total"]), (&today.to_string().into(), &1.into()));
    server.hands.store(today.end().unwrap().0, Ordering::SeqCst);
    let after = events.next().await.json();
    assert_eq!((&after["bucket"], &after["total"]), (&today.next().unwrap().to_string().into(), &0.into()));
    server.record(2, 5);
    assert_eq!(events.next().await.json()["entries"][0]["name"], "p2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_over_becomes_final_and_is_listed() {
    let server = Inside::start().await;
    server.record(1, 10);
    let today = Period::Day.bucket_at(server.now());
    server.hands.store(today.end().unwrap().plus(standings::GRACE_MS).0, Ordering::SeqCst);
    let path = format!("/api/boards/day/{today}");
    let page = until("the day is final", SOON, async || {
        let list = server.ok("/api/boards?period=day").await;
        (list["periods"][0]["past"][0]["closed"] == true).then_some(())?;
        Some(http::get(&server.address, &path).await)
    })
    .await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("public, max-age=60")));
    assert_eq!(page.json()["entries"][0]["score"], 10);
}
