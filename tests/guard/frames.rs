//! RFC 6455, sections 5 to 8: whatever is wrong with a frame is answered with a Close frame of the right code before the
//! connection goes, and what is right comes back as it was sent. Most is tried on `/echo`, which has the game's way in and out.

use super::raw::{BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, Raw, TEXT, head, masked, unmasked};
use e2e::bystander::Bystander;
use e2e::server::Server;
use shared::protocol::MAX_CLIENT_MESSAGE;

/// What the server closes with after `bytes`, on the game's own address and on the other.
async fn closed_with(server: &Server, bytes: &[u8]) -> [Option<u16>; 2] {
    let mut codes = [None; 2];
    for (code, path) in codes.iter_mut().zip(["/ws", "/echo"]) {
        let mut raw = Raw::open(server.address(), path).await;
        raw.send(bytes).await;
        *code = raw.close_code().await;
    }
    codes
}

#[tokio::test]
async fn a_frame_that_breaks_the_protocol_is_answered_with_close_1002() {
    let server = Server::start(&["--drones", "0", "--echo"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let two = |one: Vec<u8>, other: Vec<u8>| [one, other].concat();
    let wrong = [
        ("unmasked", unmasked(FIN | BINARY, b"hello")),
        ("first reserved bit", masked(FIN | 0x40 | BINARY, b"x")),
        ("second reserved bit", masked(FIN | 0x20 | BINARY, b"x")),
        ("third reserved bit", masked(FIN | 0x10 | TEXT, b"x")),
        ("reserved bit of a ping", masked(FIN | 0x40 | PING, b"x")),
        ("reserved opcode 3", masked(FIN | 0x3, b"x")),
        ("reserved opcode 7", masked(FIN | 0x7, b"")),
        ("reserved opcode 11", masked(FIN | 0xb, b"x")),
        ("reserved opcode 15", masked(FIN | 0xf, b"")),
        ("a ping in fragments", masked(PING, b"x")),
        ("a close in fragments", masked(CLOSE, b"")),
        ("a ping of 126 bytes", masked(FIN | PING, &[0; 126])),
        ("a continuation of nothing", masked(FIN | CONTINUATION, b"x")),
        ("a fragment of nothing", masked(CONTINUATION, b"x")),
        ("a message within a message", two(masked(BINARY, b"a"), masked(FIN | BINARY, b"b"))),
        ("a close of one byte", masked(FIN | CLOSE, &[3])),
    ];
    for (what, bytes) in wrong {
        let codes = bystander.during(closed_with(&server, &bytes)).await;
        assert_eq!(codes, [Some(1002); 2], "{what}");
    }
    bystander.goes_on().await;
    server.stop().await;
}

#[tokio::test]
async fn text_that_is_no_utf_8_is_answered_with_close_1007() {
    let server = Server::start(&["--drones", "0", "--echo"]).await;
    let long = "x".repeat(100);
    let wrong: [Vec<u8>; 5] = [
        masked(FIN | TEXT, &[0xff]),
        masked(FIN | TEXT, b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"),
        masked(FIN | TEXT, &[long.as_bytes(), &[0xc3]].concat()),
        [masked(TEXT, &[0xce]), masked(FIN | CONTINUATION, &[0x41])].concat(),
        masked(FIN | TEXT, &[0xf4, 0x90, 0x80, 0x80]),
    ];
    for bytes in wrong {
        assert_eq!(closed_with(&server, &bytes).await, [Some(1007); 2], "{bytes:x?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn text_is_answered_with_1003_and_what_is_too_long_with_1009_before_it_is_read() {
    let server = Server::start(&["--drones", "0"]).await;
    let cases = [
        (masked(FIN | TEXT, "κόσμε".as_bytes()), 1003),
        (masked(FIN | BINARY, &[0; MAX_CLIENT_MESSAGE + 1]), 1009),
        ([head(FIN | BINARY, 1 << 40, 0x80), vec![0; 4]].concat(), 1009),
        ([head(FIN | BINARY, usize::MAX >> 1, 0x80), vec![0; 4]].concat(), 1009),
        ([masked(BINARY, &[0; 400]), masked(FIN | CONTINUATION, &[0; 400])].concat(), 1009),
    ];
    for (bytes, code) in cases {
        let mut raw = Raw::open(server.address(), "/ws").await;
        raw.send(&bytes).await;
        assert_eq!(raw.close_code().await, Some(code));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_message_comes_back_whole_however_it_is_cut_and_whatever_control_frames_come_between() {
    let server = Server::start(&["--drones", "0", "--echo"]).await;
    let mut raw = Raw::open(server.address(), "/echo").await;
    for length in [0, 1, 125, 126, 127, 65_535, 65_536] {
        let payload: Vec<u8> = (0..length).map(|at| at as u8).collect();
        raw.send(&masked(FIN | BINARY, &payload)).await;
        let frame = raw.frame().await.unwrap();
        assert_eq!((frame.first, frame.payload == payload), (FIN | BINARY, true), "{length}");
    }
    // Fragments, some of them empty, one within a letter, with a ping between.
    let cut = [
        masked(TEXT, &[0xce]),
        masked(CONTINUATION, b""),
        masked(FIN | PING, b"between"),
        masked(CONTINUATION, &[0xba]),
        masked(FIN | PONG, b"nobody asked"),
        masked(FIN | CONTINUATION, b"!"),
    ];
    raw.send(&cut.concat()).await;
    let frames = [raw.frame().await.unwrap(), raw.frame().await.unwrap()];
    assert_eq!((frames[0].first, frames[0].payload.as_slice()), (FIN | PONG, &b"between"[..]));
    assert_eq!((frames[1].first, frames[1].payload.as_slice()), (FIN | TEXT, "κ!".as_bytes()));
    // The same byte by byte.
    for byte in cut.concat() {
        raw.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(raw.frame().await.unwrap(), frames[0]);
    assert_eq!(raw.frame().await.unwrap(), frames[1]);
    server.stop().await;
}

#[tokio::test]
async fn a_close_is_answered_with_its_own_code_and_a_code_that_none_may_send_with_1002() {
    let server = Server::start(&["--drones", "0", "--echo"]).await;
    for code in [1000_u16, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
        let close = masked(FIN | CLOSE, &[&code.to_be_bytes()[..], "auf Wiedersehen".as_bytes()].concat());
        assert_eq!(closed_with(&server, &close).await, [Some(code); 2]);
    }
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
        let codes = closed_with(&server, &masked(FIN | CLOSE, &code.to_be_bytes())).await;
        assert_eq!(codes, [Some(1002); 2], "to {code}");
    }
    let mut raw = Raw::open(server.address(), "/echo").await;
    raw.send(&masked(FIN | CLOSE, &[])).await;
    let close = raw.frame().await.unwrap();
    assert_eq!(
        (close.first, close.payload.len()),
        (FIN | CLOSE, 0),
        "a close without a code is answered like that"
    );
    let not_text = masked(FIN | CLOSE, &[&1000_u16.to_be_bytes()[..], &[0xff]].concat());
    assert_eq!(closed_with(&server, &not_text).await, [Some(1007); 2]);
    server.stop().await;
}

#[tokio::test]
async fn pings_are_answered_with_what_they_carry_and_a_flood_of_them_is_closed() {
    let server = Server::start(&["--drones", "0", "--echo"]).await;
    let mut bystander = Bystander::join(&server.ws()).await;
    let mut raw = Raw::open(server.address(), "/ws").await;
    for payload in [&b""[..], b"x", &[0xfe; 125]] {
        raw.send(&masked(FIN | PING, payload)).await;
        let pong = raw.frame().await.unwrap();
        assert_eq!((pong.first, pong.payload.as_slice()), (FIN | PONG, payload));
    }
    raw.send(&masked(FIN | PING, b"again").repeat(1000)).await;
    assert_eq!(bystander.during(raw.close_code()).await, Some(4004));
    // A message that never ends, in empty fragments.
    let mut endless = Raw::open(server.address(), "/ws").await;
    endless.send(&[masked(BINARY, b""), masked(CONTINUATION, b"").repeat(20_000)].concat()).await;
    assert_eq!(bystander.during(endless.close_code()).await, Some(4004));
    bystander.goes_on().await;
    server.stop().await;
}
