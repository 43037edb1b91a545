//! An arena whose thread hangs, beside another in the same process and on the same network threads: the other does not
//! notice, and the one that hung goes on where it stood.

use super::arenas::player_in;
use bots::client::{Client, Event};
use e2e::hang::Hang;
use e2e::http;
use e2e::patience::{LATER, SOON};
use e2e::scene::next_frame;
use e2e::server::Server;
use serde_json::Value;
use shared::angle::Angle;
use shared::controls::Controls;
use shared::protocol::{ClientMessage, ServerMessage};
use shared::replica::Replica;
use shared::tick::Tick;
use std::future::Future;
use std::pin::pin;

/// Ticks that the other arena makes while one hangs: far more than a tick loop may catch up.
const MISSED: u32 = 60;

#[tokio::test]
async fn while_an_arena_hangs_the_other_has_every_tick_and_takes_newcomers_and_http_answers_for_both() {
    let (server, mut one, mut two) = two_arenas().await;
    let _hang = hang_first(&server, &mut one, &mut two).await;
    let stood = ticks(&server).await;
    let (heard, ()) = heard_during(&mut one, async {
        fly_in_a_row(&mut two, MISSED).await;
        let mut new = player_in(&server, "2", "new").await;
        new.wait_until(SOON, |new| new.ship().is_some()).await.expect("the newcomer flies");
        fly_in_a_row(&mut new, 5).await;
        assert_eq!(server.arena_called("1").await.players, 1);
        assert_eq!(server.arena_called("2").await.players, 2);
    })
    .await;
    assert_eq!(heard, 0, "nothing comes out of an arena that hangs");
    let now = ticks(&server).await;
    assert_eq!(now[0], stood[0]);
    assert!(now[1] >= stood[1] + u64::from(MISSED), "{now:?} after {stood:?}");
    assert_eq!(two.mismatches(), 0);
}

#[tokio::test]
async fn an_arena_that_hung_goes_on_with_its_next_tick_and_applies_what_was_sent_to_it_meanwhile() {
    let (server, mut one, mut two) = two_arenas().await;
    let hang = hang_first(&server, &mut one, &mut two).await;
    let (stood, before) = (tick(&one), server.arena_called("1").await);
    let (last, controls) = send_inputs(&mut one, 40).await;
    fly_in_a_row(&mut two, MISSED).await;
    let behind = lag(&server).await;
    drop(hang);
    next_frame(&mut one).await;
    assert_eq!(tick(&one), stood.next(), "no tick is left out");
    one.wait_until(SOON, |one| acked(one) == Some(last)).await.expect("the last input is applied");
    assert_eq!(one.ship().expect("its ship flies").controls, controls);
    fly_in_a_row(&mut one, 30).await;
    let after = server.arena_called("1").await;
    assert!(after.inputs >= before.inputs + 40, "{} after {}", after.inputs, before.inputs);
    assert!(after.overruns > before.overruns, "the hang is counted");
    let made_up = behind - lag(&server).await;
    assert!(made_up < i64::from(MISSED / 2), "{made_up} of {behind} missed ticks were made up");
    checksums_match(&mut [one, two]).await;
    server.stop().await;
}

/// A server with two arenas, and a ship that flies in each.
async fn two_arenas() -> (Server, Client, Client) {
    let server = Server::start(&["--arenas", "2", "--drones", "0"]).await;
    let (mut one, mut two) = (player_in(&server, "1", "ada").await, player_in(&server, "2", "bob").await);
    for client in [&mut one, &mut two] {
        client.wait_until(SOON, |client| client.ship().is_some()).await.expect("its ship flies");
    }
    (server, one, two)
}

/// Makes the first arena hang, and takes what was on its way.
async fn hang_first(server: &Server, one: &mut Client, two: &mut Client) -> Hang {
    let hang = Hang::of(server.process(), "arena-1");
    heard_during(one, fly_in_a_row(two, 5)).await;
    hang
}

/// Does `deed`, and counts what `client` hears meanwhile.
async fn heard_during<T>(client: &mut Client, deed: impl Future<Output = T>) -> (u32, T) {
    let (mut deed, mut heard) = (pin!(deed), 0);
    loop {
        tokio::select! {
            event = client.next() => {
                event.expect("it stays connected");
                heard += 1;
            }
            done = &mut deed => return (heard, done),
        }
    }
}

/// Steers with every frame until so many of consecutive ticks came one after the other, and the last input is applied.
async fn fly_in_a_row(client: &mut Client, frames: u32) {
    let flight = async {
        let (mut in_a_row, mut last) = (0, None);
        while in_a_row < frames {
            let before = tick(client);
            let aim = Angle((before.0 as u16).wrapping_mul(512));
            last = client.input(Controls { aim, ..Controls::default() }).await.ok();
            next_frame(client).await;
            in_a_row = if tick(client) == before.next() { in_a_row + 1 } else { 0 };
        }
        client.wait_until(SOON, |client| acked(client) == last).await.expect("its input is applied");
    };
    tokio::time::timeout(LATER, flight).await.expect("every tick's frame comes");
}

/// Sends inputs, the last of them unlike the others, and waits until the server has read them all: it answers in order.
/// Gives the last one's sequence and controls.
async fn send_inputs(client: &mut Client, count: u16) -> (u16, Controls) {
    let (mut last, mut controls) = (0, Controls::default());
    for number in 0..count {
        controls = Controls { aim: Angle(number << 8), thrust: true, ..Controls::default() };
        last = client.input(controls).await.expect("the session goes on");
    }
    client.send(&ClientMessage::Ping { sent_ms: 7 }).await.expect("the session goes on");
    let pong =
        |event: &Event| matches!(event, Event::Message { message: ServerMessage::Pong { sent_ms: 7 }, .. });
    client.wait_for(SOON, |event| pong(event).then_some(())).await.expect("its shard answers all the same");
    (last, controls)
}

/// Waits for a checksum of each, and that all matched.
async fn checksums_match(clients: &mut [Client]) {
    let has_checksum =
        |event: &Event| matches!(event, Event::Frame { applied, .. } if applied.checksum.is_some());
    for client in clients {
        client.wait_for(SOON, |event| has_checksum(event).then_some(())).await.expect("checksums come");
        assert_eq!(client.mismatches(), 0);
    }
}

fn tick(client: &Client) -> Tick {
    client.view().map(Replica::tick).expect("it was welcomed")
}

fn acked(client: &Client) -> Option<u16> {
    client.view().and_then(Replica::ack).map(|ack| ack.sequence)
}

/// The ticks of all arenas, at one moment.
async fn ticks(server: &Server) -> Vec<u64> {
    let answer = http::get(server.address(), "/api/arenas").await;
    let arenas: Vec<Value> = serde_json::from_str(&answer.body).expect("a list of arenas");
    arenas.iter().filter_map(|arena| arena["tick"].as_u64()).collect()
}

/// How many ticks the first arena is behind the second.
async fn lag(server: &Server) -> i64 {
    let ticks = ticks(server).await;
    ticks[1].cast_signed() - ticks[0].cast_signed()
}
