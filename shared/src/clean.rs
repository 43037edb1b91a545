//! What strangers type, made fit to be shown: names, and what people say.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Marks (accents and such) that may follow one letter. More pile up over the lines above and below.
const MARKS: usize = 2;

/// What was typed without what may not be shown (invisible, control and direction-changing characters, marks that pile up),
/// its spaces joined, cut to so many characters. None when nothing is left.
pub(crate) fn clean(typed: &str, most: usize) -> Option<String> {
    let mut clean = String::new();
    let (mut chars, mut marks) = (0, 0);
    // What is hidden goes first: between two marks it would make them look like the marks of two letters.
    let shown = typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c));
    for c in shown {
        let mark = is_mark(c);
        marks = if mark { marks + 1 } else { 0 };
        let repeated = c == ' ' && (clean.is_empty() || clean.ends_with(' '));
        if chars == most || marks > MARKS || (mark && clean.is_empty()) || repeated {
            continue;
        }
        clean.push(c);
        chars += 1;
    }
    clean.truncate(clean.trim_end().len());
    (!clean.is_empty()).then_some(clean)
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
