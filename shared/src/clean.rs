//! What strangers type, made fit to be shown: names, and what people say.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Marks (accents and such) that may follow one letter. More pile up over the lines above and below.
const MARKS: usize = 2;

/// Characters that are looked at for one that may stay: who types more of what may not be shown has said enough.
const LOOKED_AT: usize = 4;

/// What was typed without what may not be shown (invisible, control and direction-changing characters, marks that pile up),
/// its spaces joined, cut to so many characters. None when nothing is left of the first `most` times [`LOOKED_AT`].
pub(crate) fn clean(typed: &str, most: usize) -> Option<String> {
    let mut clean = String::new();
    let (mut chars, mut marks) = (0, 0);
    for c in typed.chars().take(most * LOOKED_AT) {
        let c = if c.is_whitespace() { ' ' } else { c };
        let mark = match Kind::of(c) {
            // Before marks are counted: between two of them it would make them look like the marks of two letters.
            Kind::Hidden => continue,
            Kind::Mark => true,
            Kind::Shown => false,
        };
        marks = if mark { marks + 1 } else { 0 };
        let repeated = c == ' ' && (clean.is_empty() || clean.ends_with(' '));
        if chars == most {
            break;
        }
        if marks > MARKS || (mark && clean.is_empty()) || repeated {
            continue;
        }
        clean.push(c);
        chars += 1;
    }
    clean.truncate(clean.trim_end().len());
    (!clean.is_empty()).then_some(clean)
}

/// What may become of a character.
enum Kind {
    Shown,
    /// It stands over or under the last one.
    Mark,
    /// Control, format (which holds the direction-changing and the zero-width), private, unassigned, line separators; and
    /// the letters that are drawn as nothing.
    Hidden,
}

/// Letters that are drawn as nothing.
const BLANK: [char; 8] =
    ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}', '\u{034f}', '\u{17b4}', '\u{17b5}'];

impl Kind {
    fn of(c: char) -> Self {
        use GeneralCategory as G;
        // Most letters are these, and a short board is read by every client several times a second.
        if c.is_ascii() {
            return if c.is_ascii_control() { Self::Hidden } else { Self::Shown };
        }
        // Looked up once: to look is most of what cleaning takes.
        let category = c.general_category();
        let hidden = [
            G::Control,
            G::Format,
            G::PrivateUse,
            G::Unassigned,
            G::Surrogate,
            G::LineSeparator,
            G::ParagraphSeparator,
        ];
        if BLANK.contains(&c) || hidden.contains(&category) {
            return Self::Hidden;
        }
        match [G::NonspacingMark, G::SpacingMark, G::EnclosingMark].contains(&category) {
            true => Self::Mark,
            false => Self::Shown,
        }
    }
}
