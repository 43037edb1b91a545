//! Cursors: where a page goes on, in which version of which board. Opaque to others, and signed, so that what comes
//! back is either what was handed out or refused.

use data_encoding::BASE64URL_NOPAD;
use hmac::Mac;

use crate::board::{Ranks, Version};
use crate::period::Bucket;
use crate::player::Signer;

/// What a cursor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) bucket: Bucket,
    /// Of a frozen board, whose ranks never change, 0.
    pub(crate) version: Version,
    /// How many entries are before the page.
    pub(crate) position: u64,
    pub(crate) ranks: Ranks,
}

/// Why a page can't go on from a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not one of ours, or changed on its way.
    #[error("this cursor was not handed out by this server: begin without one")]
    Malformed,
    /// Handed out for another board, or for the other way of numbering ranks.
    #[error("this cursor belongs to another board: begin without one")]
    OtherBoard,
    /// The board has moved on, and that version of it is no longer kept.
    #[error("this cursor has expired, because the board has changed since: begin without one")]
    Expired,
}

const PURPOSE: &[u8] = b"starfray cursor 1\0";
const CONTENT: usize = 22;
const SIGNATURE: usize = 14;
/// Characters of a cursor: 36 bytes, six bits each.
const CHARS: usize = (CONTENT + SIGNATURE) / 3 * 4;

impl Cursor {
    pub(crate) fn print(self, signer: &Signer) -> String {
        let ranks = match self.ranks {
            Ranks::Standard => 0,
            Ranks::Competition => 1,
        };
        let mut bytes = vec![self.bucket.period().code(), ranks];
        bytes.extend(self.bucket.number().to_be_bytes());
        bytes.extend(self.version.0.to_be_bytes());
        bytes.extend(self.position.to_be_bytes());
        let signature = signer.mac(PURPOSE, &bytes).finalize().into_bytes();
        bytes.extend(&signature[..SIGNATURE]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    pub(crate) fn read(text: &str, signer: &Signer) -> Result<Self, CursorError> {
        Self::decode(text, signer).ok_or(CursorError::Malformed)
    }

    fn decode(text: &str, signer: &Signer) -> Option<Self> {
        // Compared before anything is allocated for it.
        let bytes = (text.len() == CHARS).then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).flatten()?;
        let (content, signature) = bytes.split_first_chunk::<CONTENT>()?;
        signer.mac(PURPOSE, content).verify_truncated_left(signature).ok()?;
        let [period, ranks, rest @ ..] = content;
        let (number, rest) = rest.split_first_chunk::<4>()?;
        let (version, position) = rest.split_first_chunk::<8>()?;
        let bucket = Bucket::from_parts(*period, u32::from_be_bytes(*number))?;
        let ranks = [Ranks::Standard, Ranks::Competition].into_iter().nth(usize::from(*ranks))?;
        let position = u64::from_be_bytes(position.try_into().ok()?);
        Some(Self { bucket, version: Version(u64::from_be_bytes(*version)), position, ranks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_every_change_of_it_refused() {
        let signer = Signer::new([3; 32]);
        let bucket = "2026-W47".parse().unwrap();
        let cursor = Cursor { bucket, version: Version(9), position: 1 << 33, ranks: Ranks::Competition };
        let text = cursor.print(&signer);
        assert_eq!(text.len(), CHARS);
        assert_eq!(Cursor::read(&text, &signer), Ok(cursor));
        assert_eq!(Cursor::read(&text, &Signer::new([4; 32])), Err(CursorError::Malformed));
        for at in 0..text.len() {
            for to in [b'A', b'z', b'=', b' '] {
                let mut changed = text.clone().into_bytes();
                if changed[at] != to {
                    changed[at] = to;
                    let changed = String::from_utf8(changed).unwrap();
                    assert_eq!(Cursor::read(&changed, &signer), Err(CursorError::Malformed));
                }
            }
        }
        assert_eq!(Cursor::read("", &signer), Err(CursorError::Malformed));
        assert_eq!(Cursor::read(&"é".repeat(24), &signer), Err(CursorError::Malformed));
    }
}
