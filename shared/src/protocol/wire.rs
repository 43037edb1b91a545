//! Bytes in and out of a frame: little-endian integers and LEB128 varints. Reading never panics and never reads past
//! the end.

/// A frame's bytes broke off, or a number in it was too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes break off or hold a number that is too large")]
pub struct BadBytes;

/// Bytes still to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next `N` bytes.
    pub fn take<const N: usize>(&mut self) -> Result<[u8; N], BadBytes> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(BadBytes)?;
        self.0 = rest;
        Ok(*head)
    }

    /// The next `length` bytes, as a reader of their own.
    pub fn part(&mut self, length: usize) -> Result<Self, BadBytes> {
        let (head, rest) = self.0.split_at_checked(length).ok_or(BadBytes)?;
        self.0 = rest;
        Ok(Reader(head))
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, BadBytes> {
        self.take::<1>().map(|[byte]| byte)
    }

    /// Two bytes, little endian.
    pub fn u16(&mut self) -> Result<u16, BadBytes> {
        self.take().map(u16::from_le_bytes)
    }

    /// Three bytes, little endian.
    pub fn u24(&mut self) -> Result<u32, BadBytes> {
        self.take().map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]))
    }

    /// Four bytes, little endian.
    pub fn u32(&mut self) -> Result<u32, BadBytes> {
        self.take().map(u32::from_le_bytes)
    }

    /// A LEB128 varint: seven bits a byte, low first, the high bit set on all but the last; at most 32 bits.
    pub fn varint(&mut self) -> Result<u32, BadBytes> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| BadBytes);
            }
        }
        Err(BadBytes)
    }

    /// A signed varint: zigzag (0, -1, 1, -2, ...) over [`Reader::varint`].
    pub fn zigzag(&mut self) -> Result<i32, BadBytes> {
        let raw = self.varint()?;
        Ok((raw >> 1).cast_signed() ^ -((raw & 1).cast_signed()))
    }

    /// Is everything read?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes [`Reader::u24`]. What does not fit in 24 bits is cut.
pub fn put_u24(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes()[..3]);
}

/// Writes [`Reader::varint`].
pub fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Writes [`Reader::zigzag`].
pub fn put_zigzag(out: &mut Vec<u8>, value: i32) {
    put_varint(out, ((value << 1) ^ (value >> 31)).cast_unsigned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_went() {
        for value in [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX] {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            assert_eq!(Reader(&out).varint(), Ok(value));
        }
        for value in [0, -1, 1, -64, 64, i32::MIN, i32::MAX] {
            let mut out = Vec::new();
            put_zigzag(&mut out, value);
            assert_eq!(Reader(&out).zigzag(), Ok(value));
        }
    }

    #[test]
    fn a_varint_of_more_than_32_bits_is_refused() {
        assert_eq!(Reader(&[0xff, 0xff, 0xff, 0xff, 0x1f]).varint(), Err(BadBytes));
        assert_eq!(Reader(&[0x80; 9]).varint(), Err(BadBytes));
    }

    #[test]
    fn reading_past_the_end_is_an_error() {
        assert_eq!(Reader(&[1]).u16(), Err(BadBytes));
        assert!(Reader(&[1, 2]).part(3).is_err());
    }
}
