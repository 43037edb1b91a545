//! Keys: which of them are held, and which do what.
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
    /// More thrust.
    Boost,
    /// Hits take energy.
    Shield,
}

/// Every action, in the order in which the settings list them.
pub const ACTIONS: [Action; 6] =
    [Action::Thrust, Action::Left, Action::Right, Action::Fire, Action::Boost, Action::Shield];

impl Action {
    /// The key of what the settings call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Thrust => "action.thrust",
            Self::Left => "action.left",
            Self::Right => "action.right",
            Self::Fire => "action.fire",
            Self::Boost => "action.boost",
            Self::Shield => "action.shield",
        }
    }
}

/// Does the key at this place show and hide the overlay?
pub fn shows_overlay(code: &str) -> bool {
    matches!(code, "F3" | "Backquote")
}

/// The actions that are held.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    held: [bool; ACTIONS.len()],
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
