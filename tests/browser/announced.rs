//! What an operator says, on the page of who plays: as text, read out, and gone after a while.

use crate::audit::audit;
use crate::{SMALL, assert_well, player};
use e2e::browser::{Driver, PHONE, WIDE};
use e2e::http::request;
use e2e::patience::{SOON, until};
use e2e::server::Server;

/// `<img src=x onerror=document.title=1> We restart at ten.`
const MARKUP: &str = "%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D1%3E%20We%20restart%20at%20ten.";

#[tokio::test]
async fn what_an_operator_says_is_shown_as_text_and_read_out() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, "an-operators-key-of-many-letters").unwrap();
    let args = [&SMALL[..], &["--operator-key", key.to_str().unwrap()]].concat();
    let (driver, server) = (Driver::start().await, Server::start(&args).await);
    let (page, _) = player(&driver, &server, "ada").await;
    let shown = "return document.querySelector('#announced').checkVisibility()";
    assert_eq!(page.run(shown).await, false);
    // What is read out has to be there before anything is in it.
    let live = "const box = document.querySelector('#announced').parentElement; return [box.role, box.ariaLive, box.checkVisibility()]";
    assert_eq!(page.run(live).await, serde_json::json!(["status", "polite", true]));
    let proof = [("Authorization", "Bearer an-operators-key-of-many-letters")];
    let said = request(server.address(), "POST", &format!("/api/announce?text={MARKUP}"), &proof).await;
    assert_eq!(said.status, 200, "{said:?}");
    until("it is shown", SOON, async || (page.run(shown).await == true).then_some(())).await;
    assert_eq!(page.text("#announced-line").await, "<img src=x onerror=document.title=1> We restart at ten.");
    let elements = "return [document.querySelectorAll('#announced img').length, document.title]";
    assert_eq!(page.run(elements).await, serde_json::json!([0, "Starfray"]));
    for (size, called) in [(PHONE, "phone"), (WIDE, "laptop")] {
        page.resize(size).await;
        page.save_picture(&format!("announced-{called}")).await;
    }
    audit(&page, "announced").await;
    assert_well(&page).await;
    page.close().await;
    server.stop().await;
}
