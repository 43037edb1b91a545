//! Player names. What a stranger typed becomes a [`PlayerName`] or is refused; only the former is ever shown.

use crate::tuning::NAME_CHARS;
use serde::{Deserialize, Serialize};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// A name that is fit to be shown: 1 to [`NAME_CHARS`] characters, none of them invisible, control or
/// direction-changing, no two spaces in a row, at most two marks on a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PlayerName(String);

/// Marks (accents and such) that may follow one letter. More pile up over the lines above and below.
const MARKS: usize = 2;

impl PlayerName {
    /// Cleans what was typed: drops what may not be shown, and cuts it to length. None when nothing is left.
    #[must_use]
    pub fn clean(typed: &str) -> Option<Self> {
        let mut name = String::new();
        let (mut chars, mut marks) = (0, 0);
        // What is hidden goes first: between two marks it would make them look like the marks of two letters.
        let shown = typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c));
        for c in shown {
            let mark = is_mark(c);
            marks = if mark { marks + 1 } else { 0 };
            let repeated = c == ' ' && (name.is_empty() || name.ends_with(' '));
            if chars == NAME_CHARS || marks > MARKS || (mark && name.is_empty()) || repeated {
                continue;
            }
            name.push(c);
            chars += 1;
        }
        let name = name.trim_end();
        (!name.is_empty()).then(|| Self(name.to_owned()))
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

fn is_mark(c: char) -> bool {
    use GeneralCategory as G;
    // Most letters are these, and a short board is read by every client several times a second.
    !c.is_ascii() && matches!(c.general_category(), G::NonspacingMark | G::SpacingMark | G::EnclosingMark)
}

/// Control, format (which holds the direction-changing and the zero-width), private, unassigned, line separators; and
/// the letters that are drawn as nothing.
fn is_hidden(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let blank =
        ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}', '\u{034f}', '\u{17b4}', '\u{17b5}'];
    let hidden = [G::Control, G::Format, G::PrivateUse, G::Unassigned, G::Surrogate];
    let lines = [G::LineSeparator, G::ParagraphSeparator];
    blank.contains(&c) || hidden.contains(&c.general_category()) || lines.contains(&c.general_category())
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
