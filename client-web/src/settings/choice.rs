//! Settings that are one of a few.
//!
//! Enters: names, as they are remembered and as the panel's options have them. Leaves: the choice of that name. Each has a
//! usual one, which stands for every name that is not known.

/// One of a few.
pub trait Choice: Copy + Default + PartialEq + 'static {
    /// Each of them, in the order in which the settings list them.
    const ALL: &'static [Self];

    /// Its name where it is remembered.
    fn name(self) -> &'static str;

    /// The key of its words.
    fn word(self) -> &'static str;
}

/// The choice of that name; the usual one when there is none.
pub fn named<C: Choice>(name: &str) -> C {
    C::ALL.iter().copied().find(|choice| choice.name() == name).unwrap_or_default()
}

/// How much of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Amount {
    /// As the device is set.
    #[default]
    System,
    /// All of it.
    Full,
    /// As little as can be.
    Less,
}

impl Amount {
    /// Is it to be less? `system` says what the device asks for.
    pub fn is_less(self, system: impl Fn() -> bool) -> bool {
        match self {
            Self::System => system(),
            Self::Full => false,
            Self::Less => true,
        }
    }
}

impl Choice for Amount {
    const ALL: &'static [Self] = &[Self::System, Self::Full, Self::Less];

    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Full => "full",
            Self::Less => "less",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::System => "choice.system",
            Self::Full => "choice.full",
            Self::Less => "choice.less",
        }
    }
}

/// The colours of the arena.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colours {
    /// For most eyes.
    #[default]
    Usual,
    /// For those that do not tell red from green.
    RedGreen,
    /// For those that do not tell blue from yellow.
    BlueYellow,
    /// Bright on black.
    Contrast,
}

impl Choice for Colours {
    const ALL: &'static [Self] = &[Self::Usual, Self::RedGreen, Self::BlueYellow, Self::Contrast];

    fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::RedGreen => "red-green",
            Self::BlueYellow => "blue-yellow",
            Self::Contrast => "contrast",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Usual => "colours.usual",
            Self::RedGreen => "colours.red-green",
            Self::BlueYellow => "colours.blue-yellow",
            Self::Contrast => "colours.contrast",
        }
    }
}

/// How large words are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextSize {
    /// Smaller than usual.
    Small,
    /// For most eyes.
    #[default]
    Usual,
    /// Larger.
    Large,
    /// As large as the pages bear.
    Largest,
}

impl TextSize {
    /// By how much words are larger than usual, as styles have it.
    pub fn factor(self) -> &'static str {
        match self {
            Self::Small => "0.88",
            Self::Usual => "1",
            Self::Large => "1.2",
            Self::Largest => "1.4",
        }
    }
}

impl Choice for TextSize {
    const ALL: &'static [Self] = &[Self::Small, Self::Usual, Self::Large, Self::Largest];

    fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Usual => "usual",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Small => "text.small",
            Self::Usual => "text.usual",
            Self::Large => "text.large",
            Self::Largest => "text.largest",
        }
    }
}
