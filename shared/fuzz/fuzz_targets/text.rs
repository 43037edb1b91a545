//! Texts of strangers: names, lines, what is announced, identities and ids. What is taken is within its limits, and says the same when it is read
//! again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::identity::{Identity, PlayerKey};
use shared::name::PlayerName;
use shared::saying::{Announcement, Line};
use shared::tuning::{ANNOUNCEMENT_CHARS, NAME_CHARS, SAYING_CHARS};

fuzz_target!(|text: &str| {
    if let Some(name) = PlayerName::clean(text) {
        let chars = name.as_str().chars().count();
        assert!((1..=NAME_CHARS).contains(&chars));
        assert_eq!(PlayerName::clean(name.as_str()).as_ref(), Some(&name), "a clean name is clean");
        assert!(!name.as_str().chars().any(char::is_control));
    }
    if let Some(line) = Line::clean(text) {
        assert!((1..=SAYING_CHARS).contains(&line.as_str().chars().count()));
        assert_eq!(Line::clean(line.as_str()).as_ref(), Some(&line), "a clean line is clean");
    }
    if let Some(said) = Announcement::clean(text) {
        assert!((1..=ANNOUNCEMENT_CHARS).contains(&said.as_str().chars().count()));
        assert_eq!(Announcement::clean(said.as_str()).as_ref(), Some(&said), "a clean one is clean");
        assert!(!said.as_str().chars().any(char::is_control));
    }
    if let Ok(identity) = text.parse::<Identity>() {
        assert_eq!(identity.text().parse(), Ok(identity));
    }
    if let Ok(key) = text.parse::<PlayerKey>() {
        assert_eq!(key.to_string(), text);
    }
});
