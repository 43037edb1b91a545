//! Coming to the game, and flying a page's ship by its keys and the mouse, as a hand would.

use super::driver::Driver;
use super::page::{HANDY, Page};
use super::state::{Phase, Play};
use crate::patience::{LATER, until};

/// How far from the ship the mouse is held, in CSS pixels.
const REACH: f64 = 150.0;

/// A page with the game at `url`, on which `name` flies, and the player's number.
///
/// # Panics
/// When the browser does not start, or no ship comes.
pub async fn join(driver: &Driver, url: &str, name: &str) -> (Page, u32) {
    let page = Page::open(driver, url, HANDY).await;
    page.play("the title screen", |state| (state.phase == Phase::Menu).then_some(())).await;
    page.enter_name(name).await;
    let player = page.play("the ship", |state| state.own.map(|_| state.player)).await;
    (page, player)
}

/// Holds W and keeps the mouse towards the place that `goal` gives (world units) until `so` holds. The ship is at the
/// window's middle; `goal` is asked anew at each look.
///
/// # Panics
/// With `what`, when it never does.
pub async fn fly(
    page: &Page,
    what: &str,
    goal: impl Fn(&Play) -> Option<(f64, f64)>,
    so: impl Fn(&Play) -> bool,
) {
    page.press('w').await;
    until(what, LATER, async || {
        let state: Play = page.state().await?;
        if so(&state) {
            return Some(());
        }
        if let (Some(own), Some(goal)) = (state.own, goal(&state)) {
            let (x, y) = (goal.0 - own.x, goal.1 - own.y);
            let length = x.hypot(y).max(1.0);
            page.point(x / length * REACH, y / length * REACH).await;
        }
        None
    })
    .await;
    page.let_go().await;
}
