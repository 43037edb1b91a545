//! What makes no sense is refused with a status and JSON that says what is wrong; nothing else happens.

use crate::world::{folder, get, life, now, player, start};
use e2e::http::request;

#[tokio::test]
async fn every_wrong_question_gets_a_sentence_as_json() {
    let data = folder([life(1, 1, now())]);
    let server = start(data.path()).await;
    let (id, long) = (player(1), "x".repeat(5_000));
    let wrong = [
        (400, "/api/boards/day?limit=0".to_owned()),
        (400, "/api/boards/day?limit=1001".to_owned()),
        (400, "/api/boards/day?limit=-1".to_owned()),
        (400, "/api/boards/day?limit=99999999999999999999".to_owned()),
        (400, "/api/boards/day?limit=1&limit=2".to_owned()),
        (400, "/api/boards/day?ranks=best".to_owned()),
        (400, "/api/boards/day?rank=0".to_owned()),
        (400, "/api/boards/day?rank=1&name=p".to_owned()),
        (400, "/api/boards/day?name=".to_owned()),
        (400, format!("/api/boards/day?name={long}")),
        (400, "/api/boards/day?cursor=none".to_owned()),
        (400, format!("/api/boards/day?cursor={long}")),
        (400, "/api/boards/live?cursor=none".to_owned()),
        (400, "/api/boards/day?wait=31&since=1".to_owned()),
        (400, "/api/boards/day?wait=1&since=1&rank=3".to_owned()),
        (400, "/api/boards/day/events?limit=101".to_owned()),
        (400, "/api/boards/day/events?rank=2".to_owned()),
        (400, format!("/api/boards/day/around/{id}?rank=2")),
        (400, "/api/boards/day/around/somebody".to_owned()),
        (400, "/api/boards/%ff".to_owned()),
        (400, "/api/boards?limit=0".to_owned()),
        (400, "/api/boards?period=month".to_owned()),
        (400, "/api/players/somebody".to_owned()),
        (404, "/api/boards/month".to_owned()),
        (404, "/api/boards/month/events".to_owned()),
        (404, "/api/boards/day/2026-W47".to_owned()),
        (404, "/api/boards/day/2026-13-40".to_owned()),
        (404, "/api/boards/day/9999-01-01".to_owned()),
        (404, "/api/boards/live/2026-11-21".to_owned()),
        (404, "/api/boards/live?arena=7".to_owned()),
        (404, "/api/boards/day/1/2/3/4".to_owned()),
        (404, format!("/api/players/{}", player(2))),
    ];
    for (status, path) in wrong {
        let answer = get(&server, &path).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(answer.json()["error"].as_str().is_some_and(|error| !error.is_empty()), "{path}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        let answer = request(server.address(), method, "/api/boards/day", &[]).await;
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.json()["error"].is_string(), "{method}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_cursor_of_another_board_or_a_changed_one_is_refused() {
    let data = folder((0..5).map(|n| life(n, n, now())));
    let server = start(data.path()).await;
    let page = get(&server, "/api/boards/day?limit=2").await.json();
    let next = page["next"].as_str().unwrap();
    assert_eq!(get(&server, &format!("/api/boards/week?cursor={next}")).await.status, 400);
    assert_eq!(get(&server, &format!("/api/boards/day?ranks=competition&cursor={next}")).await.status, 400);
    let changed = if next.starts_with('B') { "C" } else { "B" };
    assert_eq!(get(&server, &format!("/api/boards/day?cursor={changed}{}", &next[1..])).await.status, 400);
    assert_eq!(get(&server, &format!("/api/boards/day?cursor={next}")).await.status, 200);
    server.stop().await;
}
