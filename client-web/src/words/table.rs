//! The words of one language, by key.
//!
//! Enters: a file with a line `key: words` each; empty lines and those that begin with `#` say nothing. Leaves: the words of a
//! key, and words with their gaps filled.

/// The words of one language.
#[derive(Debug)]
pub struct Table(Vec<(&'static str, &'static str)>);

impl Table {
    /// The words in `source`.
    pub fn parsed(source: &'static str) -> Self {
        let lines = source.lines().filter(|line| !line.starts_with('#'));
        let mut rows: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
        rows.sort_unstable();
        Self(rows)
    }

    /// The words of `key`.
    pub fn find(&self, key: &str) -> Option<&'static str> {
        self.0.binary_search_by_key(&key, |row| row.0).ok().map(|index| self.0[index].1)
    }

    /// Keys and words, in the order of keys.
    pub fn rows(&self) -> &[(&'static str, &'static str)] {
        &self.0
    }
}

/// `words` with each `{name}` replaced by what goes there.
pub fn filled(words: &str, parts: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(words.len() + 16);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, then)) = after.split_once('}') else { break };
        let part = parts.iter().find(|(known, _)| *known == name);
        text.push_str(part.map_or("", |(_, part)| part));
        rest = then;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::super::language::LANGUAGES;
    use super::*;

    #[test]
    fn gaps_are_filled_by_name_and_what_is_put_in_is_not_read_again() {
        assert_eq!(filled("{who} has {n}", &[("n", "3"), ("who", "{n}")]), "{n} has 3");
        assert_eq!(filled("no gap", &[]), "no gap");
    }

    fn gaps(words: &str) -> Vec<&str> {
        let mut gaps: Vec<_> =
            words.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect();
        gaps.sort_unstable();
        gaps
    }

    #[test]
    fn every_language_has_the_same_keys_with_the_same_gaps_and_no_empty_words() {
        let [english, others @ ..] = LANGUAGES.map(|language| (language, language.table()));
        for (language, table) in others {
            let keys = |table: &Table| table.rows().iter().map(|row| row.0).collect::<Vec<_>>();
            assert_eq!(keys(table), keys(english.1), "{language:?}");
            for ((key, words), (_, model)) in table.rows().iter().zip(english.1.rows()) {
                assert_eq!(gaps(words), gaps(model), "{language:?}: {key}");
                assert!(!words.trim().is_empty(), "{language:?}: {key}");
            }
        }
    }

    #[test]
    fn no_key_is_there_twice() {
        for language in LANGUAGES {
            let twice = language.table().rows().windows(2).find(|pair| pair[0].0 == pair[1].0);
            assert_eq!(twice, None, "{language:?}");
        }
    }
}
