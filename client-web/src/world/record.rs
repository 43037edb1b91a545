//! What the pilot's hands did in each tick, as far as it still counts.
//!
//! Enters: the controls of ticks that are over, in their order, those of now, and what the server says it last had. Leaves:
//! the controls of any tick. It is bounded: the oldest are forgotten.

use std::collections::VecDeque;

use shared::controls::Controls;

/// The controls by tick.
#[derive(Debug)]
pub struct Hands {
    /// Of ticks that are over, from `first` on.
    over: VecDeque<Controls>,
    first: u32,
    /// Of the tick that is flown now.
    now: Controls,
    /// What the server had in ticks before `first`.
    held: Controls,
    most: u32,
}

impl Hands {
    /// Nothing was done yet; `most` ticks are remembered.
    pub fn new(most: u32) -> Self {
        Self { over: VecDeque::new(), first: 0, now: Controls::default(), held: Controls::default(), most }
    }

    /// Forgets everything before `tick`, which is flown next.
    pub fn release(&mut self, tick: u32) {
        self.over.clear();
        self.first = tick;
    }

    /// Starts over at `tick` where it does not follow the last one that is over.
    pub fn release_unless_next(&mut self, tick: u32) {
        if tick != self.next() {
            self.release(tick);
        }
    }

    /// The hands do this now. Returns whether they did something else before.
    pub fn hold(&mut self, controls: Controls) -> bool {
        std::mem::replace(&mut self.now, controls) != controls
    }

    /// The server had that in the last tick it spoke of.
    pub fn held(&mut self, controls: Controls) {
        self.held = controls;
    }

    /// The next tick is over, with those controls.
    pub fn close(&mut self, controls: Controls) {
        self.over.push_back(controls);
        while self.over.len() > self.most as usize {
            self.over.pop_front();
            self.first += 1;
        }
    }

    /// The first tick whose controls may still change.
    pub fn next(&self) -> u32 {
        self.first + self.over.len() as u32
    }

    /// The controls of `tick`.
    pub fn at(&self, tick: u32) -> Controls {
        match tick.checked_sub(self.first) {
            None => self.held,
            Some(index) => self.over.get(index as usize).copied().unwrap_or(self.now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thrust() -> Controls {
        Controls { thrust: true, ..Controls::default() }
    }

    #[test]
    fn ticks_before_the_first_are_as_the_server_had_them_and_those_to_come_as_the_hands_are() {
        let mut hands = Hands::new(10);
        hands.release(5);
        hands.held(thrust());
        hands.close(Controls::default());
        assert_eq!(
            (hands.at(4), hands.at(5), hands.at(6), hands.next()),
            (thrust(), Controls::default(), Controls::default(), 6)
        );
        hands.hold(thrust());
        assert_eq!(hands.at(900), thrust());
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut hands = Hands::new(3);
        (0..10).for_each(|_| hands.close(thrust()));
        assert_eq!((hands.next(), hands.at(6), hands.at(7)), (10, Controls::default(), thrust()));
    }
}
