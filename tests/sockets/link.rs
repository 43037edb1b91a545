//! The link conditioner itself: what the proofs of feel stand on.

#![allow(clippy::unwrap_used, reason = "a socket of the test's own that fails fails the test")]

use e2e::link::conditions::bandwidth;
use e2e::link::{Conditions, Link, Stall, Turn};
use e2e::patience::SOON;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Timers may be late on a busy machine, never early.
const SLACK: Duration = Duration::from_millis(60);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// An echo behind a link, and a connection through it that is there.
async fn echo(conditions: Conditions) -> (Link, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await
            });
        }
    });
    let link = Link::to(&server, conditions).await;
    let mut stream = TcpStream::connect(link.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    round_trip(&mut stream).await;
    (link, stream)
}

async fn round_trip(stream: &mut TcpStream) -> Duration {
    let begun = Instant::now();
    stream.write_all(b"x").await.unwrap();
    let mut back = [0];
    timeout(SOON, stream.read_exact(&mut back)).await.expect("it comes back").unwrap();
    begun.elapsed()
}

#[tokio::test]
async fn a_byte_takes_the_delay_each_way() {
    let (_link, mut stream) = echo(Conditions { delay: ms(50), ..Conditions::default() }).await;
    let mut trips = Vec::new();
    for _ in 0..10 {
        trips.push(round_trip(&mut stream).await);
    }
    trips.sort();
    assert!(trips[0] >= ms(100), "{trips:?}");
    assert!(trips[5] < ms(100) + SLACK / 4, "{trips:?}");
}

#[tokio::test]
async fn jitter_strays_around_the_delay_and_keeps_the_order() {
    let (_link, mut stream) =
        echo(Conditions { delay: ms(20), jitter: ms(40), ..Conditions::default() }).await;
    let mut trips = Vec::new();
    for _ in 0..30 {
        trips.push(round_trip(&mut stream).await);
    }
    let (shortest, longest) = (trips.iter().min().unwrap(), trips.iter().max().unwrap());
    assert!(*shortest < ms(35) && *longest > ms(45) && *longest < ms(80) + SLACK, "{trips:?}");
    let (mut from, mut to) = stream.split();
    let sent: Vec<u8> = (0..=255).cycle().take(2000).collect();
    let writing = async {
        for piece in sent.chunks(40) {
            to.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let mut got = vec![0; sent.len()];
    timeout(SOON, async { tokio::join!(writing, from.read_exact(&mut got)) }).await.unwrap().1.unwrap();
    assert!(got == sent, "every byte in its place");
}

#[tokio::test]
async fn the_same_seed_strays_alike() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let conditions = Conditions { delay: ms(60), jitter: ms(120), seed: 5, ..Conditions::default() };
        let (_link, mut stream) = echo(conditions).await;
        let mut trips = Vec::new();
        for _ in 0..6 {
            trips.push(round_trip(&mut stream).await);
        }
        runs.push(trips);
    }
    let far = |(a, b): (&Duration, &Duration)| a.abs_diff(*b);
    let off = runs[0].iter().zip(&runs[1]).map(far).max().unwrap();
    assert!(off < SLACK, "{runs:?}");
}

#[tokio::test]
async fn nothing_moves_in_a_stall_and_everything_after_it() {
    let stall = Stall { length: ms(300), every: ms(600) };
    let (link, mut stream) = echo(Conditions { stall: Some(stall), ..Conditions::default() }).await;
    link.calm(ms(200)).await;
    assert!(round_trip(&mut stream).await < SLACK);
    let begins = loop {
        if let Some(Turn::Begins(at)) = link.next_turn() {
            break at;
        }
        tokio::task::yield_now().await;
    };
    tokio::time::sleep_until((begins + ms(50)).into()).await;
    let trip = round_trip(&mut stream).await;
    assert!(trip > ms(150) && trip < ms(300) + SLACK, "{trip:?}");
}

#[tokio::test]
async fn a_narrow_link_takes_as_long_as_its_bandwidth_says() {
    // 50,000 bytes at 800 kbit/s are half a second.
    let (_link, mut stream) = echo(Conditions { bandwidth: Some(800_000), ..Conditions::default() }).await;
    let begun = Instant::now();
    let (mut from, mut to) = stream.split();
    let mut got = vec![0; 50_000];
    let sent = vec![7; got.len()];
    timeout(SOON, async { tokio::join!(to.write_all(&sent), from.read_exact(&mut got)) })
        .await
        .unwrap()
        .1
        .unwrap();
    let took = begun.elapsed();
    assert!(took >= ms(500) && took < ms(900), "{took:?}");
}

#[tokio::test]
async fn a_cut_resets_what_is_open_and_a_severed_link_takes_nothing_until_it_is_mended() {
    let (link, mut stream) = echo(Conditions::default()).await;
    link.cut();
    assert!(ended(&mut stream).await);
    let mut stream = TcpStream::connect(link.address()).await.unwrap();
    round_trip(&mut stream).await;
    link.sever();
    assert!(ended(&mut stream).await);
    let mut refused = TcpStream::connect(link.address()).await.unwrap();
    assert!(ended(&mut refused).await);
    link.mend();
    round_trip(&mut TcpStream::connect(link.address()).await.unwrap()).await;
}

#[tokio::test]
async fn a_goodbye_comes_through_with_everything_said_before() {
    let (_link, mut stream) = echo(Conditions { delay: ms(20), ..Conditions::default() }).await;
    stream.write_all(b"the end").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    timeout(SOON, stream.read_to_end(&mut rest)).await.expect("it ends").unwrap();
    assert_eq!(rest, b"the end");
}

#[test]
fn conditions_are_read_as_people_write_them() {
    assert_eq!("500ms/10s".parse(), Ok(Stall { length: ms(500), every: ms(10_000) }));
    assert_eq!((bandwidth("1mbit"), bandwidth("64kbit")), (Ok(1_000_000), Ok(64_000)));
    assert!(["", "500ms", "10s/1s", "1/2"].iter().all(|text| text.parse::<Stall>().is_err()));
    assert!(
        ["", "1", "0mbit", "mbit", "1mb", "99999999999999999999bit"]
            .iter()
            .all(|text| bandwidth(text).is_err())
    );
}

/// Has the connection ended, in whichever way?
async fn ended(stream: &mut TcpStream) -> bool {
    let mut byte = [0];
    !matches!(timeout(SOON, stream.read(&mut byte)).await.expect("it ends"), Ok(1..))
}
