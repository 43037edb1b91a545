//! What the page costs: how soon it is there, and the time of a draw with a crowd in view. Measured and said, not judged: it
//! depends on the machine, which here draws in software.

use crate::in_phase;
use e2e::browser::state::{Phase, Play};
use e2e::browser::{Driver, Page, WIDE};
use e2e::patience::{LATER, until};
use e2e::server::Server;

/// As many drones as can be seen at once.
const CROWD: [&str; 4] = ["--drones", "500", "--arena-size", "1024"];

/// Entities in view.
const MANY: usize = 500;

#[tokio::test]
async fn the_first_paint_and_a_draw_with_a_crowd_in_view_are_measured() {
    let (driver, server) = (Driver::start().await, Server::start(&CROWD).await);
    let page = Page::open(&driver, &server.url("/"), WIDE).await;
    page.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    let script = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    let paint = until("the first paint", LATER, async || page.run(script).await.as_f64()).await;
    let seen = |state: &Play| {
        let entities = state.ships.len() + state.shards.len() + state.rocks.len() + state.shots as usize;
        (entities >= MANY && state.net.draw_ms > 0.0).then_some((entities, state.net))
    };
    let (entities, net) = page.play("a crowd in view", seen).await;
    println!(
        "first paint after {paint:.0} ms; {entities} entities in view: {:.1} ms in a draw, {:.0} draws a second",
        net.draw_ms, net.draws_per_second
    );
    page.close().await;
    server.stop().await;
}
