//! Names of private arenas: three words, which are the secret of those who have the link.
//!
//! A page draws a name from 1,024 words, so it has 30 bits of chance. Who tries names at the usual limit of handshakes, 20 a
//! second and address, needs ten weeks on average to find one of eight arenas that are open all that time; and each wrong
//! name makes an arena, of which there are only so many.

/// Words of a name.
const WORDS: usize = 3;

/// Bits that choose one word.
const BITS_PER_WORD: u32 = 10;

/// Bits of chance in a drawn name.
pub const BITS: u32 = BITS_PER_WORD * WORDS as u32;

/// Letters in a word of a name, whoever chose it.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=12;

const LIST: &str = include_str!("private/words.txt");

/// The name that the lowest [`BITS`] bits choose.
#[must_use]
pub fn name(bits: u32) -> String {
    let words: Vec<&str> = LIST.split_ascii_whitespace().collect();
    let word = |nth: usize| {
        let at = bits >> (BITS_PER_WORD * nth as u32);
        words.get(at as usize % (1 << BITS_PER_WORD)).copied().unwrap_or_default()
    };
    (0..WORDS).map(word).collect::<Vec<_>>().join("-")
}

/// May a private arena be called so? Three words of small letters; they need not be on the list.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let word =
        |word: &str| LETTERS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    text.split('-').count() == WORDS && text.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_as_many_words_as_ten_bits_can_choose_and_none_twice() {
        let words: BTreeSet<&str> = LIST.split_ascii_whitespace().collect();
        assert_eq!((words.len(), LIST.split_ascii_whitespace().count()), (1024, 1024));
    }

    #[test]
    fn every_bit_of_chance_changes_the_name() {
        let names: BTreeSet<String> = (0..BITS).map(|bit| name(1 << bit)).collect();
        assert_eq!(names.len(), BITS as usize);
        assert_eq!(name(0), name(1 << BITS), "and no other bit does");
    }

    #[test]
    fn a_drawn_name_is_one_and_others_are_only_if_they_have_its_form() {
        assert!((0..1 << 20).step_by(997).all(|bits| is_name(&name(bits))));
        assert!(is_name("we-two-here"));
        for wrong in
            ["", "1", "one-two", "one-two-three-four", "One-two-three", "a-bb-cc", "é-é-é", "--", "a b-cc-dd"]
        {
            assert!(!is_name(wrong), "{wrong}");
        }
        assert!(!is_name("thirteenletter-two-three"));
    }
}
