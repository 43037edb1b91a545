//! What a draw costs the page when there is much to see: the time of its own code, without what the graphics card does.

use e2e::browser::state::{Phase, Play};
use e2e::browser::{Driver, Page, Size};
use e2e::patience::LATER;
use e2e::server::Server;
use serde_json::Value;
use std::time::{Duration, Instant};

/// A small arena that is full.
const CROWD: [&str; 6] = ["--arena-size", "1100", "--drones", "800", "--tick-hz", "60"];

/// Times each draw, in milliseconds. The card's part is left out: here it is software, and not what is asked.
const TIMED: &str = "
  const repaint = window.requestAnimationFrame.bind(window);
  window.drawTimes = [];
  window.requestAnimationFrame = (act) => repaint((ms) => {
    const begun = performance.now();
    act(ms);
    window.drawTimes.push(performance.now() - begun);
  });
  for (const draw of ['drawArrays', 'drawArraysInstanced']) {
    WebGL2RenderingContext.prototype[draw] = () => {};
  }";

/// As what the server sends is, so that the whole arena is on the screen.
const SQUARE: Size = Size { width: 1000, height: 1000, phone: false, density: 1.0 };

/// Draws that are measured, and things in view at least.
const DRAWS: usize = 400;
const THINGS: usize = 500;

/// A draw has this long at 60 a second, and a test machine is slower than a laptop.
const LONGEST_MEDIAN_MS: f64 = 8.0;

fn things(state: &Play) -> usize {
    state.ships.len() + state.shots as usize + state.shards.len() + state.rocks.len()
}

#[tokio::test]
async fn five_hundred_things_in_view_leave_a_draw_most_of_its_time() {
    let (driver, server) = (Driver::start().await, Server::start(&CROWD).await);
    let page = Page::open_after(TIMED, &driver, &server.url("/"), SQUARE).await;
    page.play("the title screen", |state| (state.phase == Phase::Menu).then_some(())).await;
    page.enter_name("ada").await;
    page.play("a crowd", |state| (things(state) >= THINGS).then_some(())).await;
    page.run("window.drawTimes.length = 0").await;
    let (mut seen, mut times) = (Vec::new(), Vec::new());
    let end = Instant::now() + LATER;
    while times.len() < DRAWS {
        assert!(Instant::now() < end, "{DRAWS} draws: {}", times.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
        seen.push(page.play("what is in view", |state| Some(things(state))).await);
        let told = page.run("return window.drawTimes").await;
        times = told.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    }
    times.sort_by(f64::total_cmp);
    seen.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "a draw of {} things, without the graphics card: {:.1} ms in the median, {:.1} ms in 99 of 100, of {} draws",
        seen[seen.len() / 2],
        at(0.5),
        at(0.99),
        times.len()
    );
    page.close().await;
    server.stop().await;
    assert!(at(0.5) < LONGEST_MEDIAN_MS);
}
