//! What people say to each other: lines that they type, and phrases that everyone reads in the own language; and what an
//! operator says to everyone.

use crate::clean::clean;
use crate::tuning::{ANNOUNCEMENT_CHARS, SAYING_CHARS};
use serde::{Deserialize, Serialize};

/// A line that is fit to be shown: 1 to [`SAYING_CHARS`] characters, clean as names are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Line(String);

impl Line {
    /// Cleans what was typed: drops what may not be shown, and cuts it to length. None when nothing is left.
    #[must_use]
    pub fn clean(typed: &str) -> Option<Self> {
        clean(typed, SAYING_CHARS).map(Self)
    }

    /// The line as text. Show it as text, never as HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::clean(&text).ok_or_else(|| serde::de::Error::custom("a line without a character to show"))
    }
}

/// What an operator says to everyone: 1 to [`ANNOUNCEMENT_CHARS`] characters, clean as names are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Announcement(String);

impl Announcement {
    /// Cleans what was typed: drops what may not be shown, and cuts it to length. None when nothing is left.
    #[must_use]
    pub fn clean(typed: &str) -> Option<Self> {
        clean(typed, ANNOUNCEMENT_CHARS).map(Self)
    }

    /// It as text. Show it as text, never as HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Announcement {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::clean(&text)
            .ok_or_else(|| serde::de::Error::custom("an announcement without a character to show"))
    }
}

/// Something that can be said without typing. The order is the number on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phrase {
    /// Hello!
    Hello,
    /// Good game!
    GoodGame,
    /// Nice shot!
    NiceShot,
    /// Thanks!
    Thanks,
    /// Sorry!
    Sorry,
    /// Help!
    Help,
    /// Follow me!
    Follow,
    /// Get the leader!
    Leader,
    /// Watch out!
    Careful,
    /// Truce?
    Truce,
    /// Yes!
    Yes,
    /// No!
    No,
}

impl Phrase {
    /// Every phrase, in the order of its numbers.
    pub const ALL: [Self; 12] = [
        Self::Hello,
        Self::GoodGame,
        Self::NiceShot,
        Self::Thanks,
        Self::Sorry,
        Self::Help,
        Self::Follow,
        Self::Leader,
        Self::Careful,
        Self::Truce,
        Self::Yes,
        Self::No,
    ];
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saying {
    /// In words of one's own.
    Line(Line),
    /// A phrase.
    Phrase(Phrase),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_clean_and_cut_and_fits_a_message() {
        let clean = |typed: &str| Line::clean(typed).map(|line| line.as_str().to_owned());
        assert_eq!(clean("  <b>hi</b>\u{202e}  you\u{7}\n").as_deref(), Some("<b>hi</b> you"));
        assert_eq!(clean(" \u{200b}\t"), None);
        let longest = clean(&"\u{1f680}".repeat(500)).unwrap();
        assert_eq!((longest.chars().count(), longest.len()), (SAYING_CHARS, 480));
        assert!(longest.len() + 8 < crate::protocol::MAX_CLIENT_MESSAGE);
    }

    #[test]
    fn an_announcement_is_clean_and_cut() {
        let clean = |typed: &str| Announcement::clean(typed).map(|line| line.as_str().to_owned());
        assert_eq!(clean(" We restart\n at\u{202e} ten. ").as_deref(), Some("We restart at ten."));
        assert_eq!(clean("\u{200b}\u{7}"), None);
        assert_eq!(clean(&"\u{1f680}".repeat(500)).unwrap().chars().count(), ANNOUNCEMENT_CHARS);
    }

    #[test]
    fn phrases_are_listed_in_the_order_of_their_numbers() {
        assert!(Phrase::ALL.iter().enumerate().all(|(number, phrase)| *phrase as usize == number));
    }
}
