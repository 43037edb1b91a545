//! Boards are one: what is recorded on one server is on the boards of all, once, whatever Redis does meanwhile.

use crate::world::{folder, life, now, ok, player, ranks, token};
use e2e::http::{self, request};
use e2e::patience::{LATER, until};
use e2e::redis::Redis;
use e2e::server::Server;
use standings::UnixMs;
use std::path::Path;

async fn node(folder: &Path, redis: &Redis) -> Server {
    Server::start(&["--drones", "0", "--redis", &redis.url(), "--data-dir", folder.to_str().unwrap()]).await
}

/// Waits until this server's board of all time is this.
async fn until_board(server: &Server, scores: &[(u64, u64)]) {
    let same = async || (ranks(&ok(server, "/api/boards/all").await) == scores).then_some(());
    until(&format!("the board is {scores:?}"), LATER, same).await;
}

async fn until_well(server: &Server, well: bool) {
    let as_said = async || {
        let text = http::get(server.address(), "/healthz").await.body;
        (text.contains("Redis") != well).then_some(())
    };
    until("/healthz says how Redis does", LATER, as_said).await;
}

#[tokio::test]
async fn lives_of_all_servers_are_on_one_board_and_ties_go_to_who_was_first() {
    let redis = Redis::start().await;
    let earlier = UnixMs(now().0 - 5);
    let (a, b) = (
        folder([life(1, 30, now()), life(2, 20, now())]),
        folder([life(3, 20, earlier), life(1, 25, now())]),
    );
    let (first, second) = (node(a.path(), &redis).await, node(b.path(), &redis).await);
    for server in [&first, &second] {
        until_board(server, &[(1, 30), (2, 20), (3, 20)]).await;
        let page = ok(server, "/api/boards/all").await;
        assert_eq!((&page["entries"][1]["name"], &page["entries"][2]["name"]), (&"p3".into(), &"p2".into()));
        until_well(server, true).await;
    }
    let in_redis: Vec<String> = redis.ask(&["ZRANGE", "starfray:board:all", "0", "-1"]).await.unwrap();
    let order: Vec<_> = in_redis.iter().map(|member| member.rsplit(':').next().unwrap().to_owned()).collect();
    assert_eq!(order, [1, 3, 2].map(|number| player(number).to_string()), "Redis ranks as the servers do");
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn a_server_that_comes_later_has_all_lives_that_were_there_and_a_life_counts_once() {
    let redis = Redis::start().await;
    let a = folder((0..300).map(|n| life(n, n, now())));
    let first = node(a.path(), &redis).await;
    until_well(&first, true).await;
    let sent = async || (redis.ask::<u64>(&["XLEN", "starfray:results"]).await == Some(300)).then_some(());
    until("all lives are in Redis", LATER, sent).await;
    first.stop().await;
    let b = folder([life(1000, 1000, now())]);
    let second = node(b.path(), &redis).await;
    let all = async || (ok(&second, "/api/boards/all").await["total"] == 301).then_some(());
    until("the second server has all of them", LATER, all).await;
    // Started anew, the first sends nothing twice.
    let first = node(a.path(), &redis).await;
    let all = async || (ok(&first, "/api/boards/all").await["total"] == 301).then_some(());
    until("the first server has the other's", LATER, all).await;
    assert_eq!(redis.ask::<u64>(&["XLEN", "starfray:results"]).await, Some(301));
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn who_was_away_longer_than_the_stream_remembers_begins_with_the_bests() {
    let redis = Redis::start().await;
    let a = folder([life(1, 10, now()), life(1, 40, now()), life(2, 20, now())]);
    let first = node(a.path(), &redis).await;
    let sent = async || (redis.ask::<u64>(&["XLEN", "starfray:results"]).await == Some(3)).then_some(());
    until("all lives are in Redis", LATER, sent).await;
    redis.ask::<u64>(&["XTRIM", "starfray:results", "MAXLEN", "0"]).await.unwrap();
    let b = tempfile::tempdir().unwrap();
    let second = node(b.path(), &redis).await;
    until_board(&second, &[(1, 40), (2, 20)]).await;
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn a_redis_that_comes_back_empty_is_filled_again_by_the_servers() {
    let mut redis = Redis::start().await;
    let (a, b) = (folder([life(1, 30, now())]), folder([life(2, 20, now())]));
    let (first, second) = (node(a.path(), &redis).await, node(b.path(), &redis).await);
    until_board(&first, &[(1, 30), (2, 20)]).await;
    until_board(&second, &[(1, 30), (2, 20)]).await;
    redis.kill();
    until_well(&first, false).await;
    assert_eq!(http::get(first.address(), "/readyz").await.status, 200, "play goes on without Redis");
    redis.begin().await;
    until_well(&first, true).await;
    until_well(&second, true).await;
    let filled = async || (redis.ask::<u64>(&["ZCARD", "starfray:board:all"]).await == Some(2)).then_some(());
    until("Redis has all boards again", LATER, filled).await;
    until_board(&first, &[(1, 30), (2, 20)]).await;
    let third = tempfile::tempdir().unwrap();
    let third = node(third.path(), &redis).await;
    until_board(&third, &[(1, 30), (2, 20)]).await;
    for server in [first, second, third] {
        server.stop().await;
    }
}

#[tokio::test]
async fn a_redis_that_hangs_delays_what_others_hear_and_nothing_else() {
    let redis = Redis::start().await;
    let (a, b) = (folder([life(1, 30, now())]), folder([life(2, 20, now())]));
    let first = node(a.path(), &redis).await;
    until_well(&first, true).await;
    redis.hang();
    let second = node(b.path(), &redis).await;
    until_well(&second, false).await;
    assert_eq!(ranks(&ok(&second, "/api/boards/all").await), [(1, 20)], "its own board is there");
    redis.go_on();
    until_board(&second, &[(1, 30), (2, 20)]).await;
    until_board(&first, &[(1, 30), (2, 20)]).await;
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn who_has_himself_removed_is_removed_everywhere_and_stays_so() {
    let redis = Redis::start().await;
    let (a, b) = (folder([life(1, 30, now()), life(2, 20, now())]), folder([life(1, 35, now())]));
    let proof = format!("Bearer {}", token(a.path(), 1));
    let (first, second) = (node(a.path(), &redis).await, node(b.path(), &redis).await);
    until_board(&first, &[(1, 35), (2, 20)]).await;
    until_board(&second, &[(1, 35), (2, 20)]).await;
    let removed =
        request(first.address(), "DELETE", "/api/players/me", &[("Authorization", proof.as_str())]).await;
    assert_eq!(removed.status, 200, "{removed:?}");
    until_board(&first, &[(1, 20)]).await;
    until_board(&second, &[(1, 20)]).await;
    let of_redis =
        async || (redis.ask::<u64>(&["ZCARD", "starfray:board:all"]).await == Some(1)).then_some(());
    until("he is off the board in Redis", LATER, of_redis).await;
    second.stop().await;
    let second = node(b.path(), &redis).await;
    until_well(&second, true).await;
    until_board(&second, &[(1, 20)]).await;
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn who_has_himself_removed_stays_so_for_a_server_that_was_away_while_redis_lost_everything() {
    let mut redis = Redis::start().await;
    let (a, b) = (folder([life(1, 30, now()), life(2, 20, now())]), folder([life(1, 35, now())]));
    let proof = format!("Bearer {}", token(a.path(), 1));
    let first = node(a.path(), &redis).await;
    until_board(&first, &[(1, 30), (2, 20)]).await;
    let removed =
        request(first.address(), "DELETE", "/api/players/me", &[("Authorization", proof.as_str())]).await;
    assert_eq!(removed.status, 200, "{removed:?}");
    let told = async || (redis.ask::<u64>(&["HLEN", "starfray:removed"]).await == Some(1)).then_some(());
    until("Redis knows of it", LATER, told).await;
    // At once: nobody may have heard it from there yet, not even the server that sent it.
    redis.kill();
    until_well(&first, false).await;
    redis.begin().await;
    until_well(&first, true).await;
    let second = node(b.path(), &redis).await;
    until_well(&second, true).await;
    until_board(&second, &[(1, 20)]).await;
    until_board(&first, &[(1, 20)]).await;
    first.stop().await;
    second.stop().await;
}

async fn forget(server: &Server, proof: &str) -> http::Answer {
    request(server.address(), "DELETE", "/api/players/me", &[("Authorization", proof)]).await
}

#[tokio::test]
async fn the_removal_of_someone_who_never_scored_leaves_nothing_anywhere() {
    let redis = Redis::start().await;
    let a = folder([life(1, 30, now())]);
    let proofs = (100..130).map(|number| format!("Bearer {}", token(a.path(), number))).collect::<Vec<_>>();
    let known = format!("Bearer {}", token(a.path(), 1));
    let server = node(a.path(), &redis).await;
    until_well(&server, true).await;
    let sent = async || (redis.ask::<u64>(&["XLEN", "starfray:results"]).await == Some(1)).then_some(());
    until("the life is in Redis", LATER, sent).await;
    for proof in &proofs {
        let answer = forget(&server, proof).await;
        assert_eq!((answer.status, &answer.json()["removed"]), (200, &false.into()), "{answer:?}");
    }
    assert_eq!(redis.ask::<u64>(&["HLEN", "starfray:removed"]).await, Some(0));
    assert_eq!(redis.ask::<u64>(&["XLEN", "starfray:results"]).await, Some(1));
    // Who is known is told of once, however often he asks.
    for (asked, removed) in [true, false, false].into_iter().enumerate() {
        assert_eq!(forget(&server, &known).await.json()["removed"], removed, "asked {asked} times before");
    }
    let told = async || (redis.ask::<u64>(&["XLEN", "starfray:results"]).await == Some(2)).then_some(());
    until("the others are told", LATER, told).await;
    assert_eq!(redis.ask::<u64>(&["HLEN", "starfray:removed"]).await, Some(1));
    server.stop().await;
}

#[tokio::test]
async fn who_is_known_to_redis_alone_is_removed_by_a_server_that_does_not_know_him() {
    let mut redis = Redis::start().await;
    let a = folder([life(1, 30, now())]);
    let proof = format!("Bearer {}", token(a.path(), 2));
    let server = node(a.path(), &redis).await;
    until_well(&server, true).await;
    until_board(&server, &[(1, 30)]).await;
    let on_its_way = life(2, 20, now());
    let json = serde_json::to_string(&on_its_way).unwrap();
    let him = player(2).to_string();
    redis.ask::<u64>(&["HSET", "starfray:best:all", &him, &json]).await.unwrap();
    let answer = forget(&server, &proof).await;
    assert_eq!((answer.status, &answer.json()["removed"]), (200, &true.into()), "{answer:?}");
    assert_eq!(redis.ask::<u64>(&["HEXISTS", "starfray:removed", &him]).await, Some(1));
    assert_eq!(redis.ask::<u64>(&["HEXISTS", "starfray:best:all", &him]).await, Some(0));
    // Without Redis nobody can say that nothing is known.
    redis.kill();
    until_well(&server, false).await;
    assert_eq!(forget(&server, &proof).await.status, 503);
    server.stop().await;
}

#[tokio::test]
async fn boards_that_redis_has_wrong_are_rebuilt_from_the_servers_by_one_command() {
    let redis = Redis::start().await;
    let a = folder([life(1, 30, now()), life(2, 20, now())]);
    let first = node(a.path(), &redis).await;
    let cards = async |count: u64| {
        (redis.ask::<u64>(&["ZCARD", "starfray:board:all"]).await == Some(count)).then_some(())
    };
    until("Redis has the board", LATER, async || cards(2).await).await;
    redis.ask::<u64>(&["ZADD", "starfray:board:all", "-999", "somebody:who:cheats"]).await.unwrap();
    let rebuild = tokio::process::Command::new(e2e::process::binary("starfray"))
        .args(["boards", "rebuild", "--redis", &redis.url()])
        .output();
    let done = rebuild.await.unwrap();
    assert!(done.status.success(), "{done:?}");
    until("Redis has the board again", LATER, async || cards(2).await).await;
    assert!(
        redis
            .ask::<Option<f64>>(&["ZSCORE", "starfray:board:all", "somebody:who:cheats"])
            .await
            .unwrap()
            .is_none()
    );
    first.stop().await;
}

#[tokio::test]
async fn each_life_is_told_once_to_programs_that_read_the_events() {
    let redis = Redis::start().await;
    let a = folder((0..20).map(|n| life(n, n + 1, now())));
    let args =
        ["--drones", "0", "--redis", &redis.url(), "--events", "--data-dir", a.path().to_str().unwrap()];
    let server = Server::start(&args).await;
    let told = async || (redis.ask::<u64>(&["XLEN", "starfray:events"]).await == Some(20)).then_some(());
    until("all lives are among the events", LATER, told).await;
    server.stop().await;
    let again = Server::start(&args).await;
    until_well(&again, true).await;
    assert_eq!(redis.ask::<u64>(&["XLEN", "starfray:events"]).await, Some(20));
    again.stop().await;
}

#[tokio::test]
async fn a_player_of_one_server_is_the_same_player_on_another() {
    let redis = Redis::start().await;
    let (a, b) = (folder([life(1, 30, now())]), folder([life(2, 20, now())]));
    let proof = format!("Bearer {}", token(a.path(), 1));
    let (first, second) = (node(a.path(), &redis).await, node(b.path(), &redis).await);
    until_board(&second, &[(1, 30), (2, 20)]).await;
    let known = async || {
        let me =
            request(second.address(), "GET", "/api/players/me", &[("Authorization", proof.as_str())]).await;
        (me.status == 200 && me.json()["name"] == "p1").then_some(())
    };
    until("the other server knows who it is", LATER, known).await;
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn programs_that_read_the_events_hear_who_comes() {
    let redis = Redis::start().await;
    let server = Server::start(&["--drones", "0", "--no-data", "--redis", &redis.url(), "--events"]).await;
    let runs = async || {
        http::get(server.address(), "/api/arenas").await.body.contains("\"here\":true").then_some(())
    };
    until("the arena is run", LATER, runs).await;
    let client = e2e::scene::player(&server.ws(), "Ada").await;
    let heard = async || {
        let entries: Vec<(String, Vec<String>)> = redis.ask(&["XRANGE", "starfray:events", "-", "+"]).await?;
        let fields = entries.into_iter().flat_map(|(_, fields)| fields).collect::<Vec<_>>();
        (fields.contains(&"joined".to_owned()) && fields.iter().any(|field| field.contains("\"Ada\"")))
            .then_some(())
    };
    until("somebody joined", LATER, heard).await;
    drop(client);
    server.stop().await;
}
