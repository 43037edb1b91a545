//! The command line: what it sets is what clients are told, and the help names it all.

use e2e::patience::{SOON, until};
use e2e::process::binary;
use e2e::scene::session;
use e2e::server::Server;
use shared::protocol::Role;
use std::process::Command;

#[tokio::test]
async fn tick_rate_and_arena_size_are_what_welcome_says() {
    let server = Server::start(&["--tick-hz", "60", "--arena-size", "2048"]).await;
    let client = session(&server.ws(), Role::Play).await;
    let welcome = client.welcome().map(|welcome| (welcome.tick_hz, welcome.arena_size));
    assert_eq!(welcome, Some((60, 2048)));
    server.stop().await;
}

#[tokio::test]
async fn as_many_drones_fly_as_were_asked_for() {
    let server = Server::start(&["--drones", "7"]).await;
    until("seven drones fly", SOON, async || (server.arena().await.drones == 7).then_some(())).await;
    server.stop().await;
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[tokio::test]
async fn a_server_asks_for_memory_in_huge_pages() {
    let server = Server::start(&[]).await;
    let environment = std::fs::read_to_string(format!("/proc/{}/environ", server.process())).unwrap();
    let chosen = environment.split('\0').find_map(|of| of.strip_prefix("GLIBC_TUNABLES="));
    assert_eq!(chosen, Some("glibc.malloc.hugetlb=1"));
    server.stop().await;
}

#[test]
fn the_help_names_every_option() {
    let help = Command::new(binary("starfray")).arg("--help").output().unwrap();
    assert!(help.status.success());
    let text = String::from_utf8(help.stdout).unwrap();
    for option in [
        "--listen",
        "--tick-hz",
        "--seed",
        "--arena-size",
        "--drones",
        "--web-dir",
        "--data-dir",
        "--no-data",
        "--help",
    ] {
        assert!(text.contains(option), "{option} is missing in:\n{text}");
    }
}

#[test]
fn an_option_that_makes_no_sense_is_refused_with_a_sentence() {
    for wrong in [["--tick-hz", "0"], ["--arena-size", "5"], ["--listen", "nowhere"]] {
        let refused = Command::new(binary("starfray")).args(wrong).output().unwrap();
        assert!(!refused.status.success(), "{wrong:?}");
        assert!(!refused.stderr.is_empty(), "{wrong:?}");
    }
}
