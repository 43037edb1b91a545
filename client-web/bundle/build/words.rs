//! English words in the pages as they are served: for who reads them before the client runs, or without it.
//!
//! Enters: `words/en.txt`, and pages whose elements name the keys of their words (`data-word` for the text, `data-word-label`,
//! `data-word-placeholder` and `data-word-content` for attributes). Leaves: the pages with the words in them. A key without
//! words, or an element that has a text beside its key, fails the build.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::Problem;

/// Attributes that name a key, and those that take its words.
const ATTRIBUTES: [(&str, &str); 3] = [
    ("data-word-label", "aria-label"),
    ("data-word-placeholder", "placeholder"),
    ("data-word-content", "content"),
];

/// Words by their keys.
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// Those of a file.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let text = fs::read_to_string(path).map_err(|problem| format!("{}: {problem}", path.display()))?;
        let lines =
            text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
        Ok(Self(lines.map(|(key, words)| (key.to_owned(), escaped(words))).collect()))
    }

    /// The page with its words.
    pub fn put_into(&self, path: &Path, page: &[u8]) -> Result<Vec<u8>, Problem> {
        let problem = |what: &str| format!("{}: {what}", path.display());
        let page = std::str::from_utf8(page).map_err(|_| problem("not UTF-8"))?;
        let mut filled = page.to_owned();
        for (from, to) in ATTRIBUTES {
            filled = self.attributes(&filled, from, to).map_err(|what| problem(&what))?;
        }
        self.texts(&filled).map(String::into_bytes).map_err(|what| problem(&what))
    }

    fn words(&self, key: &str) -> Result<&str, Problem> {
        self.0.get(key).map(String::as_str).ok_or_else(|| format!("no words for {key}"))
    }

    /// Adds the attribute `to` before each `from`.
    fn attributes(&self, page: &str, from: &str, to: &str) -> Result<String, Problem> {
        let begin = format!("{from}=\"");
        let mut parts = page.split(begin.as_str());
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (key, _) = part.split_once('"').ok_or("an attribute does not end")?;
            filled.push_str(&format!("{to}=\"{}\" {begin}{part}", self.words(key)?));
        }
        Ok(filled)
    }

    fn texts(&self, page: &str) -> Result<String, Problem> {
        let begin = "data-word=\"";
        let mut parts = page.split(begin);
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (key, _) = part.split_once('"').ok_or("an attribute does not end")?;
            let (tag, rest) = part.split_once('>').ok_or("an element does not end")?;
            if !rest.starts_with("</") {
                return Err(format!("the element of {key} is not empty"));
            }
            filled.push_str(&format!("{begin}{tag}>{}{rest}", self.words(key)?));
        }
        Ok(filled)
    }
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
