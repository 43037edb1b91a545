//! A place on a board: one player's best life as the key that boards are ordered by.

use crate::period::UnixMs;

/// The number of a player in memory and in the store; dense, so that boards stay small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot(pub u32);

/// When a result was recorded: the how manieth it was. Of the 2^48 that fit, a thousand a second use up none too many
/// in eight thousand years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Seq(pub u64);

const BITS_48: u64 = (1 << 48) - 1;

/// Ordered best first: the higher score, then the earlier time, then who was recorded first. 20 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The score's complement, so that the highest comes first.
    lowness: u32,
    /// 48 bits of time and 48 bits of sequence, in order.
    when: [u32; 3],
    slot: u32,
}

#[expect(clippy::cast_possible_truncation, reason = "cut into 32 bits each on purpose")]
impl Place {
    pub(crate) const fn new(score: u32, at: UnixMs, seq: Seq, slot: Slot) -> Self {
        let (at, seq) = (at.0 & BITS_48, seq.0 & BITS_48);
        let when = [(at >> 16) as u32, ((at << 16) as u32) | (seq >> 32) as u32, seq as u32];
        Self { lowness: !score, when, slot: slot.0 }
    }

    /// Before every place with this score, after every place with a higher one.
    pub(crate) const fn first_with(score: u32) -> Self {
        Self { lowness: !score, when: [0; 3], slot: 0 }
    }

    pub(crate) const fn score(self) -> u32 {
        !self.lowness
    }

    pub(crate) const fn at(self) -> UnixMs {
        UnixMs(((self.when[0] as u64) << 16) | (self.when[1] >> 16) as u64)
    }

    pub(crate) const fn seq(self) -> Seq {
        Seq((((self.when[1] & 0xffff) as u64) << 32) | self.when[2] as u64)
    }

    pub(crate) const fn slot(self) -> Slot {
        Slot(self.slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_first_and_ties_go_to_who_was_first() {
        let place = |score, at, seq, slot| Place::new(score, UnixMs(at), Seq(seq), Slot(slot));
        let ordered = [
            place(u32::MAX, 9, 9, 9),
            place(20, 5, 7, 3),
            place(20, 5, 1 << 40, 0),
            place(20, 1 << 40, 2, 0),
            place(0, 0, 0, 0),
        ];
        assert!(ordered.is_sorted());
        assert!(Place::first_with(20) <= ordered[1] && Place::first_with(20) > ordered[0]);
    }

    #[test]
    fn a_place_gives_back_what_it_was_made_of() {
        for (score, at, seq, slot) in
            [(0, 0, 0, 0), (u32::MAX, BITS_48, BITS_48, u32::MAX), (7, 0x1234_5678_9abc, 0xfedc_ba98_7654, 1)]
        {
            let place = Place::new(score, UnixMs(at), Seq(seq), Slot(slot));
            assert_eq!((place.score(), place.at().0, place.seq().0, place.slot().0), (score, at, seq, slot));
        }
        assert_eq!(size_of::<Place>(), 20);
    }
}
