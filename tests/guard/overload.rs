//! An arena that has more to do than it can sheds watchers first, then newcomers, never those who play; and recovers.

use bots::client::{Client, ClientError};
use e2e::events::Events;
use e2e::http;
use e2e::patience::{LATER, SOON, until};
use e2e::scene::{next_frame, player, session};
use e2e::server::Server;
use rustix::process::Signal;
use shared::ids::Token;
use shared::protocol::{CloseReason, Role};

async fn metric(server: &Server, name: &str) -> u32 {
    let text = http::get(server.address(), "/metrics").await.body;
    text.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap()
}

async fn load(server: &Server) -> u32 {
    metric(server, "starfray_load{arena=\"1\"} ").await
}

async fn listeners(server: &Server) -> u32 {
    metric(server, "starfray_board_listeners ").await
}

async fn told(server: &Server, role: Role) -> Option<CloseReason> {
    let mut client = Client::connect(&server.ws()).await.unwrap();
    client.say_hello(role).await.unwrap();
    client.wait_for_close(SOON).await.unwrap().reason()
}

/// Says Hello with a token: is its player taken back? Or why the session ended.
async fn with_token(server: &Server, token: Token) -> Result<bool, CloseReason> {
    let mut client = Client::connect(&server.ws()).await.unwrap();
    client.say_hello_as(Role::Play, None, Some(token)).await.unwrap();
    match client.wait_until(SOON, |client| client.welcome().is_some()).await {
        Ok(()) => Ok(client.welcome().unwrap().resumed),
        Err(ClientError::Closed(farewell)) => Err(farewell.reason().unwrap()),
        Err(other) => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn of_those_who_watch_they_go_first_who_listen_to_boards_over_http() {
    let server = Server::start(&["--drones", "0", "--faults"]).await;
    let mut ada = player(&server.ws(), "Ada").await;
    let mut watcher = session(&server.ws(), Role::Board).await;
    let stream = Events::open(server.address(), "/api/boards/live/events", &[]).await;
    assert_eq!(stream.status(), 200);
    until("somebody listens", SOON, async || (listeners(&server).await == 1).then_some(())).await;
    server.signal(Signal::USR2);
    let closed = async |watcher: &mut Client| watcher.wait_for_close(LATER).await.unwrap().reason();
    let playing = async {
        loop {
            next_frame(&mut ada).await;
        }
    };
    tokio::select! {
        biased;
        () = stream.end() => {}
        reason = closed(&mut watcher) => unreachable!("the session that watches went first: {reason:?}"),
        () = playing => unreachable!("she plays for ever"),
    }
    assert_eq!(closed(&mut watcher).await, Some(CloseReason::Full));
    until("nobody listens", SOON, async || (listeners(&server).await == 0).then_some(())).await;
    next_frame(&mut ada).await;
    server.signal(Signal::USR2);
    until("it recovers", LATER, async || (load(&server).await == 0).then_some(())).await;
    let mut stream = Events::open(server.address(), "/api/boards/live/events", &[]).await;
    assert_eq!(stream.status(), 200);
    assert!(stream.next().await.json()["total"].as_u64() >= Some(1), "boards are told again");
    server.stop().await;
}

#[tokio::test]
async fn watchers_go_first_then_newcomers_stay_out_and_those_who_play_play_on() {
    let server = Server::start(&["--drones", "0", "--faults"]).await;
    let mut ada = player(&server.ws(), "Ada").await;
    let eve = player(&server.ws(), "Eve").await;
    let token = eve.welcome().unwrap().token;
    drop(eve);
    let mut watcher = session(&server.ws(), Role::Board).await;
    server.signal(Signal::USR2);
    let overloaded = async {
        until("it is too much", LATER, async || (load(&server).await == 2).then_some(())).await;
        assert_eq!(told(&server, Role::Board).await, Some(CloseReason::Full));
        assert_eq!(told(&server, Role::Play).await, Some(CloseReason::Full));
        assert_eq!(
            with_token(&server, Token([0; 16])).await,
            Err(CloseReason::Full),
            "anyone can make one up"
        );
        assert_eq!(with_token(&server, token).await, Ok(true), "who comes back is taken");
        let events = http::request(server.address(), "GET", "/api/boards/day/events", &[]).await;
        assert!(events.status == 503 && events.header("retry-after").is_some(), "{events:?}");
    };
    let playing = async {
        loop {
            next_frame(&mut ada).await;
        }
    };
    tokio::select! {
        () = overloaded => {}
        () = playing => unreachable!("she plays for ever"),
    }
    assert_eq!(watcher.wait_for_close(SOON).await.unwrap().reason(), Some(CloseReason::Full));
    server.signal(Signal::USR2);
    until("it recovers", LATER, async || (load(&server).await == 0).then_some(())).await;
    let _newcomer = player(&server.ws(), "Bob").await;
    let _watcher = session(&server.ws(), Role::Board).await;
    next_frame(&mut ada).await;
    assert_eq!(ada.mismatches(), 0);
    server.stop().await;
}
