//! What an operator says to everyone on a server alone: over HTTP, by a key, from a command.

use e2e::http::{get, request};
use e2e::patience::SOON;
use e2e::process::binary;
use e2e::scene::{player, session};
use e2e::server::Server;
use shared::protocol::Role;
use tempfile::TempDir;
use tokio::process::Command;

/// A folder with a key in it, and the file's path.
fn key(text: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("key");
    std::fs::write(&file, text).expect("a file can be written");
    let path = file.to_str().expect("its path is text").to_owned();
    (folder, path)
}

const KEY: &str = "an-operators-key-of-many-letters";

/// Runs `starfray announce`: whether it ended well, and what it said.
async fn announce(url: &str, key: &str, text: &str) -> (bool, String) {
    let mut command = Command::new(binary("starfray"));
    command.args(["announce", "--url", url, "--operator-key", key, text]);
    let done = command.output().await.expect("the command can be run");
    assert!(done.stdout.is_empty());
    (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
}

#[tokio::test]
async fn one_command_says_something_to_everyone_who_plays_also_in_private() {
    let (_folder, file) = key(&format!("{KEY}\n"));
    let server = Server::start(&["--operator-key", &file, "--arenas", "2"]).await;
    let mut ada = player(&server.ws(), "Ada").await;
    let mut private =
        bots::client::Client::connect(&server.ws()).await.expect("the server takes connections");
    private.say_hello_in(Role::Play, Some("otter-lagoon-maple".to_owned())).await.expect("it can be said");
    private.wait_until(SOON, |client| client.welcome().is_some()).await.expect("it is welcomed");
    let text = "<b>We restart</b> at ten & \u{2603}.";
    let (good, said) = announce(&server.url("/"), &file, text).await;
    assert!(good && said.contains("1 server"), "{said}");
    for client in [&mut ada, &mut private] {
        let told = client.wait_until(SOON, |client| client.announced() == Some(text));
        told.await.expect("everyone is told");
    }
    let mut late = session(&server.ws(), Role::Play).await;
    late.wait_until(SOON, |client| client.announced() == Some(text)).await.expect("who comes is told, too");
    server.stop().await;
}

#[tokio::test]
async fn nobody_says_anything_without_the_operators_key() {
    let ((_one, file), (_two, other)) = (key(KEY), key("another-key-that-is-as-long-as-it"));
    let server = Server::start(&["--operator-key", &file]).await;
    let ada = player(&server.ws(), "Ada").await;
    let ask = async |headers: &[(&str, &str)]| {
        request(server.address(), "POST", "/api/announce?text=hello", headers).await
    };
    let almost = format!("Bearer {}", &KEY[..KEY.len() - 1]);
    for headers in
        [&[][..], &[("Authorization", "Bearer ")], &[("Authorization", KEY)], &[("Authorization", &almost)]]
    {
        let answer = ask(headers).await;
        assert_eq!(answer.status, 401, "{headers:?}: {answer:?}");
        assert!(answer.header("www-authenticate").is_some(), "{answer:?}");
    }
    let (good, said) = announce(&server.url(""), &other, "hello").await;
    assert!(!good && said.contains("not the operator's key") && !said.contains("another-key"), "{said}");
    assert_eq!(get(server.address(), "/api/announce?text=hello").await.status, 405);
    assert_eq!(ada.announced(), None);
    server.stop().await;
    let without = Server::start(&[]).await;
    let (good, said) = announce(&without.url(""), &file, "hello").await;
    assert!(!good && said.contains("--operator-key"), "{said}");
    without.stop().await;
}
