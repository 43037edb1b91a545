//! Nobody reads a word that is not in the words' files.

#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use client_web::words::language::Language;

/// A line with one of these says something to the console, or to styles; nobody reads it on the page.
const UNREAD: [&str; 7] = ["complain(", "expect(", "ok_or(", "Err(", "no fitting", "label", "top-row"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let nested = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    let all = entries.flat_map(nested);
    all.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// The lines of the sources that are neither comments nor tests, each with its file.
fn lines() -> Vec<(PathBuf, String)> {
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let code = files.into_iter().filter(|path| !path.to_string_lossy().ends_with("_tests.rs"));
    code.flat_map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        let said = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        said.map(|line| (path.clone(), line.to_owned())).collect::<Vec<_>>()
    })
    .collect()
}

/// What is between quotes.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

/// Two words of letters, one after another.
fn is_sentence(text: &str) -> bool {
    let is_word = |part: &str| part.len() > 1 && part.chars().all(char::is_alphabetic);
    text.split(' ').collect::<Vec<_>>().windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1]))
}

#[test]
fn no_sentence_is_in_the_sources() {
    for (path, line) in lines() {
        let read = !UNREAD.iter().any(|unread| line.contains(unread));
        let found = literals(&line).find(|text| read && is_sentence(text));
        assert_eq!(found, None, "{}: {line}", path.display());
    }
}

#[test]
fn every_key_that_is_asked_for_has_words() {
    let mut asked = 0;
    for (path, line) in lines() {
        for call in ["words::say(\"", "words::fill(\"", "words::child(\"", "words::known(\""] {
            let keys = line.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            for key in keys.filter(|key| !key.contains('{')) {
                asked += 1;
                assert!(Language::English.table().find(key).is_some(), "{}: {key}", path.display());
            }
        }
    }
    assert!(asked > 60, "{asked}");
}
