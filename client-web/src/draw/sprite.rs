//! Sprites: what their shader program can paint, and the bytes of one instance.
//!
//! Owns: the list of shapes (the numbers that `sprite.frag` switches on) and the layout of an instance. Enters: places and
//! sizes in world units, angles in radians, colours. Leaves: one flat buffer for the graphics card. It knows nothing of
//! ships or rules, and must never allocate per sprite.

/// A shape of `sprite.frag`; the discriminant is the number it switches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A soft disc; `detail` 0 adds light, 1 covers.
    Disc = 0,
    /// A player's hull, drawn at `extent.x / MARGIN` radius; `detail` is how white a hit flashes, 0 to 1.
    Dart = 1,
    /// A drone's hull; as [`Shape::Dart`].
    Drone = 2,
    /// A capsule of light along x.
    Shot = 3,
    /// A cut stone; `detail` is the phase of its glint, 0 to 1.
    Shard = 4,
    /// A ring at 0.8 of its extent; `detail` is its thickness as a share of the extent.
    Ring = 5,
    /// A filled rectangle.
    Bar = 6,
    /// An engine's flame along −x.
    Flame = 7,
    /// An asteroid; `detail` is its look (whole part) and how white a hit flashes (fraction).
    Rock = 8,
    /// A stroke of light along x, soft across.
    Band = 9,
    /// A digit; `detail` is which, 10 a plus.
    Digit = 10,
    /// A slim hull; as [`Shape::Dart`].
    Wasp = 11,
    /// A broad hull; as [`Shape::Dart`].
    Anvil = 12,
    /// A long hull; as [`Shape::Dart`].
    Lance = 13,
    /// A shell of light; `detail` is how white a hit flashes, 0 to 1.
    Bubble = 14,
    /// A power-up; `detail` is its sign.
    Power = 15,
}

/// A quad reaches this many radii out, to leave room for its glow. Equals `MARGIN` in `sprite.frag`.
pub const MARGIN: f32 = 2.0;

/// Bytes of one instance: six floats, four colour bytes, two floats.
pub const INSTANCE_BYTES: i32 = 36;

/// Red, green, blue and strength, each 0 to 1, not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colour(pub [f32; 4]);

impl Colour {
    /// A full-strength colour from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0, 1.0])
    }

    /// The same colour, its strength times `share`.
    pub fn faded(self, share: f32) -> Self {
        let [red, green, blue, strength] = self.0;
        Self([red, green, blue, strength * share])
    }

    fn bytes(self) -> [u8; 4] {
        self.0.map(|part| (part.clamp(0.0, 1.0) * 255.0) as u8)
    }
}

/// One quad to paint.
#[derive(Debug, Clone, Copy)]
pub struct Sprite {
    /// Its centre, in world units.
    pub at: [f32; 2],
    /// Half its width and height before turning, in world units.
    pub extent: [f32; 2],
    /// Its turn in radians, clockwise on the screen.
    pub angle: f32,
    /// Its colour.
    pub colour: Colour,
    /// What to paint.
    pub shape: Shape,
    /// The shape's own parameter.
    pub detail: f32,
}

impl Sprite {
    /// A soft, light-adding disc of `radius` world units.
    pub fn glow(at: [f32; 2], radius: f32, colour: Colour) -> Self {
        Self { at, extent: [radius, radius], angle: 0.0, colour, shape: Shape::Disc, detail: 0.0 }
    }

    /// An upright filled rectangle with half sides `extent`, in world units.
    pub fn bar(at: [f32; 2], extent: [f32; 2], colour: Colour) -> Self {
        Self { at, extent, angle: 0.0, colour, shape: Shape::Bar, detail: 0.0 }
    }

    /// A hull or stone of `radius` world units, with room for its glow.
    pub fn body(shape: Shape, at: [f32; 2], radius: f32, angle: f32, colour: Colour) -> Self {
        Self { at, extent: [radius * MARGIN, radius * MARGIN], angle, colour, shape, detail: 0.0 }
    }

    /// The same sprite with another parameter.
    pub fn detail(self, detail: f32) -> Self {
        Self { detail, ..self }
    }
}

/// The sprites of one draw, back to front.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    count: i32,
}

impl Batch {
    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }

    /// Adds a sprite in front of those before it.
    pub fn push(&mut self, sprite: &Sprite) {
        let (sin, cos) = if sprite.angle == 0.0 { (0.0, 1.0) } else { sprite.angle.sin_cos() };
        let [[x, y], [width, height]] = [sprite.at, sprite.extent].map(|pair| pair.map(f32::to_bits));
        let [cos, sin] = [cos, sin].map(f32::to_bits);
        let [shape, detail] = [f32::from(sprite.shape as u8), sprite.detail].map(f32::to_bits);
        let colour = u32::from_le_bytes(sprite.colour.bytes());
        let words = [x, y, width, height, cos, sin, colour, shape, detail];
        // All at once: to add them one by one takes twice as long.
        self.bytes.extend_from_slice(words.map(u32::to_le_bytes).as_flattened());
        self.count += 1;
    }

    /// The instances, back to back.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many sprites there are.
    pub fn count(&self) -> i32 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_has_the_length_the_vertex_layout_steps_by() {
        let mut batch = Batch::default();
        batch.push(&Sprite::glow([1.0, 2.0], 3.0, Colour::hex(0xff_80_00)));
        assert_eq!(batch.bytes().len(), INSTANCE_BYTES as usize);
        assert_eq!(batch.bytes()[24..28], [255, 128, 0, 255]);
    }

    #[test]
    fn a_cleared_batch_is_empty() {
        let mut batch = Batch::default();
        batch.push(&Sprite::bar([0.0, 0.0], [1.0, 1.0], Colour::hex(0)));
        batch.clear();
        assert_eq!((batch.count(), batch.bytes().len()), (0, 0));
    }
}
