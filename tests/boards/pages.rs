//! Pages: every entry once and in order, ties, ranks, names, past boards, and what a browser may keep.

use crate::world::{DAY, folder, get, life, now, ok, player, ranks, start};
use e2e::http::request;
use e2e::patience::{SOON, until};
use standings::{GRACE_MS, Period, UnixMs};

#[tokio::test]
async fn cursors_lead_through_every_entry_once_and_back() {
    let data = folder((0..250).map(|n| life(n, n * 10, now())));
    let server = start(data.path()).await;
    let (mut path, mut seen, mut last) = ("/api/boards/all?limit=60".to_owned(), Vec::new(), None);
    loop {
        let page = ok(&server, &path).await;
        assert_eq!(page["total"], 250);
        seen.extend(ranks(&page));
        let Some(next) = page["next"].as_str() else {
            last = last.or(page["prev"].as_str().map(str::to_owned));
            break;
        };
        path = format!("/api/boards/all?limit=60&cursor={next}");
        last = None;
    }
    assert_eq!(seen, (0..250).map(|n| (n + 1, (249 - n) * 10)).collect::<Vec<_>>());
    let back = ok(&server, &format!("/api/boards/all?limit=60&cursor={}", last.unwrap())).await;
    assert_eq!(ranks(&back)[0], (181, 690));
    server.stop().await;
}

#[tokio::test]
async fn equal_scores_rank_by_who_was_first_or_share_a_rank_when_asked() {
    let at = |n: u64| UnixMs(now().0 - 10 + n);
    let data = folder([life(1, 50, at(2)), life(2, 50, at(1)), life(3, 90, at(3)), life(4, 10, at(4))]);
    let server = start(data.path()).await;
    let standard = ok(&server, "/api/boards/day").await;
    assert_eq!(ranks(&standard), [(1, 90), (2, 50), (3, 50), (4, 10)]);
    assert_eq!(standard["entries"][1]["player"], player(2).to_string());
    let competition = ok(&server, "/api/boards/day?ranks=competition&limit=3").await;
    assert_eq!(ranks(&competition), [(1, 90), (2, 50), (2, 50)]);
    let rest = format!("/api/boards/day?ranks=competition&cursor={}", competition["next"].as_str().unwrap());
    assert_eq!(ranks(&ok(&server, &rest).await), [(4, 10)]);
    server.stop().await;
}

#[tokio::test]
async fn a_page_begins_at_a_rank_and_names_are_found() {
    let data = folder((0..30).map(|n| life(n, n, now())));
    let server = start(data.path()).await;
    let page = ok(&server, "/api/boards/week?rank=11&limit=2").await;
    assert_eq!(ranks(&page), [(11, 19), (12, 18)]);
    let found = ok(&server, "/api/boards/week?name=P2").await;
    let names: Vec<_> = found["entries"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["p29", "p28", "p27", "p26", "p25", "p24", "p23", "p22", "p21", "p20", "p2"]);
    assert_eq!(found["entries"][10]["rank"], 28);
    server.stop().await;
}

#[tokio::test]
async fn around_a_player_he_is_in_the_middle_and_told_how_far_up_he_is() {
    let data = folder((0..101).map(|n| life(n, n, now())));
    let server = start(data.path()).await;
    let page = ok(&server, &format!("/api/boards/all/around/{}?limit=5", player(75))).await;
    assert_eq!((page["rank"].as_u64(), page["percentile"].as_f64()), (Some(26), Some(75.0)));
    assert_eq!(page["entries"][2]["player"], player(75).to_string());
    assert_eq!(ranks(&page).len(), 5);
    let nobody = get(&server, &format!("/api/boards/all/around/{}", player(900))).await;
    assert_eq!(nobody.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn past_boards_are_listed_and_keep_their_final_ranks() {
    let yesterday = UnixMs(Period::Day.bucket_at(now()).start().0 - DAY / 2);
    let long_ago = UnixMs(yesterday.0 - 40 * DAY);
    assert!(DAY / 2 > GRACE_MS);
    let lives = (0..5).flat_map(|n| [life(n, 100 - n, yesterday), life(n, n, long_ago)]);
    let data = folder(lives.chain([life(9, 7, now())]));
    let server = start(data.path()).await;
    let list = until("both days are final", SOON, async || {
        let list = ok(&server, "/api/boards?period=day").await;
        let past = list["periods"][0]["past"].as_array().unwrap();
        (past.len() == 2 && past.iter().all(|board| board["closed"] == true)).then_some(list)
    })
    .await;
    let day = &list["periods"][0];
    assert_eq!((&day["period"], &day["current"]["total"]), (&"day".into(), &1.into()));
    let bucket = day["past"][0]["bucket"].as_str().unwrap();
    assert_eq!(bucket, Period::Day.bucket_at(yesterday).to_string());
    let page = ok(&server, &format!("/api/boards/day/{bucket}?limit=3")).await;
    assert_eq!((page["bucket"].as_str(), ranks(&page)), (Some(bucket), vec![(1, 100), (2, 99), (3, 98)]));
    let next = format!("/api/boards/day/{bucket}?cursor={}", page["next"].as_str().unwrap());
    assert_eq!(ranks(&ok(&server, &next).await), [(4, 97), (5, 96)]);
    let around = format!("/api/boards/day/around/{}?bucket={bucket}&limit=1", player(4));
    assert_eq!(ok(&server, &around).await["rank"], 5);
    let named = ok(&server, &format!("/api/boards/day/{bucket}?name=p3")).await;
    assert_eq!(ranks(&named), [(4, 97)]);
    let older = ok(&server, &format!("/api/boards?period=day&before={bucket}")).await;
    assert_eq!(older["periods"][0]["past"].as_array().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let data = folder((0..5).map(|n| life(n, n, now())));
    let server = start(data.path()).await;
    for path in ["/api/boards", "/api/boards/day", "/api/boards/day?rank=2", "/api/boards/live"] {
        let first = get(&server, path).await;
        assert_eq!(first.status, 200, "{path}");
        assert_eq!(first.header("cache-control"), Some("public, max-age=1"), "{path}");
        let tag = first.header("etag").unwrap();
        let again = request(server.address(), "GET", path, &[("If-None-Match", tag)]).await;
        assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(tag)), "{path}");
        let other = request(server.address(), "GET", path, &[("If-None-Match", "\"0\"")]).await;
        assert_eq!((other.status, other.body), (200, first.body.clone()), "{path}");
    }
    let other = get(&server, "/api/boards/day?limit=2").await;
    assert_ne!(other.header("etag"), get(&server, "/api/boards/day").await.header("etag"));
    server.stop().await;
}

#[tokio::test]
async fn any_page_may_read_boards_and_none_may_use_a_token() {
    let data = folder([life(1, 1, now())]);
    let server = start(data.path()).await;
    let id = player(1);
    let origin = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "GET")];
    for path in ["/api/boards", "/api/boards/day", "/api/boards/day/nothing", &format!("/api/players/{id}")] {
        let read = request(server.address(), "GET", path, &origin).await;
        assert_eq!(read.header("access-control-allow-origin"), Some("*"), "{path}");
        let asked = request(server.address(), "OPTIONS", path, &origin).await;
        assert_eq!(asked.status, 200, "{path}");
        assert_eq!(asked.header("access-control-allow-methods"), Some("get,head"), "{path}");
    }
    for method in ["GET", "OPTIONS", "DELETE"] {
        let own = request(server.address(), method, "/api/players/me", &origin).await;
        assert_eq!(own.header("access-control-allow-origin"), None, "{method}");
    }
    server.stop().await;
}
