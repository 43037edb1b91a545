//! Inputs reach the server before the step they are meant for, but for those that a stall holds up.

use crate::ALONE;
use e2e::link::{Conditions, Link, Turn};
use e2e::patience::{SOON, until};
use e2e::process::binary;
use e2e::server::{Arena, Server};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;

const BOTS: u32 = 20;
/// Of the inputs outside stalls.
const MOST_LATE: f64 = 0.01;
/// The clocks of new sessions settle.
const SETTLING: Duration = Duration::from_secs(8);
/// After a stall the server has still to take what was held up.
const AFTERMATH: Duration = Duration::from_millis(300);

#[tokio::test]
async fn fewer_than_one_input_in_a_hundred_is_late_outside_stalls() {
    let server = Server::start(&ALONE).await;
    let link = Link::to(server.address(), Conditions::rough(11)).await;
    let mut bots = Command::new(binary("bots"))
        .args([
            "--url",
            &link.ws(),
            "--count",
            &BOTS.to_string(),
            "--duration",
            "45s",
            "--behaviour",
            "play,wander",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the bots can be started");
    until("all bots fly", SOON, async || (server.arena().await.players == BOTS).then_some(())).await;
    tokio::time::sleep(SETTLING).await;
    let mut counts = (0, 0);
    for _ in 0..3 {
        let (inputs, late) = between_stalls(&server, &link).await;
        counts = (counts.0 + inputs, counts.1 + late);
    }
    let share = counts.1 as f64 / counts.0 as f64;
    println!(
        "inputs late outside stalls: {} of {} ({:.2} %), at most 1 %",
        counts.1,
        counts.0,
        share * 100.0
    );
    assert!(counts.0 > 2000, "bots steer");
    assert!(share < MOST_LATE);
    bots.kill().await.expect("our own child can be ended");
    server.stop().await;
}

/// Inputs and late ones from a stall's end to the next one's beginning.
async fn between_stalls(server: &Server, link: &Link) -> (u64, u64) {
    let Some(Turn::Begins(first)) = link.next_turn() else { unreachable!("the link is not in a stall") };
    // Into that stall, and through it.
    tokio::time::sleep_until((first + Duration::from_millis(10)).into()).await;
    let Some(Turn::Ends(end)) = link.next_turn() else { unreachable!("a stall lasts half a second") };
    tokio::time::sleep_until((end + AFTERMATH).into()).await;
    let before = server.arena().await;
    let Some(Turn::Begins(next)) = link.next_turn() else { unreachable!("stalls are seconds apart") };
    tokio::time::sleep_until((next - Duration::from_millis(100)).into()).await;
    let after = server.arena().await;
    assert!(Instant::now() < next, "the counts are from before the stall");
    let grown = |count: fn(&Arena) -> u64| count(&after) - count(&before);
    (grown(|arena| arena.inputs), grown(|arena| arena.late_inputs))
}
