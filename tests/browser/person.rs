//! What a person does, in one sitting: settings, hints, a life and its end; and the audit of every screen on the way.

use crate::audit::audit;
use crate::pictures::each_size;
use crate::{SMALL, assert_well, in_phase};
use bots::pilot::Behaviour;
use e2e::browser::state::{Phase, Play};
use e2e::browser::{Driver, HANDY, Page, Size, fly};
use e2e::patience::{LATER, until};
use e2e::scene;
use e2e::server::Server;
use tokio::task::JoinSet;

/// The client comes late, as over a slow line.
const SLOWLY: &str = "
  const compile = WebAssembly.compileStreaming;
  WebAssembly.compileStreaming = async (code) => {
    await new Promise((done) => setTimeout(done, 1500));
    return compile(code);
  };";

/// A phone held flat, and a big screen.
const FLAT: Size = Size { width: 844, height: 390, phone: true, density: 2.0 };
const BIG: Size = Size { width: 2560, height: 1440, phone: false, density: 1.0 };

#[tokio::test]
async fn a_person_sets_the_page_up_learns_to_fly_dies_and_flies_again() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let page = Page::open_after(SLOWLY, &driver, &server.url("/"), HANDY).await;
    page.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    the_title_was_painted_before_the_arena(&page).await;
    audit(&page, "title").await;
    settings_are_found_again(&page).await;
    page.click("#hulls label:nth-of-type(2)").await;
    page.enter_name("ada").await;
    page.play("the ship", |state| state.own.map(|_| ())).await;
    hints_go_away_once_done(&page).await;
    audit(&page, "playing").await;
    page.play("sounds are heard", |state| (state.sound.runs && state.sound.played > 2).then_some(())).await;
    dies_and_reads_the_summary(&page, &server).await;
    audit(&page, "dead").await;
    flies_again(&page).await;
    assert_well(&page).await;
    let board = server.url("/leaderboard");
    page.run(&format!("location.href = {board:?}")).await;
    page.board("the board", |board| (board.total > 0).then_some(())).await;
    audit(&page, "leaderboard").await;
    page.close().await;
    server.stop().await;
}

/// What is on the page itself did not wait for the client.
async fn the_title_was_painted_before_the_arena(page: &Page) {
    let arena = page.play("the first picture", |state| state.first_draw_ms).await;
    let script = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
    let title = until("something is painted", LATER, async || page.run(script).await.as_f64()).await;
    assert!(title < arena, "{title} ms and {arena} ms");
}

/// Changes each kind of setting by keyboard or click, loads the page anew, and has them all back.
async fn settings_are_found_again(page: &Page) {
    page.run("document.querySelector('#settings-open').focus()").await;
    tap(page, '\u{e007}').await;
    until("the panel", LATER, async || {
        (page.run("return document.querySelector('#settings').open").await == true).then_some(())
    })
    .await;
    audit(page, "settings").await;
    page.click("#set-muted").await;
    page.play("silence", |state| (state.sound.volume == 0.0).then_some(())).await;
    for (field, choice) in
        [("text", "large"), ("colours", "red-green"), ("motion", "less"), ("language", "de")]
    {
        let script = format!(
            "const it = document.querySelector('#set-{field}'); it.value = '{choice}'; it.dispatchEvent(new Event('input', {{bubbles: true}}))"
        );
        page.run(&script).await;
    }
    assert_eq!(page.text("#settings-title").await, "Einstellungen");
    page.click("#set-left").await;
    page.click("#set-muted").await;
    let kept = page.play("the settings", |state| Some(state.settings.clone())).await;
    assert!(kept.contains("left=yes") && kept.contains("muted=no"), "{kept}");
    // Escape closes the panel, and the focus is where it was.
    tap(page, '\u{e00c}').await;
    let focus =
        page.run("return [document.querySelector('#settings').open, document.activeElement.id]").await;
    assert_eq!(focus, serde_json::json!([false, "settings-open"]));
    page.run("location.reload()").await;
    page.play("the same settings", |state| {
        (state.phase == Phase::Menu && state.settings == kept).then_some(())
    })
    .await;
    let shown = "const it = document.body.dataset; return [document.documentElement.lang, it.motion, it.colours, it.hand, document.querySelector('.tagline').textContent]";
    let german = serde_json::json!(["de", "less", "red-green", "left", "Eine Arena. Alle sind drin."]);
    assert_eq!(page.run(shown).await, german);
    page.run("localStorage.removeItem('starfray.settings'); location.reload()").await;
    page.play("the usual ones", |state| (state.phase == Phase::Menu && state.language == "en").then_some(()))
        .await;
}

/// Does what each hint says, and is shown the next.
async fn hints_go_away_once_done(page: &Page) {
    let hint = async |name: &str| page.play(name, |state| (state.hint == name).then_some(())).await;
    hint("thrust").await;
    assert!(page.text("#hint").await.contains('W'));
    page.press('w').await;
    hint("turn").await;
    page.press('d').await;
    hint("fire").await;
    page.press(' ').await;
    // The ship may have flown into a shard by now; what is done is not asked for.
    page.play("gather", |state| ["gather", "energy"].contains(&&*state.hint).then_some(())).await;
    page.let_go().await;
    let nearest = |state: &Play| state.nearest_shard().map(|shard| (shard.x, shard.y));
    fly(page, "a shard is gathered", nearest, |state| state.hint != "gather").await;
    hint("energy").await;
    page.press('e').await;
    page.play("no hint is left", |state| state.hint.is_empty().then_some(())).await;
    page.let_go().await;
    assert_eq!(
        page.run("return localStorage.getItem('starfray.hints')").await,
        "thrust,turn,fire,gather,energy"
    );
}

async fn dies_and_reads_the_summary(page: &Page, server: &Server) {
    let mut crowd = JoinSet::new();
    for seed in 1..=5 {
        let name = format!("hunter {seed}");
        let mut hunter = scene::player(&server.ws(), &name).await;
        crowd.spawn(async move { scene::fly_for_ever(&mut hunter, &name, Behaviour::Hunt, seed).await });
    }
    fly(page, "the end of a life", |_| Some((512.0, 512.0)), |state| state.phase == Phase::Dead).await;
    until("the feed", LATER, async || page.text("#feed").await.contains("destroyed ada").then_some(())).await;
    assert!(page.text("#killer").await.contains("hunter"), "{}", page.text("#killer").await);
    assert!(page.text("#killer-from").await.contains("came from"));
    assert_ne!(page.text("#life-rank").await, "–");
    // Before playing again one watches who did it, or who leads.
    until("whom one watches", LATER, async || page.text("#watching").await.contains("hunter").then_some(()))
        .await;
    page.play("the map shows others", |state| (state.marks > 1).then_some(())).await;
    each_size(page, "dead").await;
    watches_the_killer_and_others(page).await;
    crowd.shutdown().await;
}

/// Sees the arena without the card, steps from one to another, and is back at the card.
async fn watches_the_killer_and_others(page: &Page) {
    let card = "return getComputedStyle(document.querySelector('#card')).display !== 'none'";
    page.click("#watch-killer").await;
    assert_eq!(page.run(card).await, false);
    let first = page.play("whom one watches", |state| (state.watched != 0).then_some(state.watched)).await;
    assert!(page.text("#watch-name").await.contains("hunter"));
    audit(page, "watching").await;
    each_size(page, "watching").await;
    tap(page, 'd').await;
    page.play("the next one", |state| (![0, first].contains(&state.watched)).then_some(())).await;
    page.click("#watch-before").await;
    page.play("another one", |state| (state.watched != 0).then_some(())).await;
    tap(page, '\u{e00c}').await;
    assert_eq!(page.run(card).await, true);
}

async fn flies_again(page: &Page) {
    // The grace after a death is over once the key is taken.
    until("a new life", LATER, async || {
        tap(page, '\u{e007}').await;
        page.state::<Play>().await.filter(|state| state.phase == Phase::Playing).map(|_| ())
    })
    .await;
}

#[tokio::test]
async fn a_phone_held_flat_and_a_big_screen_show_all_there_is() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let page = Page::open(&driver, &server.url("/"), FLAT).await;
    page.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    for size in [FLAT, BIG] {
        page.resize(size).await;
        fits(&page, &["#title h1", "#name", "#join button", "#hulls", "#settings-open"]).await;
    }
    page.resize(FLAT).await;
    page.enter_name("ada").await;
    page.play("the ship", |state| state.own.map(|_| ())).await;
    until("a hint for fingers, as a phone has no keys", LATER, async || {
        (page.text("#hint").await == "Drag anywhere to thrust.").then_some(())
    })
    .await;
    for size in [FLAT, BIG] {
        page.resize(size).await;
        let hud = ["#score", "#hull", "#energy", "#top", "#map", "#settings-in-play"];
        fits(&page, &hud).await;
    }
    assert_well(&page).await;
    page.close().await;
    server.stop().await;
}

/// Each of these is on the screen, whole.
async fn fits(page: &Page, selectors: &[&str]) {
    page.run_async("const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(done))")
        .await;
    for selector in selectors {
        let script = format!(
            "const it = document.querySelector({selector:?}).getBoundingClientRect();
             return it.width > 0 && it.left >= 0 && it.top >= 0 && it.right <= innerWidth && it.bottom <= innerHeight"
        );
        assert_eq!(page.run(&script).await, true, "{selector}");
    }
}

async fn tap(page: &Page, key: char) {
    page.press(key).await;
    page.let_go().await;
}
