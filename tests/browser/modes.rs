//! Teams and rounds as people see them.

use crate::{assert_well, in_phase, player};
use e2e::browser::state::{BoardPhase, Contest, Phase, Play};
use e2e::browser::{Driver, PHONE, Page, WIDE, fly};
use e2e::patience::{LATER, until};
use e2e::server::Server;

/// A picture on a phone and on a small laptop. A podium is not shown for longer than that takes.
async fn pictures(page: &Page, name: &str) {
    for (called, size) in [("laptop", WIDE), ("phone", PHONE)] {
        page.resize(size).await;
        page.save_picture(&format!("{name}-{called}")).await;
    }
    page.resize_back().await;
}

#[tokio::test]
async fn two_teams_are_seen_by_colour_and_sign() {
    let args = ["--modes", "teams", "--drones", "10", "--arena-size", "1024"];
    let (driver, server) = (Driver::start().await, Server::start(&args).await);
    let (ada, _) = player(&driver, &server, "ada").await;
    let (bob, _) = player(&driver, &server, "bob").await;
    let mut teams = Vec::new();
    for page in [&ada, &bob] {
        let own = |state: &Play| Some(state.contest.team.clone()).filter(|team| !team.is_empty());
        let team = page.play("the own team", own).await;
        let marked = format!("return document.querySelector('#team-{team}').dataset.own");
        assert_eq!(page.run(&marked).await, "yes");
        assert_eq!(page.play("the mode", |state| Some(state.contest.mode.clone())).await, "teams");
        teams.push(team);
    }
    teams.sort_unstable();
    assert_eq!(teams, ["moons", "suns"], "they are dealt out");
    assert_well(&bob).await;
    bob.close().await;
    let both = |state: &Play| {
        let seen = |team: &str| state.ships.iter().any(|ship| ship.team == team);
        (seen("suns") && seen("moons")).then_some(())
    };
    fly(
        &ada,
        "company",
        |_| Some((512.0, 512.0)),
        |state| both(state).is_some() || state.phase != Phase::Playing,
    )
    .await;
    let signs = "return document.querySelectorAll('.top-row.suns').length > 0 && document.querySelectorAll('.top-row.moons').length > 0";
    until("the board shows teams", LATER, async || (ada.run(signs).await == true).then_some(())).await;
    pictures(&ada, "teams").await;
    assert_well(&ada).await;
    ada.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_round_ends_its_podium_is_seen_and_play_goes_on_by_itself() {
    let rounds = ["--modes", "team-rounds", "--round-time", "6s", "--podium-time", "12s"];
    let args = [&rounds[..], &["--drones", "6", "--arena-size", "1536"]].concat();
    let (driver, server) = (Driver::start().await, Server::start(&args).await);
    let address = server.url("/leaderboard");
    let ((ada, _), board) =
        tokio::join!(player(&driver, &server, "ada"), Page::open(&driver, &address, WIDE));
    board.board("the live board", |board| (board.phase == BoardPhase::Live).then_some(())).await;
    ada.play("the clock", |state| state.contest.left.filter(|left| *left > 0.0 && *left <= 12.0)).await;
    until("the clock is shown", LATER, async || ada.text("#clock").await.contains(':').then_some(())).await;
    // From its beginning: pictures take a while.
    let begins = |state: &Play| {
        let Contest { podium, podiums, left, .. } = &state.contest;
        (*podium && *podiums > 0 && left.is_some_and(|left| left > 7.0)).then_some(())
    };
    ada.play("the podium", begins).await;
    let shown = "return getComputedStyle(document.querySelector('#podium')).display";
    assert_eq!(ada.run(shown).await, "block");
    until("the steps have names", LATER, async || {
        (!ada.text("#podium-title").await.is_empty()).then_some(())
    })
    .await;
    until("who watches sees it", LATER, async || {
        board.text("#contest").await.contains("Podium").then_some(())
    })
    .await;
    pictures(&ada, "podium").await;
    board.save_picture("podium-board").await;
    let was = ada.play("a phase", |state| Some(state.phase)).await;
    ada.play("it goes on", |state| (!state.contest.podium).then_some(())).await;
    if was == Phase::Playing {
        ada.play("a fresh ship, without a key", |state| state.own.map(|_| ())).await;
        ada.play("flying", |state| in_phase(state, Phase::Playing)).await;
    }
    assert_well(&ada).await;
    assert_eq!(board.complaints().await, Vec::<String>::new());
    ada.close().await;
    board.close().await;
    server.stop().await;
}
