//! A panic in one arena ends that arena's world alone: its sessions are told, its lives are recorded, it begins anew, and
//! everyone else goes on. A hung arena is seen by who looks after the server, and nobody is sent there.

use bots::client::Client;
use bots::pilot::Behaviour;
use e2e::bystander::Bystander;
use e2e::hang::Hang;
use e2e::patience::{LATER, SOON, until};
use e2e::scene::{fly_as, player};
use e2e::server::Server;
use e2e::{http, scene};
use rustix::process::Signal;
use shared::protocol::{CloseReason, Role};

async fn in_arena(server: &Server, arena: &str) -> Client {
    let mut client = Client::connect(&server.ws()).await.unwrap();
    client.say_hello_in(Role::Play, Some(arena.to_owned())).await.unwrap();
    client.wait_until(SOON, |client| client.welcome().is_some()).await.unwrap();
    client
}

async fn faults(server: &Server) -> u32 {
    let text = http::get(server.address(), "/metrics").await.body;
    let line = text.lines().find_map(|line| line.strip_prefix("starfray_arena_faults_total{arena=\"1\"} "));
    line.unwrap().parse().unwrap()
}

/// Makes the first arena panic, and waits until it has.
async fn panic(server: &Server) {
    let before = faults(server).await;
    server.signal(Signal::USR1);
    until("the fault is counted", SOON, async || (faults(server).await > before).then_some(())).await;
}

#[tokio::test]
async fn a_panic_ends_one_world_whose_lives_are_recorded_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let args = ["--drones", "0", "--arenas", "2", "--arena-size", "1024", "--faults"];
    let server = Server::start_logging(&args, &log).await;
    let mut ada = in_arena(&server, "1").await;
    ada.join("Ada", SOON).await.unwrap();
    let mut bystander = {
        let mut other = in_arena(&server, "2").await;
        other.join("Bob", SOON).await.unwrap();
        other
    };
    fly_as(&mut ada, Behaviour::Play, |ada| ada.view().is_some_and(|view| view.status().score > 0)).await;
    panic(&server).await;
    let farewell = ada.wait_for_close(SOON).await.expect("she is told");
    assert_eq!(farewell.reason(), Some(CloseReason::Internal));
    let board = until("her life is recorded", SOON, async || {
        let board = http::get(server.address(), "/api/boards/day").await.json();
        (board["total"] == 1).then_some(board)
    })
    .await;
    assert_eq!(board["entries"][0]["name"], "Ada");
    scene::next_frame(&mut bystander).await;
    assert_eq!(bystander.mismatches(), 0);
    // The arena is there again.
    let mut ada = in_arena(&server, "1").await;
    ada.join("Ada", SOON).await.unwrap();
    ada.wait_until(SOON, |ada| ada.ship().is_some()).await.expect("she flies again");
    assert_eq!(http::get(server.address(), "/readyz").await.status, 200);
    // Again and again is once too often.
    for _ in 0..3 {
        panic(&server).await;
    }
    let mut late = Client::connect(&server.ws()).await.unwrap();
    late.say_hello_in(Role::Play, Some("1".to_owned())).await.unwrap();
    assert_eq!(late.wait_for_close(SOON).await.unwrap().reason(), Some(CloseReason::NoArena));
    let newcomer = player(&server.ws(), "newcomer").await;
    let both = async || (server.arena_called("2").await.players == 2).then_some(());
    until("who names none goes to the other", SOON, both).await;
    assert!(http::get(server.address(), "/healthz").await.body.contains("degraded: arena 1"));
    assert_eq!(http::get(server.address(), "/livez").await.status, 200);
    drop((newcomer, bystander));
    server.stop().await;
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(log.matches("a fault, as ordered").count(), 4, "each is logged once: {log}");
    assert!(log.contains("Ticker") || log.contains("clock.rs"), "with the way there: {log}");
}

#[tokio::test]
async fn a_hung_arena_is_not_ready_and_nobody_is_sent_there() {
    let server = Server::start(&["--drones", "0", "--arenas", "2"]).await;
    // Those who name no arena go where people are: to the first.
    let mut there = in_arena(&server, "1").await;
    there.join("Ada", SOON).await.unwrap();
    let healthy = async |path: &str| http::get(server.address(), path).await.status;
    for path in ["/healthz", "/readyz", "/livez"] {
        assert_eq!(healthy(path).await, 200, "{path}");
    }
    let hang = Hang::of(server.process(), "arena-1");
    until("it is seen", SOON, async || (healthy("/readyz").await == 503).then_some(())).await;
    let health = http::get(server.address(), "/healthz").await;
    assert_eq!((health.status, health.body.as_str()), (503, "stuck: arena 1\n"));
    assert_eq!(healthy("/livez").await, 200, "the other arena lives");
    let mut bystander = Bystander::join(&server.ws()).await;
    let in_the_other = async || (server.arena_called("2").await.players == 1).then_some(());
    until("the newcomer is in the other", SOON, in_the_other).await;
    let mut named = Client::connect(&server.ws()).await.unwrap();
    named.say_hello_in(Role::Play, Some("1".to_owned())).await.unwrap();
    assert_eq!(named.wait_for_close(SOON).await.unwrap().reason(), Some(CloseReason::Full));
    bystander.goes_on().await;
    drop(hang);
    until("it is ready again", LATER, async || (healthy("/readyz").await == 200).then_some(())).await;
    scene::next_frame(&mut there).await;
    server.stop().await;
}
