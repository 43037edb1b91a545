//! What a player may know about himself, and have removed; and what everyone may know.

use crate::world::{folder, get, life, now, ok, player, start, token};
use e2e::http::request;

#[tokio::test]
async fn everyone_may_know_a_players_name_and_ranks() {
    let data = folder((0..5).map(|n| life(n, n, now())));
    let server = start(data.path()).await;
    let found = ok(&server, &format!("/api/players/{}", player(3))).await;
    assert_eq!((&found["name"], found["boards"].as_array().map(Vec::len)), (&"p3".into(), Some(3)));
    for (board, period) in found["boards"].as_array().unwrap().iter().zip(["day", "week", "all"]) {
        assert_eq!(
            (&board["period"], &board["rank"], &board["percentile"]),
            (&period.into(), &2.into(), &75.0.into())
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn without_a_token_of_this_server_nobody_is_anybody() {
    let data = folder([life(1, 1, now())]);
    let server = start(data.path()).await;
    for method in ["GET", "DELETE"] {
        for header in [None, Some("Bearer"), Some("Bearer x"), Some("Basic eDp5"), Some(&*"A".repeat(64))] {
            let headers: Vec<_> = header.iter().map(|value| ("Authorization", *value)).collect();
            let answer = request(server.address(), method, "/api/players/me", &headers).await;
            assert_eq!(answer.status, 401, "{method} {header:?}");
            assert!(answer.header("www-authenticate").unwrap().starts_with("bearer"), "{answer:?}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn someone_who_has_lived_often_gets_his_lives_in_parts() {
    let lives = standings::LIVES as u32 + 5;
    let data = folder((0..lives).map(|score| life(1, score, now())));
    let proof = format!("Bearer {}", token(data.path(), 1));
    let headers = [("Authorization", proof.as_str())];
    let server = start(data.path()).await;
    let part = async |path: &str| request(server.address(), "GET", path, &headers).await.json();
    let first = part("/api/players/me").await;
    let rest = part(&format!("/api/players/me?after={}", first["next"])).await;
    let scores = [&first, &rest].map(|part| part["results"].as_array().unwrap().clone()).concat();
    assert!(scores.iter().map(|life| life["score"].as_u64().unwrap()).eq(0..lives.into()));
    assert!(rest["next"].is_null() && scores.len() > standings::LIVES, "{}", rest["next"]);
    server.stop().await;
}

#[tokio::test]
async fn a_player_gets_all_that_is_stored_about_him_and_has_it_removed() {
    let data = folder([life(1, 10, now()), life(1, 20, now()), life(2, 15, now())]);
    let proof = format!("Bearer {}", token(data.path(), 1));
    let headers = [("Authorization", proof.as_str())];
    let server = start(data.path()).await;
    let stored = request(server.address(), "GET", "/api/players/me", &headers).await;
    assert_eq!((stored.status, stored.header("cache-control")), (200, Some("no-store")));
    let stored = stored.json();
    assert_eq!((&stored["name"], stored["results"].as_array().map(Vec::len)), (&"p1".into(), Some(2)));
    let removed = request(server.address(), "DELETE", "/api/players/me", &headers).await;
    assert_eq!((removed.status, &removed.json()["removed"]), (200, &true.into()));
    let page = ok(&server, "/api/boards/all").await;
    assert_eq!((&page["total"], &page["entries"][0]["name"]), (&1.into(), &"p2".into()));
    assert_eq!(get(&server, &format!("/api/players/{}", player(1))).await.status, 404);
    let nothing = request(server.address(), "GET", "/api/players/me", &headers).await.json();
    assert_eq!((nothing["name"].is_null(), nothing["results"].as_array().map(Vec::len)), (true, Some(0)));
    let again = request(server.address(), "DELETE", "/api/players/me", &headers).await;
    assert_eq!((again.status, &again.json()["removed"]), (200, &false.into()));
    server.stop().await;
}
