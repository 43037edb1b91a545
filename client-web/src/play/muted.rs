//! Whom the player does not want to hear. Only this browser knows it; nobody is told.
//!
//! Owns: public ids, as the browser remembers them. Enters: who is muted. Leaves: whether someone is. It must never grow
//! without end: of more than `MOST` the oldest are heard again.

use shared::identity::PlayerKey;

/// Players that are remembered.
const MOST: usize = 200;

/// Those who are muted, in the order in which they were.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Muted(Vec<PlayerKey>);

impl Muted {
    /// As it was remembered; what is not understood is nobody.
    pub fn parsed(text: &str) -> Self {
        Self(text.split(',').filter_map(|key| key.parse().ok()).take(MOST).collect())
    }

    /// A text from which [`Muted::parsed`] makes the same.
    pub fn text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// `key` is not heard any more.
    pub fn mute(&mut self, key: PlayerKey) {
        self.0.retain(|known| *known != key);
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(key);
    }

    /// `key` is heard again.
    pub fn hear(&mut self, key: PlayerKey) {
        self.0.retain(|known| *known != key);
    }

    /// Is `key` muted?
    pub fn has(&self, key: PlayerKey) -> bool {
        self.0.contains(&key)
    }

    /// How many are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_muted_is_remembered_and_nonsense_is_nobody() {
        let mut muted = Muted::default();
        [3, 9, 3].into_iter().for_each(|key| muted.mute(PlayerKey(key)));
        assert_eq!(Muted::parsed(&muted.text()), muted);
        assert!(muted.has(PlayerKey(3)) && !muted.has(PlayerKey(4)) && muted.count() == 2);
        muted.hear(PlayerKey(3));
        assert!(!muted.has(PlayerKey(3)) && muted.has(PlayerKey(9)));
        assert_eq!(Muted::parsed("x,,<b>"), Muted::default());
    }

    #[test]
    fn of_too_many_the_oldest_are_heard_again() {
        let mut muted = Muted::default();
        (0..250).for_each(|key| muted.mute(PlayerKey(key)));
        assert!(!muted.has(PlayerKey(49)) && muted.has(PlayerKey(50)) && muted.count() == MOST);
    }
}
