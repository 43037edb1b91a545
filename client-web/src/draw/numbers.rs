//! Numbers that rise where something was struck or won, and fade.
//!
//! Owns: a bounded list of numbers in the air. Enters: a number, a place, a colour. Leaves: sprites, a digit each. They say
//! nothing that is not said elsewhere.

use super::camera::Camera;
use super::sprite::{Batch, Colour, Shape, Sprite};

/// Numbers at once; beyond, the oldest go.
const MOST: usize = 40;

/// Seconds that a number is to be seen.
const LIFE: f32 = 0.8;

/// How fast it rises, in world units per second.
const RISE: f32 = 46.0;

/// Half the width and height of a digit, and from one to the next, in world units.
const DIGIT: [f32; 2] = [5.2, 8.5];
const STEP: f32 = 13.5;

/// Numbers about the same thing this close, in world units, become one.
const CLOSE: f32 = 40.0;

/// The mark of a digit's sprite that stands for a plus.
const PLUS: u8 = 10;

#[derive(Debug)]
struct Number {
    at: [f32; 2],
    value: u32,
    gain: bool,
    colour: Colour,
    age: f32,
}

/// The numbers in the air.
#[derive(Debug, Default)]
pub struct Numbers(Vec<Number>);

impl Numbers {
    /// `value` was lost at `at`, or won where `gain` says so.
    pub fn rise(&mut self, at: [f32; 2], value: u32, gain: bool, colour: Colour) {
        let near = |number: &&mut Number| {
            let far = (number.at[0] - at[0]).hypot(number.at[1] - at[1]);
            number.gain == gain && number.age < 0.35 && far < CLOSE
        };
        if let Some(number) = self.0.iter_mut().find(near) {
            number.value += value;
            number.age = 0.0;
            return;
        }
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Number { at, value, gain, colour, age: 0.0 });
    }

    /// Lets them rise on by `seconds`.
    pub fn advance(&mut self, seconds: f32) {
        for number in &mut self.0 {
            number.age += seconds;
            number.at[1] -= RISE * seconds * (1.0 - number.age / LIFE).max(0.0);
        }
        self.0.retain(|number| number.age < LIFE);
    }

    /// Adds what `camera` sees.
    pub fn draw(&self, batch: &mut Batch, camera: &Camera) {
        for number in self.0.iter().filter(|number| camera.sees(number.at, 60.0)) {
            let left = 1.0 - number.age / LIFE;
            let colour = number.colour.faded((left * 2.2).min(1.0));
            let marks = marks(number.value, number.gain);
            let first = number.at[0] - STEP * (marks.len() as f32 - 1.0) / 2.0;
            for (index, mark) in marks.iter().enumerate() {
                let at = [first + STEP * index as f32, number.at[1]];
                let sprite = Sprite::body(Shape::Digit, at, 1.0, 0.0, colour).detail(f32::from(*mark));
                batch.push(&Sprite { extent: [DIGIT[0] + 2.0, DIGIT[1] + 2.0], ..sprite });
            }
        }
    }
}

/// The marks of a number, from the left.
fn marks(value: u32, gain: bool) -> Vec<u8> {
    let digits = value.to_string();
    let plus = gain.then_some(PLUS);
    plus.into_iter().chain(digits.bytes().map(|digit| digit - b'0')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Colour = Colour::hex(0xff_ff_ff);

    #[test]
    fn numbers_are_bounded_and_end() {
        let mut numbers = Numbers::default();
        (0..100).for_each(|index| numbers.rise([index as f32 * 90.0, 0.0], 5, false, WHITE));
        assert_eq!(numbers.0.len(), MOST);
        (0..60).for_each(|_| numbers.advance(1.0 / 60.0));
        assert!(numbers.0.is_empty());
    }

    #[test]
    fn hits_one_after_another_on_the_same_ship_add_up() {
        let mut numbers = Numbers::default();
        (0..3).for_each(|_| numbers.rise([4.0, 4.0], 12, false, WHITE));
        assert_eq!((numbers.0.len(), numbers.0[0].value), (1, 36));
        assert_eq!(marks(36, false), [3, 6]);
        assert_eq!(marks(10, true), [PLUS, 1, 0]);
    }
}
