//! Units of length and speed. A position is an integer number of subunits, so both ends compute the same bits.

/// Subunits in one world unit. A ship is about 36 units long.
pub const SUBUNITS: i32 = 1024;

/// A place in the arena, in subunits from its upper left corner; x grows to the right, y grows downward.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Point {
    /// Subunits from the left wall.
    pub x: i32,
    /// Subunits from the upper wall.
    pub y: i32,
}

/// A displacement in subunits, or a velocity in subunits per tick.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Vector {
    /// Towards the right.
    pub x: i32,
    /// Downward.
    pub y: i32,
}

impl Point {
    /// The place `x`, `y` world units from the upper left corner.
    #[must_use]
    pub const fn from_units(x: i32, y: i32) -> Self {
        Self { x: x * SUBUNITS, y: y * SUBUNITS }
    }

    /// This place in world units, for drawing and for people.
    #[must_use]
    pub fn to_units(self) -> (f32, f32) {
        (to_units(self.x), to_units(self.y))
    }

    /// This place moved by `by`.
    #[must_use]
    pub fn moved(self, by: Vector) -> Self {
        Self { x: self.x.wrapping_add(by.x), y: self.y.wrapping_add(by.y) }
    }

    /// The displacement from here to `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Vector {
        Vector { x: other.x.wrapping_sub(self.x), y: other.y.wrapping_sub(self.y) }
    }
}

impl Vector {
    /// The square of the length, in square subunits.
    #[must_use]
    pub fn length_squared(self) -> i64 {
        self.dot(self)
    }

    /// The dot product, in square subunits.
    #[must_use]
    pub fn dot(self, other: Self) -> i64 {
        i64::from(self.x) * i64::from(other.x) + i64::from(self.y) * i64::from(other.y)
    }

    /// The length rounded down, in subunits.
    #[must_use]
    pub fn length(self) -> i32 {
        i32::try_from(self.length_squared().isqrt()).unwrap_or(i32::MAX)
    }
}

impl std::ops::Add for Vector {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self { x: self.x.wrapping_add(other.x), y: self.y.wrapping_add(other.y) }
    }
}

/// Subunits as world units, for drawing and for people.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "24 bits fit an f32 exactly")]
pub fn to_units(subunits: i32) -> f32 {
    subunits as f32 / SUBUNITS as f32
}
