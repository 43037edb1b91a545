//! A crowd behind a real balancer, one of them in a browser, while servers are killed, drained and started again one by one, and
//! while Redis is slow: nobody is lost, and no view is wrong. What it took is printed.

use crate::game::{Game, ROOMY};
use e2e::balancer::Balancer;
use e2e::browser::state::Phase;
use e2e::browser::{Driver, Page, join};
use e2e::link::{Conditions, Link};
use e2e::patience::{LATER, until};
use e2e::process::binary;
use e2e::redis::Redis;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Bots that come back when they are lost, for so long; their report is awaited by [`report`].
fn fleet(balancer: &Balancer, count: u32, duration: &str) -> Child {
    let mut bots = Command::new(binary("bots"));
    bots.args([
        "--url",
        &balancer.ws(),
        "--count",
        &count.to_string(),
        "--duration",
        duration,
        "--ramp",
        "4s",
    ]);
    bots.args(["--persist", "--behaviour", "wander", "--arena", "1,2,3", "--report", "json"]);
    bots.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

async fn report(fleet: Child) -> Value {
    let output = tokio::time::timeout(LATER, fleet.wait_with_output()).await.expect("the bots end").unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn pause(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn tell(what: &str, report: &Value) {
    let of = |key: &str| &report[key];
    println!(
        "{what}: {} bots, {} joined, {} lost, {} came back ({}), {} too late, {} mismatches",
        of("bots"),
        of("joined"),
        of("disconnects"),
        of("returned"),
        of("return_ms"),
        of("anew"),
        of("checksum_mismatches"),
    );
}

/// He is who he was, on the page that he had, and has never seen what was not so.
async fn still_plays(page: &Page, player: u32) {
    let plays = |phase| matches!(phase, Phase::Playing | Phase::Dead);
    let now =
        page.play("he plays", |state| plays(state.phase).then_some((state.player, state.mismatches))).await;
    assert_eq!(now, (player, 0));
    assert_eq!(page.run("return window.marker").await, "still here");
}

#[tokio::test]
async fn three_hundred_play_on_while_a_server_is_killed_and_all_are_started_anew_one_by_one() {
    let mut game = Game::start(ROOMY).await;
    game.is_spread().await;
    let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
    let driver = Driver::start().await;
    let (page, player) = join(&driver, &format!("http://{}/", balancer.address()), "ada").await;
    page.run("window.marker = 'still here'").await;
    let bots = fleet(&balancer, 300, "26s");
    pause(8).await;
    game.kill(0).await;
    pause(6).await;
    game.begin_again(0).await;
    let two = async || game.spread().await.iter().all(|count| *count == 1).then_some(());
    until("the server that is back has an arena again", LATER, two).await;
    for index in 1..3 {
        game.drain(index).await;
        game.begin_again(index).await;
        pause(2).await;
    }
    let report = report(bots).await;
    tell("one killed, two drained", &report);
    assert_eq!((&report["joined"], &report["disconnects"]), (&300.into(), &0.into()), "{report}");
    assert_eq!((&report["anew"], &report["checksum_mismatches"]), (&0.into(), &0.into()), "{report}");
    assert!(report["returned"].as_u64().unwrap() >= 200, "{report}");
    still_plays(&page, player).await;
    page.close().await;
    game.stop().await;
}

#[tokio::test]
async fn a_redis_that_takes_two_seconds_to_answer_is_waited_for_by_nobody_who_plays() {
    let redis = Redis::start().await;
    let slow = Conditions { delay: Duration::from_secs(1), ..Conditions::default() };
    let link = Link::to(&redis.address(), slow).await;
    let game = Game::over(redis, format!("redis://{}", link.address()), ROOMY).await;
    until("all arenas are run", LATER, async || {
        (game.spread().await.iter().sum::<usize>() == 3).then_some(())
    })
    .await;
    let balancer = Balancer::start(game.addresses.each_ref().map(String::as_str)).await;
    // Those who come before an arena has begun come again.
    let report = report(fleet(&balancer, 60, "12s")).await;
    tell("Redis slow by 2 s", &report);
    assert_eq!((&report["joined"], &report["disconnects"]), (&60.into(), &0.into()), "{report}");
    assert_eq!((&report["anew"], &report["checksum_mismatches"]), (&0.into(), &0.into()), "{report}");
    assert!(report["frame_gap_ms"]["p99"].as_f64().unwrap() < 1000.0, "no arena stood still: {report}");
    game.stop().await;
}
