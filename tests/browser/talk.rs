//! People talk to each other: lines, phrases in the reader's own language, and who is muted is not heard any more.

use crate::audit::audit;
use crate::{SMALL, assert_well, player};
use bots::client::Client;
use e2e::browser::state::Play;
use e2e::browser::{Driver, PHONE, Page};
use e2e::patience::{LATER, SOON, until};
use e2e::scene;
use e2e::server::Server;
use shared::protocol::ClientMessage;

/// Would be elements, and do something, if it were ever taken for HTML.
const MARKUP: &str = "<img src=x onerror=document.title=1> <i-x>www</i-x> http://example.org";

const ENTER: char = '\u{e007}';
const ESCAPE: char = '\u{e00c}';

#[tokio::test]
async fn people_talk_read_it_as_text_in_their_language_and_mute_whom_they_like() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let ((ada, _), (bob, _)) = tokio::join!(player(&driver, &server, "ada"), player(&driver, &server, "bob"));
    bob.run("localStorage.setItem('starfray.settings', 'language=de'); location.reload()").await;
    bob.play("German", |state| (state.language == "de" && state.own.is_some()).then_some(())).await;
    says_a_line(&ada).await;
    reads(&bob, MARKUP).await;
    let elements =
        "return [document.querySelectorAll('#talk-log img, #talk-log a, i-x').length, document.title]";
    assert_eq!(bob.run(elements).await, serde_json::json!([0, "Starfray"]));
    tap(&ada, 'v').await;
    tap(&ada, '3').await;
    reads(&ada, "Nice shot!").await;
    reads(&bob, "Guter Schuss!").await;
    tap(&bob, 'v').await;
    audit(&bob, "chat").await;
    bob.click(".talk-mute").await;
    until("ada's lines are gone", LATER, async || lines(&bob).await.is_empty().then_some(())).await;
    tap(&bob, ESCAPE).await;
    assert_eq!(bob.run("return document.body.dataset.talk").await, "closed");
    muted_for_good(&ada, &bob, &server).await;
    too_much_is_told(&ada).await;
    assert_well(&ada).await;
    assert_well(&bob).await;
    ada.close().await;
    bob.close().await;
    server.stop().await;
}

/// Types into the line; the ship is not flown by it. Asteroids may move it meanwhile, but what is typed would turn it.
async fn says_a_line(page: &Page) {
    let heading = page.play("the ship", |state: &Play| state.own.map(|own| own.heading)).await;
    tap(page, ENTER).await;
    assert_eq!(page.run("return document.activeElement.id").await, "talk-line");
    page.type_into("#talk-line", &format!("{MARKUP}{ENTER}")).await;
    reads(page, MARKUP).await;
    assert_eq!(page.run("return [document.activeElement.id, document.body.dataset.talk]").await[1], "closed");
    let now = page.play("the ship", |state: &Play| state.own.map(|own| own.heading)).await;
    assert_eq!(now, heading, "what is typed does not fly");
}

/// Whoever is muted is not shown after a reload either; others are.
async fn muted_for_good(ada: &Page, bob: &Page, server: &Server) {
    bob.run("location.reload()").await;
    bob.play("bob flies on", |state| state.own.map(|_| ())).await;
    tap(ada, 'v').await;
    tap(ada, '1').await;
    reads(ada, "Hello!").await;
    let mut eve = scene::player(&server.ws(), "eve").await;
    until("eve is announced", LATER, async || bob.text("#feed").await.contains("eve ist da").then_some(()))
        .await;
    say(&mut eve, "last").await;
    reads(bob, "last").await;
    assert_eq!(lines(bob).await, "evelast", "and nothing of ada's");
}

async fn too_much_is_told(page: &Page) {
    for _ in 0..5 {
        tap(page, 'v').await;
        tap(page, '4').await;
    }
    until("a polite word", SOON, async || page.text("#toasts").await.contains("Not so fast").then_some(()))
        .await;
}

async fn say(client: &mut Client, text: &str) {
    client.send(&ClientMessage::Say { text: text.to_owned() }).await.expect("the session goes on");
}

/// What the log says, names and lines, without the buttons.
async fn lines(page: &Page) -> String {
    let script =
        "return [...document.querySelectorAll('.talk-line span')].map((it) => it.textContent).join('')";
    page.run(script).await.as_str().unwrap_or_default().to_owned()
}

async fn reads(page: &Page, text: &str) {
    until(text, LATER, async || lines(page).await.contains(text).then_some(())).await;
}

async fn tap(page: &Page, key: char) {
    page.press(key).await;
    page.let_go().await;
}

#[tokio::test]
async fn whoever_is_here_is_muted_from_the_list_by_keyboard_or_finger_before_a_word_was_said() {
    let (driver, server) = (Driver::start().await, Server::start(&SMALL).await);
    let (ada, _) = player(&driver, &server, "ada").await;
    let mut eve = scene::player(&server.ws(), "eve").await;
    let mut bob = scene::player(&server.ws(), "bob").await;
    // By keyboard alone: the chat opens, the list unfolds, the button is pressed.
    open_list(&ada).await;
    press_button_of(&ada, "eve", "Mute eve").await;
    audit(&ada, "who is here").await;
    tap(&ada, ESCAPE).await;
    for client in [&mut eve, &mut bob] {
        say(client, "first").await;
    }
    reads(&ada, "bobfirst").await;
    assert_eq!(lines(&ada).await, "bobfirst");
    // It holds in this browser from then on, and ends where it began; this time by a finger.
    ada.run("location.reload()").await;
    ada.play("ada flies on", |state| state.own.map(|_| ())).await;
    say(&mut eve, "second").await;
    say(&mut bob, "third").await;
    reads(&ada, "bobthird").await;
    assert_eq!(lines(&ada).await, "bobthird");
    ada.resize(PHONE).await;
    ada.click("#talk-open").await;
    ada.click("#people summary").await;
    until("the button of eve", LATER, async || {
        (ada.run(&of("eve", "getAttribute('aria-label')")).await == "Hear again: eve").then_some(())
    })
    .await;
    ada.save_picture("people-390x844").await;
    let size = ada.run(&of("eve", "getBoundingClientRect().height")).await;
    assert!(size.as_f64().is_some_and(|height| height >= 44.0), "a finger finds it: {size}");
    ada.run("document.querySelectorAll('.person-mute').forEach((it) => it.dataset.whose = it.getAttribute('aria-label'))")
        .await;
    ada.click("[data-whose='Hear again: eve']").await;
    ada.click("#talk-open").await;
    say(&mut eve, "fourth").await;
    reads(&ada, "evefourth").await;
    assert_well(&ada).await;
    ada.close().await;
    server.stop().await;
}

async fn open_list(page: &Page) {
    tap(page, 'v').await;
    page.run("document.querySelector('#people summary').focus()").await;
    tap(page, ENTER).await;
    until("the list", LATER, async || {
        (page.run("return document.querySelector('#people').open").await == true).then_some(())
    })
    .await;
}

/// Presses the button in the line of `name`, once that says what it should.
async fn press_button_of(page: &Page, name: &str, label: &str) {
    until(label, LATER, async || {
        (page.run(&of(name, "getAttribute('aria-label')")).await == label).then_some(())
    })
    .await;
    page.run(&of(name, "focus()")).await;
    tap(page, ENTER).await;
    until("it is turned", LATER, async || {
        (page.run(&of(name, "getAttribute('aria-label')")).await != label).then_some(())
    })
    .await;
}

/// A script that does something with the button in the line of `name`.
fn of(name: &str, deed: &str) -> String {
    format!(
        "return [...document.querySelectorAll('.person')].find((it) => it.textContent.startsWith({name:?}))?.querySelector('button').{deed}"
    )
}

#[tokio::test]
async fn where_the_operator_wants_no_chat_the_page_has_none() {
    let (driver, server) =
        (Driver::start().await, Server::start(&[&SMALL[..], &["--no-chat"]].concat()).await);
    let (ada, _) = player(&driver, &server, "ada").await;
    tap(&ada, ENTER).await;
    tap(&ada, 'v').await;
    let shown = "return ['#talk-form', '#talk-phrases', '#talk-open'].map((it) => getComputedStyle(document.querySelector(it)).display)";
    assert_eq!(ada.run(shown).await, serde_json::json!(["none", "none", "none"]));
    assert_well(&ada).await;
    ada.close().await;
    server.stop().await;
}
