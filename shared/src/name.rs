//! Player names. What a stranger typed becomes a [`PlayerName`] or is refused; only the former is ever shown.

use crate::clean::clean;
use crate::tuning::NAME_CHARS;
use serde::{Deserialize, Serialize};

/// A name that is fit to be shown: 1 to [`NAME_CHARS`] characters, none of them invisible, control or
/// direction-changing, no two spaces in a row, at most two marks on a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PlayerName(String);

impl PlayerName {
    /// Cleans what was typed: drops what may not be shown, and cuts it to length. None when nothing is left.
    #[must_use]
    pub fn clean(typed: &str) -> Option<Self> {
        clean(typed, NAME_CHARS).map(Self)
    }

    /// The name as text. Show it as text, never as HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PlayerName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PlayerName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::clean(&text).ok_or_else(|| serde::de::Error::custom("a name without a character to show"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(typed: &str) -> Option<String> {
        PlayerName::clean(typed).map(|name| name.to_string())
    }

    #[test]
    fn a_plain_name_stays_as_it_is() {
        assert_eq!(clean("Ada Lovelace").as_deref(), Some("Ada Lovelace"));
        assert_eq!(clean("Zoë Ångström").as_deref(), Some("Zoë Ångström"));
        assert_eq!(clean("プレイヤー1").as_deref(), Some("プレイヤー1"));
    }

    #[test]
    fn nothing_to_show_is_no_name() {
        for typed in
            ["", "   ", "\t\n", "\u{0}\u{7}", "\u{202e}\u{200f}", "\u{200b}\u{feff}", "\u{3164}", "\u{301}"]
        {
            assert_eq!(clean(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn control_and_direction_changing_characters_are_dropped() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{2066}d").as_deref(), Some("abcd"));
    }

    #[test]
    fn long_names_are_cut_and_spaces_joined() {
        assert_eq!(clean("  a \u{a0} b  ").as_deref(), Some("a b"));
        assert_eq!(clean(&"x".repeat(400)).map(|n| n.len()), Some(NAME_CHARS));
    }

    #[test]
    fn marks_do_not_pile_up() {
        assert_eq!(clean("a\u{301}\u{302}\u{303}\u{304}").as_deref(), Some("a\u{301}\u{302}"));
        let hidden_between = "a\u{301}\u{302}\u{8}\u{303}\u{200b}\u{304}";
        assert_eq!(clean(hidden_between).as_deref(), Some("a\u{301}\u{302}"));
    }

    #[test]
    fn markup_is_only_text() {
        assert_eq!(clean("<b>x</b>").as_deref(), Some("<b>x</b>"));
    }
}
