//! A client that stops reading: its queue does not grow, nobody else notices, and in the end it is closed as too slow.

use bots::client::Client;
use e2e::bystander::Bystander;
use e2e::patience::{LATER, SOON, until};
use e2e::scene;
use e2e::server::Server;
use shared::protocol::{CloseReason, Role};
use socket2::SockRef;
use tokio::net::TcpSocket;
use tokio::task::JoinSet;

/// Small segments and a small window, so that little more than the server's own queue stands between its writing and
/// the client's not reading.
const SEGMENT: u32 = 536;
const WINDOW: u32 = 4096;

#[tokio::test]
async fn a_client_that_stops_reading_is_closed_as_too_slow_and_harms_nobody() {
    let server = Server::start(&["--drones", "30", "--arena-size", "1024", "--tick-hz", "120"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let _stalled = stalled(&server).await;
    let mut crowd = crowd(&server.ws()).await;
    let closed = until("the stalled client is closed", LATER, async || {
        (server.arena().await.closed(CloseReason::TooSlow) > 0).then_some(())
    });
    bystander.during(closed).await;
    bystander.goes_on().await;
    assert_eq!(server.arena().await.closed(CloseReason::TooSlow), 1);
    crowd.shutdown().await;
    server.stop().await;
}

/// A player with a narrow connection who joins and then reads nothing more.
async fn stalled(server: &Server) -> Client {
    let socket = TcpSocket::new_v4().expect("sockets can be made");
    socket.set_recv_buffer_size(WINDOW).expect("the window can be narrow");
    SockRef::from(&socket).set_tcp_mss(SEGMENT).expect("segments can be small");
    let address = server.address().parse().expect("the server prints its address");
    let stream = socket.connect(address).await.expect("the server takes connections");
    let mut client = Client::connect_over(stream, &server.ws()).await.expect("the handshake works");
    client.hello(Role::Play, SOON).await.expect("the server answers Hello");
    client.join("stalled", SOON).await.expect("the server answers Join");
    client
}

/// Ten who hunt, so that there is much to send.
async fn crowd(url: &str) -> JoinSet<()> {
    let mut crowd = JoinSet::new();
    for index in 0..10 {
        let name = format!("hunter {index}");
        let mut hunter = scene::player(url, &name).await;
        crowd.spawn(async move { scene::hunt_for_ever(&mut hunter, &name).await });
    }
    crowd
}
