//! Keys: which of them mean what, and which are held.
//!
//! Enters: `KeyboardEvent.code`, the place of a key whatever its letter, so that WASD works on every layout. Leaves: the
//! actions that are held. It must never see what the player types into the name field.

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Engine on.
    Thrust,
    /// Turn anticlockwise.
    Left,
    /// Turn clockwise.
    Right,
    /// Trigger held.
    Fire,
}

/// The action of the key at this place of the keyboard.
pub fn action(code: &str) -> Option<Action> {
    match code {
        "KeyW" | "ArrowUp" => Some(Action::Thrust),
        "KeyA" | "ArrowLeft" => Some(Action::Left),
        "KeyD" | "ArrowRight" => Some(Action::Right),
        "Space" => Some(Action::Fire),
        _ => None,
    }
}

/// Does the key at this place show and hide the overlay?
pub fn shows_overlay(code: &str) -> bool {
    matches!(code, "F3" | "Backquote")
}

/// The actions that are held.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    held: [bool; 4],
}

impl Keys {
    /// A key of `action` went down or up.
    pub fn set(&mut self, action: Action, down: bool) {
        self.held[action as usize] = down;
    }

    /// Is `action` held?
    pub fn held(&self, action: Action) -> bool {
        self.held[action as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_arrows_fly_the_same() {
        assert_eq!(action("KeyW"), action("ArrowUp"));
        assert_eq!(action("KeyA"), action("ArrowLeft"));
        assert_eq!(action("KeyD"), action("ArrowRight"));
        assert_eq!(action("KeyQ"), None);
    }
}
