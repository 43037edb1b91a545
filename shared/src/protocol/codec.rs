//! Messages to bytes and back. The only file that names bincode: its wire format (varint, little endian) is the
//! promise, not the crate.
//!
//! A server's message begins with a byte of [`MESSAGE`]; a frame's first byte is its flags, which never have that bit.

use super::{ClientMessage, MAX_CLIENT_MESSAGE, MAX_SERVER_MESSAGE, ServerMessage};
use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first byte of everything the server sends that is not a frame.
pub const MESSAGE: u8 = 0x80;

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// There are none.
    #[error("the message is empty")]
    Empty,
    /// They are not what any message looks like, or say that they are longer than the limit.
    #[error("the bytes are no message")]
    Malformed,
    /// The message is followed by more bytes.
    #[error("bytes follow the message")]
    Trailing,
}

/// What came from a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromServer<'a> {
    /// A frame, for [`crate::replica::Replica::apply`].
    Frame(&'a [u8]),
    /// A message.
    Message(ServerMessage),
}

fn config<const LIMIT: usize>() -> Configuration<LittleEndian, Varint, Limit<LIMIT>> {
    bincode::config::standard().with_limit::<LIMIT>()
}

/// A client's message as bytes.
#[must_use]
pub fn encode_client(message: &ClientMessage) -> Vec<u8> {
    let mut out = Vec::new();
    append::<_, MAX_CLIENT_MESSAGE>(message, &mut out);
    out
}

/// A server's message as bytes.
#[must_use]
pub fn encode_server(message: &ServerMessage) -> Vec<u8> {
    let mut out = vec![MESSAGE];
    append::<_, MAX_SERVER_MESSAGE>(message, &mut out);
    out
}

/// A client's message from bytes, all of them.
pub fn decode_client(bytes: &[u8]) -> Result<ClientMessage, CodecError> {
    decode::<_, MAX_CLIENT_MESSAGE>(bytes)
}

/// What a server sent from bytes, all of them.
pub fn decode_server(bytes: &[u8]) -> Result<FromServer<'_>, CodecError> {
    match bytes.split_first() {
        None => Err(CodecError::Empty),
        Some((&MESSAGE, body)) => decode::<_, MAX_SERVER_MESSAGE>(body).map(FromServer::Message),
        Some((first, _)) if first & MESSAGE != 0 => Err(CodecError::Malformed),
        Some(_) => Ok(FromServer::Frame(bytes)),
    }
}

/// The version that a Hello of any version names: its number and its version come first in all of them. None for what
/// is no Hello.
#[must_use]
pub fn hello_version(bytes: &[u8]) -> Option<u16> {
    let begun = bincode::serde::decode_from_slice::<(u32, u16), _>(bytes, config::<MAX_CLIENT_MESSAGE>());
    begun.ok().filter(|((number, _), _)| *number == 0).map(|((_, version), _)| version)
}

fn append<T: Serialize, const LIMIT: usize>(message: &T, out: &mut Vec<u8>) {
    let written = bincode::serde::encode_into_std_write(message, out, config::<LIMIT>());
    debug_assert!(written.is_ok(), "writing to memory does not fail: {written:?}");
}

fn decode<T: DeserializeOwned, const LIMIT: usize>(bytes: &[u8]) -> Result<T, CodecError> {
    if bytes.is_empty() {
        return Err(CodecError::Empty);
    }
    let (message, used) =
        bincode::serde::decode_from_slice(bytes, config::<LIMIT>()).map_err(|_| CodecError::Malformed)?;
    if used == bytes.len() { Ok(message) } else { Err(CodecError::Trailing) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Role;

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = encode_client(&ClientMessage::hello(Role::Play, None, None));
        bytes.push(0);
        assert_eq!(decode_client(&bytes), Err(CodecError::Trailing));
    }

    #[test]
    fn a_name_that_claims_to_be_huge_is_refused_before_memory_is_taken() {
        let claim = [1, 0xfd, 0, 0, 0, 0, 0, 1, 0, 0];
        assert_eq!(decode_client(&claim), Err(CodecError::Malformed));
        let list = [4, 0xfd, 0, 0, 0, 0, 0, 1, 0, 0];
        assert_eq!(decode_client(&list), Err(CodecError::Malformed));
    }

    #[test]
    fn every_short_message_is_a_message_or_an_error() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                for rest in [&[][..], &[0], &[0xff; 4], &[0xfe; 9]] {
                    let bytes = [&[first, second], rest].concat();
                    let _outcome = (decode_client(&bytes), decode_server(&bytes).is_ok());
                }
            }
        }
        assert_eq!(decode_client(&[]), Err(CodecError::Empty));
    }
}
