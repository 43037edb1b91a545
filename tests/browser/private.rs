//! A private arena, from the button that makes one to two tabs that meet there.

use crate::{assert_well, in_phase};
use e2e::browser::state::Phase;
use e2e::browser::{Driver, HANDY, PHONE, Page, WIDE, join};
use e2e::patience::{LATER, until};
use e2e::server::Server;
use shared::private;
use shared::protocol::CloseReason;

/// What `script` gives, once that is not empty.
async fn text_of(page: &Page, what: &str, script: &str) -> String {
    until(what, LATER, async || {
        page.run(script).await.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    })
    .await
}

#[tokio::test]
async fn the_button_makes_a_private_arena_whose_link_brings_a_friend_there() {
    let (driver, server) = (Driver::start().await, Server::start(&["--arena-size", "1024"]).await);
    let ada = Page::open(&driver, &server.url("/"), HANDY).await;
    ada.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    until("the button", LATER, async || {
        (ada.run("return !document.querySelector('#private-new').hidden").await == true).then_some(())
    })
    .await;
    ada.click("#private-new").await;
    let link = text_of(&ada, "the link", "return document.querySelector('#private-link')?.value ?? ''").await;
    let name = link.split_once("?arena=").expect("the link names the arena").1;
    assert!(private::is_name(name), "{link}");
    ada.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    for (size, called) in [(PHONE, "phone"), (WIDE, "laptop")] {
        ada.resize(size).await;
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(ada.run(fits).await, true, "{called}");
        ada.save_picture(&format!("private-{called}")).await;
    }
    ada.resize_back().await;
    ada.click("#private-copy").await;
    text_of(
        &ada,
        "it says that the link is copied",
        "return document.querySelector('#private-copied').innerText",
    )
    .await;
    ada.enter_name("ada").await;
    let ada_id = ada.play("the ship", |state| state.own.is_some().then_some(state.player)).await;
    let (bob, bob_id) = join(&driver, &link, "bob").await;
    for (page, other) in [(&ada, bob_id), (&bob, ada_id)] {
        page.play("two people", |state| (state.players == 2 && other != 0).then_some(())).await;
    }
    let outside = server.arena().await.players;
    assert_eq!(outside, 0, "nobody is in the arena that is open to all");
    assert_well(&ada).await;
    assert_well(&bob).await;
    ada.close().await;
    bob.close().await;
    server.stop().await;
}

#[tokio::test]
async fn who_comes_to_a_full_house_is_told_so() {
    let one = ["--arena-size", "1024", "--private-arenas", "1"];
    let (driver, server) = (Driver::start().await, Server::start(&one).await);
    let first = Page::open(&driver, &server.url("/?arena=one-two-three"), HANDY).await;
    first.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    let second = Page::open(&driver, &server.url("/?arena=two-three-four"), HANDY).await;
    second
        .play("why it is closed", |state| {
            (state.last_close.as_ref()?.code == CloseReason::PrivateFull.code()).then_some(())
        })
        .await;
    assert!(second.text("#lost-what").await.contains("private arenas are in use"));
    first.close().await;
    second.close().await;
    server.stop().await;
}

#[tokio::test]
async fn of_several_arenas_the_title_offers_each() {
    let (driver, server) = (Driver::start().await, Server::start(&["--arenas", "3"]).await);
    let page = Page::open(&driver, &server.url("/?arena=2"), WIDE).await;
    page.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    let listed =
        "return [...document.querySelectorAll('#arenas a')].map(it => it.getAttribute('href')).join(' ')";
    assert_eq!(text_of(&page, "the arenas", listed).await, "/?arena=1 /?arena=2 /?arena=3");
    let here = "return document.querySelector('#arenas [aria-current=page]').getAttribute('href')";
    assert_eq!(page.run(here).await, "/?arena=2");
    page.click("#arenas a[href='/?arena=3']").await;
    text_of(&page, "the third", "return location.search === '?arena=3' ? 'there' : ''").await;
    page.play("the title screen", |state| in_phase(state, Phase::Menu)).await;
    for (size, called) in [(PHONE, "phone"), (WIDE, "laptop")] {
        page.resize(size).await;
        page.save_picture(&format!("arenas-{called}")).await;
    }
    page.close().await;
    server.stop().await;
}
