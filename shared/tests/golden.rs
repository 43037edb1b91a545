//! The bytes of every message and of the frames, held by one file each under `golden/`.
//!
//! A file that no longer matches means that old clients no longer understand the server: raise
//! `protocol::VERSION`, then write the files anew with `GOLDEN=write cargo test -p shared --test golden`.

mod golden_values;

use golden_values::{client_messages, frames, server_messages};
use shared::protocol::codec::{
    FromServer, MESSAGE, decode_client, decode_server, encode_client, encode_server,
};
use shared::protocol::frame::Frame;
use shared::protocol::rows::{Row, read_blobs};
use shared::protocol::wire::Reader;
use std::path::PathBuf;

#[test]
fn every_client_message_has_the_bytes_of_its_file_and_comes_back() {
    for (name, message) in client_messages() {
        let bytes = encode_client(&message);
        hold(&format!("client-{name}"), &bytes);
        assert_eq!(decode_client(&bytes).as_ref(), Ok(&message), "{name}");
    }
}

#[test]
fn every_server_message_has_the_bytes_of_its_file_and_comes_back() {
    for (name, message) in server_messages() {
        let bytes = encode_server(&message);
        hold(&format!("server-{name}"), &bytes);
        assert_eq!(bytes.first(), Some(&MESSAGE), "{name}");
        assert_eq!(decode_server(&bytes), Ok(FromServer::Message(message)), "{name}");
    }
}

#[test]
fn every_kind_of_frame_has_the_bytes_of_its_file_and_comes_back() {
    for frame in frames() {
        let bytes = frame.encode();
        hold(&format!("frame-{}", frame.name), &bytes);
        assert_eq!(decode_server(&bytes), Ok(FromServer::Frame(&bytes)), "{}", frame.name);
        let read = Frame::read(&bytes).unwrap();
        assert_eq!(read.head, frame.head, "{}", frame.name);
        assert_eq!(rows(read.deltas), frame.deltas.concat(), "{}", frame.name);
        assert_eq!(rows(read.keyframes), frame.keyframes.concat(), "{}", frame.name);
    }
}

#[test]
fn no_golden_file_is_left_over() {
    let mut expected: Vec<String> = Vec::new();
    expected.extend(client_messages().into_iter().map(|(name, _)| format!("client-{name}.bin")));
    expected.extend(server_messages().into_iter().map(|(name, _)| format!("server-{name}.bin")));
    expected.extend(frames().into_iter().map(|frame| format!("frame-{}.bin", frame.name)));
    expected.sort();
    let files = std::fs::read_dir(folder()).unwrap();
    let mut found: Vec<String> = files.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, expected);
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares `bytes` with the golden file, or writes it where that was asked for.
fn hold(name: &str, bytes: &[u8]) {
    let path = folder().join(format!("{name}.bin"));
    if std::env::var("GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(&path, bytes).expect("a golden file can be written");
    }
    let golden = std::fs::read(&path).expect(name);
    assert_eq!(bytes, golden, "{name} has other bytes than its golden file");
}

fn rows(part: Reader<'_>) -> Vec<(shared::ids::NetId, Row)> {
    let mut rows = Vec::new();
    read_blobs(part, |id, row| rows.push((id, row))).expect("the blobs are whole");
    rows
}
