//! The load tool against a real server: fifty bots for ten seconds lose nothing, and a bot in trouble shows in the exit
//! status.

use e2e::patience::SOON;
use e2e::process::binary;
use e2e::server::Server;
use serde_json::Value;
use std::process::{Output, Stdio};
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::test]
async fn fifty_bots_for_ten_seconds_all_join_and_lose_nothing() {
    let server = Server::start(&[]).await;
    let report = clean_run(&server, &["--count", "50", "--duration", "10s"]).await;
    assert_all_played(&report, 50);
    assert!(report["checksums"].as_u64() >= Some(50), "every bot compares checksums: {report}");
    assert!(report["round_trip_ms"]["max"].as_f64() > Some(0.0), "{report}");
    server.stop().await;
}

#[tokio::test]
async fn a_crowd_that_fights_in_a_small_arena_sees_no_mismatch() {
    let server = Server::start(&["--arena-size", "1024"]).await;
    let args = ["--count", "30", "--duration", "10s", "--behaviour", "hunt,wander,play,idle"];
    let report = clean_run(&server, &args).await;
    assert_all_played(&report, 30);
    assert!(report["deaths"].as_u64() > Some(0), "hunters kill: {report}");
    server.stop().await;
}

#[tokio::test]
async fn the_report_splits_all_bytes_and_has_every_promised_number() {
    let server = Server::start(&[]).await;
    let report = clean_run(&server, &["--count", "5", "--duration", "3s", "--ramp", "1s"]).await;
    for name in NUMBERS {
        assert!(report.pointer(name).is_some_and(Value::is_number), "{name} is missing in {report}");
    }
    server.stop().await;
}

#[tokio::test]
async fn bots_that_lose_their_server_say_so_and_fail() {
    let server = Server::start(&[]).await;
    let url = server.ws();
    let bots = bots(&url, &["--count", "5", "--duration", "3s", "--ramp", "1s"]);
    let ends = async {
        e2e::patience::until("a bot plays", SOON, async || (server.arena().await.players > 0).then_some(()))
            .await;
        server.stop().await;
    };
    let (output, ()) = tokio::join!(bots, ends);
    assert!(!output.status.success());
    let report = report(&output);
    let lost = report["disconnects"].as_u64().unwrap_or(0) + report["failed"].as_u64().unwrap_or(0);
    assert_eq!(lost, 5, "{report}");
}

/// What a report holds at least, as JSON pointers.
const NUMBERS: [&str; 22] = [
    "/connected",
    "/failed",
    "/disconnects",
    "/joined",
    "/decode_errors",
    "/checksum_mismatches",
    "/frames_per_second_per_bot",
    "/bytes_per_second_per_bot",
    "/frame_gap_ms/p50",
    "/frame_gap_ms/p99",
    "/frame_gap_ms/max",
    "/round_trip_ms/p50",
    "/round_trip_ms/p99",
    "/round_trip_ms/max",
    "/visible_ships",
    "/bytes_per_visible_ship_per_tick",
    "/bytes/head",
    "/bytes/deltas",
    "/bytes/keyframes",
    "/bytes/messages",
    "/frames",
    "/cpu_seconds",
];

fn assert_all_played(report: &Value, count: u64) {
    for name in ["connected", "joined"] {
        assert_eq!(report[name], count, "{name} in {report}");
    }
    for name in ["failed", "disconnects", "decode_errors", "checksum_mismatches"] {
        assert_eq!(report[name], 0, "{name} in {report}");
    }
    assert!(report["frames"].as_u64() > Some(count * 30), "{report}");
}

async fn clean_run(server: &Server, args: &[&str]) -> Value {
    let output = bots(&server.ws(), args).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    report(&output)
}

async fn bots(url: &str, args: &[&str]) -> Output {
    let run = Command::new(binary("bots"))
        .args(["--report", "json", "--url", url])
        .args(args)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    timeout(SOON * 2, run).await.expect("the bots end when they should").expect("the bots can be started")
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("the report is one JSON object")
}
