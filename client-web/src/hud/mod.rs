//! The head-up display: everything on the playing page that is not the arena.
//!
//! Owns: the page's elements. Enters: numbers and sentences. Leaves: nothing. It must never ask the network or the replica,
//! and writes an element only when what it shows changes, since the page is drawn sixty times a second.

pub mod announced;
pub mod banner;
pub mod bindings;
pub mod card;
pub mod contest;
pub mod farewell;
pub mod gauges;
pub mod hints;
pub mod hulls;
pub mod lobby;
pub mod map;
pub mod overlay;
pub mod people;
pub mod podium;
pub mod settings;
pub mod talk;
pub mod title;
pub mod toasts;
pub mod top;

/// A number with thin gaps between thousands, as people read it.
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1234), "1\u{202f}234");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
