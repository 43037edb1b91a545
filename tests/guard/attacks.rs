//! Attackers of every kind at once, and bots who play beside them: none of those loses its session or sees what is not so,
//! and afterwards nothing is left of the attackers. How much it delays anyone is measured by the benchmark, not here.

use attackers::{Kind, LIMITS, Target, attack};
use clap::ValueEnum;
use e2e::http;
use e2e::patience::{LATER, until};
use e2e::process::binary;
use e2e::server::Server;
use std::process::Stdio;
use tokio::process::Command;

fn descriptors(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.process())).unwrap().count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn while_attackers_of_every_kind_work_nobody_who_plays_loses_his_session() {
    let server = Server::start(&[&["--drones", "0"], &LIMITS[..]].concat()).await;
    let before = descriptors(&server);
    let target = Target::new(server.address().parse().unwrap()).expect("the server is on this machine");
    let attackers: Vec<_> = Kind::value_variants().iter().map(|kind| attack(target, *kind, 2)).collect();
    let bots = Command::new(binary("bots"))
        .args([
            "--url",
            &server.ws(),
            "--count",
            "20",
            "--ramp",
            "2s",
            "--duration",
            "8s",
            "--report",
            "json",
            // Strangers to each other, as they are to the attackers.
            "--from",
            "127.2.0.1",
        ])
        .stderr(Stdio::null())
        .output();
    let report = bots.await.unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    drop(attackers);
    for name in ["disconnects", "failed", "decode_errors", "checksum_mismatches"] {
        assert_eq!(report[name], 0, "{name}: {report}");
    }
    assert_eq!(report["joined"], 20, "{report}");
    until("nothing is left of the attackers", LATER, async || {
        let metrics = http::get(server.address(), "/metrics").await.body;
        // The one that asks has a descriptor, too.
        let left = descriptors(&server);
        if left > before + 1 || !metrics.contains("starfray_sessions 0\n") {
            let sessions: Vec<_> =
                metrics.lines().filter(|line| line.starts_with("starfray_sessions")).collect();
            println!("{left} descriptors, {before} before; {sessions:?}");
            return None;
        }
        Some(())
    })
    .await;
    server.stop().await;
}
