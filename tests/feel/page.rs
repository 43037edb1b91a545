//! The page in a real browser, over the bad link. What is measured between draws the page measures itself; what that says is
//! in `client-web/src/probe.rs` and, of smoothness, in `client-web/src/world/smoothness.rs`.

use crate::ALONE;
use bots::pilot::Behaviour;
use e2e::browser::state::{Feel, Own, Phase, Play};
use e2e::browser::{Driver, Page, Size};
use e2e::link::{Conditions, Link};
use e2e::patience::LATER;
use e2e::scene;
use e2e::server::Server;
use std::time::{Duration, Instant};

/// Small, so that a machine that draws in software draws sixty times a second. What is measured in pixels is stated for a
/// screen 1920 wide all the same.
const SMALL: Size = Size { width: 320, height: 180, phone: false, density: 1.0 };

async fn pilot(driver: &Driver, url: &str) -> Page {
    let page = Page::open(driver, url, SMALL).await;
    page.play("the title screen", |state: &Play| (state.phase == Phase::Menu).then_some(())).await;
    page.enter_name("ada").await;
    // The first draws take long: the browser makes ready what it draws with.
    let draws = page.play("the ship", |state| state.own.map(|_| state.draws)).await;
    page.play("it is drawn", |state| (state.draws > draws + 10).then_some(())).await;
    page
}

async fn feel(page: &Page) -> Feel {
    page.play("its feel", |state| state.feel).await
}

#[tokio::test]
async fn others_are_drawn_smoothly_and_are_current_within_a_tenth_of_a_second_after_a_stall() {
    let (driver, server) =
        (Driver::start().await, Server::start(&["--drones", "0", "--arena-size", "1024"]).await);
    let link = Link::to(server.address(), Conditions::rough(3)).await;
    let mut crowd = tokio::task::JoinSet::new();
    for (behaviour, seed) in [(Behaviour::Play, 1), (Behaviour::Wander, 2), (Behaviour::Play, 3)] {
        let name = format!("other {seed}");
        let mut other = scene::player(&server.ws(), &name).await;
        crowd.spawn(async move { scene::fly_for_ever(&mut other, &name, behaviour, seed).await });
    }
    let page = pilot(&driver, &link.url("/")).await;
    let mut rewinds = Vec::new();
    let enough = |feel: &Feel| feel.gaps >= 2 && feel.compared >= 800;
    let end = Instant::now() + LATER;
    while !enough(&feel(&page).await) {
        assert!(
            Instant::now() < end,
            "two stalls and 800 draws at no less than 20 a second: {:?}",
            feel(&page).await
        );
        tokio::time::sleep(Duration::from_millis(450)).await;
        rewinds.push(feel(&page).await.rewind_ms);
    }
    let state: Play = page.state().await.expect("a state");
    let (Feel { jump_px, jump_gap_px, compared, gaps, heal_ms, .. }, net) =
        (state.feel.expect("its feel"), state.net);
    rewinds.sort_by(f64::total_cmp);
    let (rewind, longest) = (rewinds[rewinds.len() / 2], rewinds[rewinds.len() - 1]);
    println!(
        "others, largest unexplained jump outside stalls: {jump_px:.2} px of {compared} draws, less than 2 px ({jump_gap_px:.1} px in stalls)"
    );
    println!(
        "{:.0} draws a second, jitter {:.0} ms, inputs {:.1} ticks early",
        net.draws_per_second, net.jitter_ms, net.margin
    );
    println!("current again after {gaps} stalls: within {heal_ms:.0} ms of the first frame, at most 100 ms");
    println!(
        "others behind the own ship: {rewind:.0} ms in the median, {longest:.0} ms at most, rewound at most 200 ms"
    );
    page.close().await;
    crowd.shutdown().await;
    server.stop().await;
    assert!(jump_px < 2.0);
    assert!(heal_ms < 100.0);
    assert!(rewind < 200.0);
}

#[tokio::test]
async fn a_key_shows_in_the_same_draw_and_the_own_ship_is_never_corrected_without_contact() {
    let (driver, server) = (Driver::start().await, Server::start(&ALONE).await);
    let link = Link::to(server.address(), Conditions::rough(4)).await;
    let page = pilot(&driver, &link.url("/")).await;
    for key in ['a', 'd'].into_iter().cycle().take(20) {
        tap(&page, key).await;
    }
    let Feel { keys, key_draws, .. } = feel(&page).await;
    println!(
        "own ship, key to the first draw that shows it: draw {key_draws} after the key at most, of {keys} keys"
    );
    let mut free = Vec::new();
    while free.len() < 3 {
        link.calm(Duration::from_millis(4500)).await;
        // What the last stall held up is over.
        tokio::time::sleep(Duration::from_millis(700)).await;
        free.extend(corrections(&page, &server).await);
    }
    println!("own ship, corrections without contact in three flights between stalls: {free:?}");
    page.close().await;
    server.stop().await;
    assert!(keys >= 20 && key_draws == 1);
    assert_eq!(free, [0, 0, 0]);
}

/// The key that boosts, as WebDriver says it.
const SHIFT: char = '\u{e008}';

/// Turns the ship, which is at rest, until that shows, and lets it rest again.
async fn tap(page: &Page, key: char) {
    let before = feel(page).await.keys;
    page.press(key).await;
    page.play("the key shows", |state| state.feel.filter(|feel| feel.keys > before).map(|_| ())).await;
    page.let_go().await;
    page.run_async("const [done] = arguments; setTimeout(done, 60)").await;
}

/// Flies for three seconds; gives how often the ship was corrected, unless something was so near that it may have been
/// touched, or an input was late.
async fn corrections(page: &Page, server: &Server) -> Option<u32> {
    let late = server.arena().await.late_inputs;
    let (before, end) = (feel(page).await.corrections, Instant::now() + Duration::from_secs(3));
    let (mut touched, mut drawn_off) = (false, false);
    for key in ['d', 'w', 'a', SHIFT, 'w', 'e', SHIFT].into_iter().cycle() {
        page.press(key).await;
        let state: Play = page.state().await.expect("a state");
        touched |= state.own.is_none_or(|own| state.rocks.iter().any(|rock| near(&own, rock.x, rock.y)));
        drawn_off |= state.own.is_some_and(|own| own.correction != 0.0);
        page.let_go().await;
        if Instant::now() > end {
            break;
        }
    }
    let corrections = feel(page).await.corrections - before;
    let late = server.arena().await.late_inputs - late;
    assert!(corrections > 0 || !drawn_off, "what is never corrected is drawn where it is");
    (!touched && late == 0).then_some(corrections)
}

fn near(own: &Own, x: f64, y: f64) -> bool {
    (own.x - x).hypot(own.y - y) < 160.0
}

#[tokio::test]
async fn a_page_whose_connection_is_cut_flies_the_same_ship_again_within_a_second() {
    let (driver, server) = (Driver::start().await, Server::start(&ALONE).await);
    let link = Link::to(server.address(), Conditions::calm(6)).await;
    let page = pilot(&driver, &link.url("/")).await;
    let own = |state: &Play| state.own.map(|own| (state.player, own.id, own.score));
    let mut took = Vec::new();
    for _ in 0..8 {
        let before = page.play("the ship", own).await;
        let session = page.play("the session", |state| Some(state.session)).await;
        link.cut();
        let cut = Instant::now();
        let again =
            |state: &Play| own(state).filter(|_| state.session != session && state.phase == Phase::Playing);
        let after = page.play("the ship is back", again).await;
        took.push(cut.elapsed());
        assert_eq!(after, before);
    }
    took.sort();
    println!("page, resumed after a cut: {took:.0?}, less than 1 s");
    page.close().await;
    server.stop().await;
    assert!(took.iter().all(|time| *time < Duration::from_secs(1)));
}

#[tokio::test]
async fn a_page_that_was_away_for_longer_than_the_grace_time_starts_anew_and_says_so() {
    let (driver, server) = (Driver::start().await, Server::start(&ALONE).await);
    let link = Link::to(server.address(), Conditions::default()).await;
    let page = pilot(&driver, &link.url("/")).await;
    let before = page.play("the ship", |state| state.own.map(|own| own.id)).await;
    link.sever();
    page.play("the page is lost", |state| (state.phase == Phase::Lost).then_some(())).await;
    e2e::patience::until("the ship is gone", LATER, async || {
        (server.arena().await.players == 0).then_some(())
    })
    .await;
    link.mend();
    page.run("window.dispatchEvent(new Event('online'))").await;
    let again = |state: &Play| state.own.filter(|_| state.phase == Phase::Playing).map(|own| own.id);
    let after = page.play("a ship", again).await;
    assert_ne!(after, before);
    assert!(page.text("#toasts").await.contains("This is a new one"), "it says which");
    page.close().await;
    server.stop().await;
}

#[tokio::test]
async fn of_two_pages_with_one_token_the_newer_flies_and_the_older_is_told() {
    let (driver, server) = (Driver::start().await, Server::start(&ALONE).await);
    let older = pilot(&driver, &server.url("/")).await;
    let ship = older.play("the ship", |state| state.own.map(|own| own.id)).await;
    let token = older.run("return sessionStorage.getItem('starfray.token')").await;
    let newer = Page::open(&driver, &server.url("/healthz"), SMALL).await;
    newer.run(&format!("sessionStorage.setItem('starfray.token', {token}); location.href = '/'")).await;
    let flies =
        |state: &Play| state.own.filter(|own| own.id == ship && state.phase == Phase::Playing).map(|_| ());
    newer.play("the newer flies the same ship", flies).await;
    let close = older.play("the older is told", |state| state.last_close.clone()).await;
    assert_eq!(close.code, shared::protocol::CloseReason::Replaced.code());
    assert!(older.text("#lost").await.contains(&close.sentence));
    newer.close().await;
    older.close().await;
    server.stop().await;
}
