//! What a stranger sends to a server: decoded or refused, and what is decoded says the same when it is encoded again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::protocol::codec::{decode_client, encode_client};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = decode_client(bytes) {
        assert_eq!(decode_client(&encode_client(&message)).as_ref(), Ok(&message));
    }
});
