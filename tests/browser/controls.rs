//! Hands on the page: two thumbs, a gamepad, keys that were chosen.

use crate::{SMALL, assert_well, player};
use e2e::browser::state::{Phase, Play};
use e2e::browser::{Driver, HANDY, PHONE, Page};
use e2e::patience::{LATER, until};
use e2e::server::Server;

#[tokio::test]
async fn two_thumbs_fly_and_fire_at_once_and_the_page_stays_where_it_is() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let page = Page::open(&driver, &server.url("/"), PHONE).await;
    page.play("the title screen", |state| (state.phase == Phase::Menu).then_some(())).await;
    page.enter_name("ada").await;
    let from = page.play("the ship", place).await;
    page.play("it is drawn", |state| (state.draws > 5).then_some(())).await;
    let fire = "const it = document.querySelector('#fire').getBoundingClientRect(); return [it.x + it.width / 2, it.y + it.height / 2]";
    let fire = page.run(fire).await;
    let fire = (fire[0].as_f64().expect("a number"), fire[1].as_f64().expect("a number"));
    page.thumbs((110.0, 560.0), (110.0, 480.0), (fire.0.round(), fire.1.round())).await;
    let flies = |state: &Play| (state.shots > 0 && way(from, place(state)?) > 20.0).then_some(());
    page.play("the ship flies and fires", flies).await;
    let script = "return [scrollX, scrollY, document.scrollingElement.scrollTop, visualViewport.scale, visualViewport.offsetTop]";
    assert_eq!(page.run(script).await, serde_json::json!([0, 0, 0, 1, 0]));
    page.let_go().await;
    page.play("the gun is silent", |state| (state.shots == 0).then_some(())).await;
    assert_well(&page).await;
    page.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_gamepad_flies_and_fires() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let (page, _) = player(&driver, &server, "ada").await;
    let from = page.play("the ship", place).await;
    let pad = |y: f64, fire: bool| {
        format!(
            "const pad = {{connected: true, axes: [0, {y}], buttons: [{{pressed: {fire}}}]}}; navigator.getGamepads = () => [null, pad]"
        )
    };
    page.run(&pad(if from.1 > 512.0 { -1.0 } else { 1.0 }, true)).await;
    let flies = |state: &Play| (state.shots > 0 && way(from, place(state)?) > 20.0).then_some(());
    page.play("the ship flies and fires", flies).await;
    page.run(&pad(0.1, false)).await;
    page.play("the gun is silent", |state| (state.shots == 0).then_some(())).await;
    assert_well(&page).await;
    page.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_key_that_is_chosen_flies_the_ship_and_is_remembered() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let page = Page::open(&driver, &server.url("/"), HANDY).await;
    page.play("the title screen", |state| (state.phase == Phase::Menu).then_some(())).await;
    // By keyboard alone: the settings open, the first button takes the key.
    page.run("document.querySelector('#settings-open').focus()").await;
    tap(&page, '\u{e007}').await;
    page.run("document.querySelector('#keys button').focus()").await;
    tap(&page, '\u{e007}').await;
    shows(&page, "#keys-note", "Press a key").await;
    tap(&page, 'i').await;
    shows(&page, "#keys button", "I").await;
    page.run("location.reload()").await;
    page.play("the title screen", |state| (state.phase == Phase::Menu).then_some(())).await;
    page.enter_name("ada").await;
    let from = page.play("the ship", place).await;
    page.press('i').await;
    page.play("the ship flies", |state| (way(from, place(state)?) > 20.0).then_some(())).await;
    page.let_go().await;
    assert_well(&page).await;
    page.close().await;
    server.stop().await;
}

async fn tap(page: &Page, key: char) {
    page.press(key).await;
    page.let_go().await;
}

async fn shows(page: &Page, selector: &str, text: &str) {
    until(text, LATER, async || page.text(selector).await.contains(text).then_some(())).await;
}

fn place(state: &Play) -> Option<(f64, f64)> {
    state.own.map(|own| (own.x, own.y))
}

fn way(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}
