//! The languages of the pages.
//!
//! Enters: the tags that a browser prefers. Leaves: the first of them that is spoken here, and its words. A language is a file
//! in `words/` and a line in this one.

use std::sync::OnceLock;

use super::table::Table;

/// A language of the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which the others are translated from.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Portuguese.
    Portuguese,
}

/// Every language, in the order in which the settings list them.
pub const LANGUAGES: [Language; 5] =
    [Language::English, Language::German, Language::French, Language::Spanish, Language::Portuguese];

impl Language {
    /// Its tag, as browsers and the document's `lang` have it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
        }
    }

    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        self.table().find("language.name").unwrap_or(self.tag())
    }

    /// The language with that tag; a region or a script after it does not matter.
    pub fn tagged(tag: &str) -> Option<Self> {
        let main = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        LANGUAGES.into_iter().find(|language| language.tag() == main)
    }

    /// The first of the preferred `tags` that is spoken here; English when none is.
    pub fn preferred(tags: impl IntoIterator<Item = String>) -> Self {
        tags.into_iter().find_map(|tag| Self::tagged(&tag)).unwrap_or_default()
    }

    /// Does this number take the form of one?
    pub fn is_one(self, number: u32) -> bool {
        match self {
            Self::English | Self::German | Self::Spanish => number == 1,
            Self::French | Self::Portuguese => number < 2,
        }
    }

    /// Its words.
    pub fn table(self) -> &'static Table {
        static TABLES: [OnceLock<Table>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
        TABLES[self as usize].get_or_init(|| Table::parsed(self.source()))
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../words/en.txt"),
            Self::German => include_str!("../../words/de.txt"),
            Self::French => include_str!("../../words/fr.txt"),
            Self::Spanish => include_str!("../../words/es.txt"),
            Self::Portuguese => include_str!("../../words/pt.txt"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_preferred_language_that_is_spoken_here_is_taken() {
        let preferred = |tags: &[&str]| Language::preferred(tags.iter().map(|tag| (*tag).to_owned()));
        assert_eq!(preferred(&["ja", "de-AT", "en"]), Language::German);
        assert_eq!(preferred(&["pt-BR"]), Language::Portuguese);
        assert_eq!(preferred(&["zh-Hans-CN"]), Language::English);
        assert_eq!(preferred(&[]), Language::English);
    }
}
