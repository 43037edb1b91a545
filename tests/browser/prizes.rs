//! What is to be won, as people read it: the words of a power-up when it is taken, and whom there is a bounty on.

use crate::{assert_well, player};
use bots::client::Client;
use e2e::browser::state::Play;
use e2e::browser::{Driver, PHONE, Page, WIDE, fly};
use e2e::patience::{LATER, until};
use e2e::scene;
use e2e::server::Server;
use shared::angle::Angle;
use shared::balance::BOUNTY_FROM;
use shared::controls::Controls;
use shared::motion::Rules;
use shared::power::places;
use shared::tuning::TICK_HZ;
use shared::units::Point;
use std::cell::Cell;

/// With one place for a power-up, in its middle, and nobody who fights for it.
const ARENA: u32 = 2048;

/// What the page says when one is taken, by the name that its state has for it.
const WORDS: [(&str, &str); 4] = [
    ("Repair", "mends the hull"),
    ("Charge", "more energy than fits the bar"),
    ("Rapid fire", "faster, cheaper shots for 8 s"),
    ("Armour", "hits take half for 8 s"),
];

/// Notes each short message that a person who looks at the page can read.
const NOTE: &str = "window.read = [];
    new MutationObserver((changes) => changes.flatMap((it) => [...it.addedNodes]).forEach((it) => {
      if (it.checkVisibility()) window.read.push(it.innerText);
    })).observe(document.querySelector('#toasts'), {childList: true});";

#[tokio::test]
async fn what_a_power_up_does_is_said_when_it_is_taken_and_whom_there_is_a_bounty_on() {
    let size = ARENA.to_string();
    let server = Server::start(&["--drones", "0", "--seed", "4", "--arena-size", &size]).await;
    let driver = Driver::start().await;
    // Gathers what makes a leader in the meantime.
    let mut eve = scene::player(&server.ws(), "eve").await;
    let leads = tokio::spawn(async move {
        lead(&mut eve).await;
        scene::let_go(&mut eve).await;
        eve
    });
    let (page, _) = player(&driver, &server, "ada").await;
    takes_a_power_up(&page).await;
    until("whom there is a bounty on", LATER, async || {
        page.text("#bounty-line").await.contains("Bounty on eve").then_some(())
    })
    .await;
    let arrow = "const it = document.querySelector('#bounty-way'); return [it.checkVisibility(), it.style.rotate.endsWith('rad')]";
    assert_eq!(page.run(arrow).await, serde_json::json!([true, true]), "and which way that is");
    for (called, size) in [("phone", PHONE), ("laptop", WIDE)] {
        page.resize(size).await;
        page.save_picture(&format!("bounty-{called}")).await;
    }
    drop(leads.await.expect("eve leads"));
    assert_well(&page).await;
    page.close().await;
    server.stop().await;
}

/// Flies to where one lies, and reads what it does.
async fn takes_a_power_up(page: &Page) {
    page.run(NOTE).await;
    let place = places(&Rules::new(TICK_HZ, ARENA)).next().expect("there is one").to_units();
    let (place, before) = ((f64::from(place.0), f64::from(place.1)), Cell::new(None));
    fly(page, "a power-up is taken", |state| through(place, state, &before), |state| !state.power.is_empty())
        .await;
    let taken = page.play("which", |state| Some(state.power.clone())).await;
    let (_, does) = WORDS.into_iter().find(|(name, _)| *name == taken).expect("a known one");
    until("its words", LATER, async || {
        let read = page.run("return window.read.join(' ')").await.to_string();
        (read.contains(&taken) && read.contains(does)).then_some(())
    })
    .await;
    page.save_picture("power-800x600").await;
}

/// Where to aim for with the engine on, so as to fly through `place` and not around it: as far off as the ship drifts in a
/// second. `before` has what was seen last.
fn through(place: (f64, f64), state: &Play, before: &Cell<Option<(u32, f64, f64)>>) -> Option<(f64, f64)> {
    let own = state.own?;
    if before.get().is_some_and(|(tick, ..)| tick == state.tick) {
        return None;
    }
    let (tick, x, y) = before.replace(Some((state.tick, own.x, own.y)))?;
    let seconds = f64::from(state.tick - tick) / f64::from(TICK_HZ);
    Some((place.0 - (own.x - x) / seconds, place.1 - (own.y - y) / seconds))
}

/// Flies from shard to shard until there are enough points for a bounty.
async fn lead(eve: &mut Client) {
    while eve.view().is_none_or(|view| view.status().score < BOUNTY_FROM) {
        if let Some(controls) = eve.ship().and_then(|ship| gather(eve, ship.body.pos)) {
            eve.input(controls).await.expect("the session goes on");
        }
        scene::next_frame(eve).await;
    }
}

fn gather(eve: &Client, own: Point) -> Option<Controls> {
    let shards = eve.view()?.shards().map(|(_, shard)| own.to(shard.pos));
    let way = shards.min_by_key(|way| way.length_squared())?;
    Some(Controls { aim: Angle::of(way), thrust: true, ..Controls::default() }.quantised())
}
