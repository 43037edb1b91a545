//! What a stranger's server sends to a client: decoded or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::protocol::codec::{FromServer, decode_server, encode_server};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(FromServer::Message(message)) = decode_server(bytes) {
        let again = encode_server(&message);
        assert_eq!(decode_server(&again), Ok(FromServer::Message(message)));
    }
});
