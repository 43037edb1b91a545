//! The OpenAPI document against the server: every address in it is asked, and what comes back is what it says.

use crate::world::{DAY, folder, life, now, ok, player, start, token};
use e2e::events::Events;
use e2e::http::{Answer, request};
use e2e::patience::{SOON, until};
use e2e::server::Server;
use serde_json::{Value, json};
use standings::{Period, UnixMs};

/// The schema that the document has for an answer, with what it refers to.
fn schema(document: &Value, path: &str, method: &str, status: u16) -> Value {
    let mut response = &document["paths"][path][method]["responses"][status.to_string()];
    if let Some(reference) = response["$ref"].as_str() {
        response = document.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere");
    }
    assert!(response.is_object(), "{method} {path} may not answer {status}");
    let mut schema = response["content"]["application/json"]["schema"].clone();
    schema["components"] = document["components"].clone();
    schema
}

fn assert_valid(document: &Value, (path, method): (&str, &str), answer: &Answer) {
    let schema = schema(document, path, method, answer.status);
    if answer.status == 304 {
        return assert_eq!(answer.body, "");
    }
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let wrong: Vec<String> = validator.iter_errors(&answer.json()).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{method} {path}: {wrong:?} in {}", answer.body);
}

/// What to ask an address with, so that it answers well, and so that it does not.
fn questions(path: &str, id: &str, bucket: &str) -> Vec<(String, u16)> {
    let at = |text: &str| text.to_owned();
    match path {
        "/api/boards" => vec![(at("/api/boards"), 200), (at("/api/boards?limit=0"), 400)],
        "/api/boards/{period}" => ["day", "week", "all", "live"]
            .into_iter()
            .map(|period| (format!("/api/boards/{period}?limit=2"), 200))
            .chain([(at("/api/boards/day?since=0"), 200), (at("/api/boards/month"), 404)])
            .chain([(at("/api/boards/day?limit=0"), 400)])
            .collect(),
        "/api/boards/{period}/{bucket}" => {
            vec![(format!("/api/boards/day/{bucket}"), 200), (at("/api/boards/day/x"), 404)]
        }
        "/api/boards/{period}/around/{player}" => vec![
            (format!("/api/boards/day/around/{id}"), 200),
            (format!("/api/boards/day/around/{id}?bucket={bucket}"), 200),
            (format!("/api/boards/live/around/{id}"), 404),
            (at("/api/boards/day/around/x"), 400),
        ],
        "/api/boards/{period}/events" => vec![(at("/api/boards/day/events?limit=0"), 400)],
        "/api/players/{id}" => vec![(format!("/api/players/{id}"), 200), (at("/api/players/x"), 400)],
        "/api/players/me" => vec![(at(path), 401)],
        "/api/openapi.json" => vec![(at(path), 200)],
        "/api/announce" => vec![(at("/api/announce?text=x"), 404)],
        _ => panic!("{path} is new in the document: say here how to ask it"),
    }
}

async fn served() -> (Server, tempfile::TempDir, String) {
    let yesterday = UnixMs(Period::Day.bucket_at(now()).start().0 - DAY / 2);
    let data = folder((0..5).flat_map(|n| [life(n, n, yesterday), life(n, 2 * n, now())]));
    let server = start(data.path()).await;
    let list = until("yesterday is final", SOON, async || {
        let list = ok(&server, "/api/boards").await;
        (list["periods"][0]["past"][0]["closed"] == true).then_some(list)
    })
    .await;
    let bucket = list["periods"][0]["past"][0]["bucket"].as_str().unwrap().to_owned();
    (server, data, bucket)
}

#[tokio::test]
async fn every_address_answers_as_the_document_says() {
    let (server, _data, bucket) = served().await;
    let document = ok(&server, "/api/openapi.json").await;
    let id = player(3).to_string();
    for path in document["paths"].as_object().unwrap().keys() {
        let method = if document["paths"][path]["get"].is_object() { "get" } else { "post" };
        for (asked, status) in questions(path, &id, &bucket) {
            let answer = request(server.address(), &method.to_uppercase(), &asked, &[]).await;
            assert_eq!(answer.status, status, "{asked}: {answer:?}");
            assert_valid(&document, (path, method), &answer);
            if let Some(tag) = answer.header("etag") {
                let known = request(server.address(), "GET", &asked, &[("If-None-Match", tag)]).await;
                assert_eq!(known.status, 304, "{asked}");
                assert_valid(&document, (path, "get"), &known);
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn events_carry_the_pages_that_the_document_describes() {
    let (server, _data, _bucket) = served().await;
    let document = ok(&server, "/api/openapi.json").await;
    for (board, name) in [("day", "Page"), ("live", "LivePage")] {
        let mut events = Events::open(server.address(), &format!("/api/boards/{board}/events"), &[]).await;
        let schema =
            json!({"$ref": format!("#/components/schemas/{name}"), "components": document["components"]});
        let validator = jsonschema::validator_for(&schema).unwrap();
        let event = events.next().await.json();
        assert!(validator.is_valid(&event), "{event}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_an_operator_is_told_is_as_the_document_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "0123456789abcdef0123456789abcdef").unwrap();
    let server = Server::start(&["--operator-key", file.to_str().unwrap()]).await;
    let document = ok(&server, "/api/openapi.json").await;
    let right = "Bearer 0123456789abcdef0123456789abcdef";
    let asked = |key, text: &'static str| {
        let address = server.address().to_owned();
        async move {
            request(&address, "POST", &format!("/api/announce?text={text}"), &[("Authorization", key)]).await
        }
    };
    let mut statuses = Vec::new();
    for (key, text) in [
        ("Bearer wrong", "x"),
        (right, ""),
        (right, "a%0Ab"),
        (right, "x"),
        (right, "x"),
        (right, "x"),
        (right, "x"),
    ] {
        let answer = asked(key, text).await;
        assert_valid(&document, ("/api/announce", "post"), &answer);
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [401, 400, 400, 200, 200, 200, 429]);
    assert_eq!(request(server.address(), "GET", "/api/announce?text=x", &[]).await.status, 405);
    server.stop().await;
}

#[tokio::test]
async fn what_a_player_is_told_of_himself_is_as_the_document_says() {
    let (server, data, _bucket) = served().await;
    let document = ok(&server, "/api/openapi.json").await;
    server.stop().await;
    let proof = format!("Bearer {}", token(data.path(), 3));
    let headers = [("Authorization", proof.as_str())];
    let server = start(data.path()).await;
    for method in ["get", "delete", "get"] {
        let answer = request(server.address(), &method.to_uppercase(), "/api/players/me", &headers).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_valid(&document, ("/api/players/me", method), &answer);
    }
    server.stop().await;
}
