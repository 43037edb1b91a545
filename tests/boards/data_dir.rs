//! The data folder: what was told outlives a kill; when the store can't be had the server plays on, and says so.

use crate::world::{folder, get, life, now, ok, ranks, start};
use e2e::patience::{SOON, until};
use e2e::scene;
use e2e::server::Server;
use rustix::process::Signal;
use std::fs;
use std::path::Path;

#[tokio::test]
async fn a_killed_server_shows_the_same_board_when_it_is_back() {
    let data = folder((0..20).map(|n| life(n, n, now())));
    let mut server = start(data.path()).await;
    let before = ok(&server, "/api/boards/all").await;
    server.signal(Signal::KILL);
    assert!(!server.ended().await.success());
    let server = start(data.path()).await;
    let after = ok(&server, "/api/boards/all").await;
    assert_eq!((&after["version"], &after["entries"]), (&before["version"], &before["entries"]));
    assert_eq!(ranks(&after).len(), 20);
    server.stop().await;
}

#[tokio::test]
async fn all_is_well_when_the_store_is() {
    let server = Server::start(&[]).await;
    assert_eq!(get(&server, "/healthz").await.body, "ok\n");
    let metrics = get(&server, "/metrics").await.body;
    for line in [
        "starfray_standings_failing 0",
        "starfray_standings_waiting 0",
        "starfray_standings_recorded_total 0",
        "starfray_standings_lost_total 0",
        "starfray_standings_commits_total",
    ] {
        assert!(metrics.contains(line), "{line}");
    }
    server.stop().await;
    let wished = Server::start(&["--no-data"]).await;
    assert_eq!(get(&wished, "/healthz").await.body, "ok\n");
    wished.stop().await;
}

/// Starts in a folder that can't be used, and sees that play goes on.
async fn plays_and_says(path: &Path, why: &str) {
    let server = Server::start(&["--drones", "0", "--data-dir", path.to_str().unwrap()]).await;
    let health = get(&server, "/healthz").await;
    assert_eq!(health.status, 200);
    assert!(health.body.starts_with("degraded: ") && health.body.contains(why), "{}", health.body);
    let metrics = get(&server, "/metrics").await.body;
    assert!(metrics.contains("starfray_standings_failing 1"));
    let _player = scene::player(&server.ws(), "ada").await;
    until("ada is on the live board", SOON, async || {
        (ok(&server, "/api/boards/live").await["total"] == 1).then_some(())
    })
    .await;
    assert_eq!(ok(&server, "/api/boards/day").await["total"], 0);
    server.stop().await;
}

#[tokio::test]
async fn a_data_folder_that_is_a_file_is_told_and_play_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    plays_and_says(&file, "can't be used").await;
    assert_eq!(fs::read_to_string(&file).unwrap(), "not a folder");
}

#[tokio::test]
async fn a_data_folder_that_can_not_be_made_is_told_and_play_goes_on() {
    // Where not even root may make a folder.
    plays_and_says(Path::new("/proc/starfray"), "can't be used").await;
}

#[tokio::test]
async fn damaged_standings_are_told_left_alone_and_play_goes_on() {
    let data = folder((0..20).map(|n| life(n, n, now())));
    let file = standings::file(data.path());
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[100..middle].fill(0x55);
    fs::write(&file, &bytes).unwrap();
    plays_and_says(data.path(), "Move the file away").await;
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn a_data_folder_that_another_server_uses_is_told_and_both_play() {
    let data = tempfile::tempdir().unwrap();
    let first = start(data.path()).await;
    plays_and_says(data.path(), "another server uses").await;
    assert_eq!(get(&first, "/healthz").await.body, "ok\n");
    first.stop().await;
}
