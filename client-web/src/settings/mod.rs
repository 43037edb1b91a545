//! The visitor's settings, kept by the browser and followed by every page.
//!
//! Owns: what can be set, and how it is remembered. Enters: what the browser remembers, what the device asks for. Leaves:
//! settings, and the page's attributes that the styles go by. What is remembered may come from anywhere: anything that is not
//! understood is as if it had not been set.

pub mod choice;

use crate::dom;
use crate::words::{self, language::Language};
use choice::{Amount, Colours, TextSize};

/// Where the browser keeps them.
const KEY: &str = "starfray.settings";

/// What can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How loud, from 0 to 100.
    pub volume: u8,
    /// No sound at all.
    pub muted: bool,
    /// The colours of the arena.
    pub colours: Colours,
    /// How much moves that need not.
    pub motion: Amount,
    /// How brightly things flash.
    pub flashes: Amount,
    /// How large words are.
    pub text: TextSize,
    /// The fire button is under the left thumb.
    pub left_handed: bool,
    /// What others say is not shown.
    pub hush: bool,
    /// The language; none for the browser's.
    pub language: Option<Language>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            volume: 60,
            muted: false,
            colours: Colours::default(),
            motion: Amount::default(),
            flashes: Amount::default(),
            text: TextSize::default(),
            left_handed: false,
            hush: false,
            language: None,
        }
    }
}

impl Settings {
    /// Those that this browser remembers.
    pub fn kept() -> Self {
        dom::remembered(KEY).map_or_else(Self::default, |text| Self::parsed(&text))
    }

    /// Makes this browser remember them.
    pub fn keep(&self) {
        dom::remember(KEY, &self.text());
    }

    /// The settings in `text`.
    pub fn parsed(text: &str) -> Self {
        text.split(';').filter_map(|part| part.split_once('=')).fold(Self::default(), Self::with)
    }

    fn with(self, (key, value): (&str, &str)) -> Self {
        let yes = value == "yes";
        match key {
            "volume" => {
                Self { volume: value.parse().map_or(self.volume, |volume: u8| volume.min(100)), ..self }
            }
            "muted" => Self { muted: yes, ..self },
            "colours" => Self { colours: choice::named(value), ..self },
            "motion" => Self { motion: choice::named(value), ..self },
            "flashes" => Self { flashes: choice::named(value), ..self },
            "text" => Self { text: choice::named(value), ..self },
            "left" => Self { left_handed: yes, ..self },
            "hush" => Self { hush: yes, ..self },
            "language" => Self { language: Language::tagged(value), ..self },
            // Of a page that could set more.
            _ => self,
        }
    }

    /// A text from which [`Settings::parsed`] makes the same.
    pub fn text(&self) -> String {
        use choice::Choice;
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let language = self.language.map_or("", Language::tag);
        format!(
            "volume={};muted={};colours={};motion={};flashes={};text={};left={};hush={};language={language}",
            self.volume,
            yes(self.muted),
            self.colours.name(),
            self.motion.name(),
            self.flashes.name(),
            self.text.name(),
            yes(self.left_handed),
            yes(self.hush),
        )
    }

    /// Is less motion wanted, by the visitor or by the device?
    pub fn calm(&self) -> bool {
        self.motion.is_less(|| dom::matches_media("(prefers-reduced-motion: reduce)"))
    }

    /// Are flashes to be dim? A device that asks for less motion means them, too.
    pub fn dim(&self) -> bool {
        self.flashes.is_less(|| dom::matches_media("(prefers-reduced-motion: reduce)"))
    }

    /// The language to speak.
    pub fn spoken(&self) -> Language {
        self.language.unwrap_or_else(|| Language::preferred(dom::languages()))
    }

    /// Lets the page follow them: its words, and the attributes that its styles go by.
    pub fn apply(&self) {
        use choice::Choice;
        words::speak(self.spoken());
        dom::flag_body("data-motion", if self.calm() { "less" } else { "full" });
        dom::flag_body("data-flashes", if self.dim() { "less" } else { "full" });
        dom::flag_body("data-colours", self.colours.name());
        dom::flag_body("data-hand", if self.left_handed { "left" } else { "right" });
        dom::set_root_style("--text-size", self.text.factor());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let settings = Settings {
            volume: 35,
            muted: true,
            colours: Colours::RedGreen,
            motion: Amount::Less,
            flashes: Amount::Full,
            text: TextSize::Largest,
            left_handed: true,
            hush: true,
            language: Some(Language::French),
        };
        assert_eq!(Settings::parsed(&settings.text()), settings);
        assert_eq!(Settings::parsed(&Settings::default().text()), Settings::default());
    }

    #[test]
    fn what_is_not_understood_is_as_usual() {
        for text in ["", "volume=loud;colours=plaid;language=tlh", "=;;=;x", "volume"] {
            assert_eq!(Settings::parsed(text), Settings::default(), "{text}");
        }
        assert_eq!(Settings::parsed("volume=250").volume, 100);
    }
}
