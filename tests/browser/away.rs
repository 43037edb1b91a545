//! A tab in the background: it keeps its place, and its first draw after the return shows what is now.

use crate::player;
use e2e::browser::Driver;
use e2e::patience::{LATER, until};
use e2e::server::Server;

/// Notes how the first draw after each return differs from now, and whether the page was hidden before.
const WATCH: &str = "
  window.away = {hidden: false, back: null};
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) { window.away.hidden = true; return; }
    const draws = window.starfray.state.draws;
    const look = () => {
      const state = window.starfray.state;
      if (state.draws === draws) { requestAnimationFrame(look); return; }
      window.away.back = {tick: state.tick, draws: state.draws - draws, correction: state.self.correction, id: state.self.id};
    };
    requestAnimationFrame(look);
  });
  return window.starfray.state.self.id;
";

#[tokio::test]
async fn a_tab_in_the_background_keeps_its_ship_and_is_current_in_its_first_draw() {
    let (driver, server) = (Driver::start().await, Server::start(&["--drones", "0"]).await);
    let (game, _) = player(&driver, &server, "ada").await;
    let ship = game.run(WATCH).await;
    let left = server.arena().await.tick;
    game.behind_another_tab(async {
        until("five seconds of ticks", LATER, async || {
            (server.arena().await.tick > left + 150).then_some(())
        })
        .await;
    })
    .await;
    let now = server.arena().await.tick;
    let away = until("a draw after the return", LATER, async || {
        let away = game.run("return window.away").await;
        (!away["back"].is_null()).then_some(away)
    })
    .await;
    assert_eq!(away["hidden"], true);
    let back = &away["back"];
    assert_eq!((&back["id"], &back["correction"]), (&ship, &0.into()), "{back}");
    assert_eq!(back["draws"], 1, "{back}");
    // What was heard up to the return is all there: nothing is played again.
    assert!(back["tick"].as_u64().unwrap() + 15 >= u64::from(now), "{back}, and the server is at {now}");
    game.close().await;
    server.stop().await;
}
