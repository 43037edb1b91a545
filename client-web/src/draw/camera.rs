//! The camera: which rectangle of the arena the canvas shows.
//!
//! Owns: its place, which follows a target smoothly, and the view's size for the canvas's shape. Enters: the canvas in
//! device pixels, the target in world units, seconds passed. Leaves: a rectangle in world units. That rectangle must never
//! be larger than what the server sends around a ship, or things would appear from nowhere inside the picture.

/// Half of the longer side of what is shown, in world units: less than what the server sends by as much as the camera leads.
pub const SHOWN_HALF: f32 = 650.0;

/// How far the camera looks ahead of what it follows, at most, in world units.
const LEAD: f32 = 90.0;

/// How fast the camera catches up: the share of the distance left after a second is e to the minus this.
const STIFFNESS: f32 = 14.0;

/// How fast it turns to look elsewhere, likewise.
const LEAD_STIFFNESS: f32 = 3.2;

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
    /// Where it would be if it did not look ahead, and how far it does, in world units.
    base: [f32; 2],
    lead: [f32; 2],
}

impl Camera {
    /// A camera at `at` (world units) that has seen no canvas yet.
    pub fn new(at: [f32; 2]) -> Self {
        Self { at, half: [SHOWN_HALF; 2], pixels: [1, 1], base: at, lead: [0.0; 2] }
    }

    /// Fits the view to a canvas of `pixels`: the largest rectangle of its shape within the square the server sends.
    pub fn fit(&mut self, pixels: [i32; 2]) {
        let sides = pixels.map(|side| side.max(1) as f32);
        let longest = sides[0].max(sides[1]);
        self.half = sides.map(|side| SHOWN_HALF * side / longest);
        self.pixels = pixels.map(|side| side.max(1));
    }

    /// Moves towards `target` (world units), `seconds` after the last draw, and looks ahead of it along `ahead`, whose
    /// length is at most 1.
    pub fn follow(&mut self, target: [f32; 2], ahead: [f32; 2], seconds: f32) {
        let offset = [target[0] - self.base[0], target[1] - self.base[1]];
        let far = offset[0].hypot(offset[1]) > JUMP;
        let share = if far { 1.0 } else { 1.0 - (-STIFFNESS * seconds).exp() };
        let turn = if far { 1.0 } else { 1.0 - (-LEAD_STIFFNESS * seconds).exp() };
        for axis in [0, 1] {
            self.base[axis] += offset[axis] * share;
            self.lead[axis] += (ahead[axis] * LEAD - self.lead[axis]) * turn;
            self.at[axis] = self.base[axis] + self.lead[axis];
        }
    }

    /// The same camera, moved by `offset` (world units) for one draw.
    pub fn moved(&self, offset: [f32; 2]) -> Self {
        Self { at: [self.at[0] + offset[0], self.at[1] + offset[1]], ..*self }
    }

    /// What the shaders see by: the centre, in world units, and how much of half the canvas one of them is across and down.
    pub fn view(&self) -> [f32; 4] {
        [self.at[0], self.at[1], 1.0 / self.half[0], 1.0 / self.half[1]]
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
    use super::super::shake;
    use super::*;
    use shared::tuning::{VIEW_HALF, VIEW_MARGIN};

    #[test]
    fn a_wide_screen_and_an_upright_phone_see_equally_far() {
        let mut camera = Camera::new([0.0, 0.0]);
        camera.fit([1600, 900]);
        assert_eq!(camera.half, [650.0, 365.625]);
        camera.fit([900, 1600]);
        assert_eq!(camera.half, [365.625, 650.0]);
    }

    #[test]
    fn what_is_shown_stays_inside_what_the_server_sends_wherever_the_camera_looks_and_however_it_shakes() {
        let sent = (VIEW_HALF + VIEW_MARGIN) as f32;
        let mut camera = Camera::new([0.0, 0.0]);
        for pixels in [[390, 844], [3440, 1440], [100, 4000], [0, 0]] {
            camera.fit(pixels);
            (0..600).for_each(|_| camera.follow([0.0, 0.0], [1.0, 1.0], 0.016));
            for axis in [0, 1] {
                let edge = camera.at[axis] + camera.half[axis] + shake::MOST;
                assert!(edge <= sent, "{pixels:?} {edge}");
            }
        }
    }

    #[test]
    fn a_new_life_is_jumped_to_and_a_flight_is_followed() {
        let mut camera = Camera::new([0.0, 0.0]);
        camera.follow([100.0, 0.0], [0.0, 0.0], 0.016);
        assert!(camera.at[0] > 10.0 && camera.at[0] < 50.0);
        camera.follow([5000.0, 0.0], [0.0, 0.0], 0.016);
        assert_eq!(camera.at, [5000.0, 0.0]);
    }

    #[test]
    fn it_looks_ahead_where_the_ship_points_without_a_jolt() {
        let mut camera = Camera::new([0.0, 0.0]);
        camera.follow([0.0, 0.0], [1.0, 0.0], 0.016);
        assert!(camera.at[0] < 6.0);
        (0..200).for_each(|_| camera.follow([0.0, 0.0], [1.0, 0.0], 0.016));
        assert!((camera.at[0] - LEAD).abs() < 1.0);
    }

    #[test]
    fn the_target_is_at_the_middle_of_the_canvas() {
        let camera = Camera::new([30.0, 40.0]);
        assert_eq!(camera.on_canvas([30.0, 40.0]), [0.5, 0.5]);
    }
}
