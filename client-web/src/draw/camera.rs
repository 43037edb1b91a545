//! The camera: which rectangle of the arena the canvas shows.
//!
//! Owns: its place, which follows a target smoothly, and the view's size for the canvas's shape. Enters: the canvas in
//! device pixels, the target in world units, seconds passed. Leaves: a rectangle in world units. That rectangle must never
//! be larger than what the server sends around a ship, or things would appear from nowhere inside the picture.

use shared::tuning::VIEW_HALF;

/// How fast the camera catches up: the share of the distance left after a second is e to the minus this.
const STIFFNESS: f32 = 14.0;

/// A target farther away than this many world units is jumped to: a new life, not a flight.
const JUMP: f32 = 900.0;

/// Where the camera is and how much it sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The centre, in world units.
    pub at: [f32; 2],
    /// Half the width and height of what it sees, in world units.
    pub half: [f32; 2],
    /// The canvas, in device pixels.
    pub pixels: [i32; 2],
}

impl Camera {
    /// A camera at `at` (world units) that has seen no canvas yet.
    pub fn new(at: [f32; 2]) -> Self {
        Self { at, half: [VIEW_HALF as f32; 2], pixels: [1, 1] }
    }

    /// Fits the view to a canvas of `pixels`: the largest rectangle of its shape within the square the server sends.
    pub fn fit(&mut self, pixels: [i32; 2]) {
        let sides = pixels.map(|side| side.max(1) as f32);
        let longest = sides[0].max(sides[1]);
        self.half = sides.map(|side| VIEW_HALF as f32 * side / longest);
        self.pixels = pixels.map(|side| side.max(1));
    }

    /// Moves towards `target` (world units), `seconds` after the last draw.
    pub fn follow(&mut self, target: [f32; 2], seconds: f32) {
        let offset = [target[0] - self.at[0], target[1] - self.at[1]];
        let far = offset[0].hypot(offset[1]) > JUMP;
        let share = if far { 1.0 } else { 1.0 - (-STIFFNESS * seconds).exp() };
        self.at = [self.at[0] + offset[0] * share, self.at[1] + offset[1] * share];
    }

    /// World units in one device pixel.
    pub fn units_per_pixel(&self) -> f32 {
        2.0 * self.half[0] / self.pixels[0] as f32
    }

    /// Where `point` (world units) is on the canvas, as shares of its width and height, 0 to 1 when inside.
    pub fn on_canvas(&self, point: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| 0.5 + 0.5 * (point[axis] - self.at[axis]) / self.half[axis])
    }

    /// Whether a disc of `radius` world units around `point` can be seen.
    pub fn sees(&self, point: [f32; 2], radius: f32) -> bool {
        [0, 1].iter().all(|&axis| (point[axis] - self.at[axis]).abs() < self.half[axis] + radius)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_screen_and_an_upright_phone_see_equally_far() {
        let mut camera = Camera::new([0.0, 0.0]);
        camera.fit([1600, 900]);
        assert_eq!(camera.half, [700.0, 393.75]);
        camera.fit([900, 1600]);
        assert_eq!(camera.half, [393.75, 700.0]);
    }

    #[test]
    fn the_view_stays_inside_what_the_server_sends() {
        let mut camera = Camera::new([0.0, 0.0]);
        for pixels in [[390, 844], [3440, 1440], [100, 4000], [0, 0]] {
            camera.fit(pixels);
            assert!(camera.half.iter().all(|half| *half <= VIEW_HALF as f32), "{pixels:?} {:?}", camera.half);
        }
    }

    #[test]
    fn a_new_life_is_jumped_to_and_a_flight_is_followed() {
        let mut camera = Camera::new([0.0, 0.0]);
        camera.follow([100.0, 0.0], 0.016);
        assert!(camera.at[0] > 10.0 && camera.at[0] < 50.0);
        camera.follow([5000.0, 0.0], 0.016);
        assert_eq!(camera.at, [5000.0, 0.0]);
    }

    #[test]
    fn the_target_is_at_the_middle_of_the_canvas() {
        let camera = Camera::new([30.0, 40.0]);
        assert_eq!(camera.on_canvas([30.0, 40.0]), [0.5, 0.5]);
    }
}
