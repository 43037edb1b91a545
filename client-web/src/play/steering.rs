//! The controls by tick: what the hands do, cut into steps of the game, and which of them are sent.
//!
//! Enters: the tick that is flown now, the controls as they are. Leaves: the controls of each tick that is over, and whether
//! to send them: when they changed, and a few times a second. A button that was down for any part of a tick was down in it.
//! It must never give a tick twice.

use shared::controls::Controls;

/// Unchanged controls are sent again after this many milliseconds.
const REPEAT_MS: u32 = 220;

/// Most ticks that are closed at once. After more nobody was flying, and the server held what it had.
const MOST: u32 = 20;

/// A tick that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Which.
    pub tick: u32,
    /// What the pilot did in it.
    pub controls: Controls,
    /// Must the server be told?
    pub send: bool,
}

/// What the hands did since the last tick, and what was sent.
#[derive(Debug, Default)]
pub struct Steering {
    /// The tick that is flown now; none before the first of a life.
    tick: Option<u32>,
    live: Controls,
    /// Its buttons are those pressed at some time in this tick.
    pressed: Controls,
    sent: Option<(u32, Controls)>,
}

impl Steering {
    /// A new life begins: its first controls are sent whatever they are.
    pub fn reset(&mut self) {
        *self = Self { live: self.live, ..Self::default() };
    }

    /// The hands do this now. Returns the controls of the tick that is flown.
    pub fn hold(&mut self, live: Controls) -> Controls {
        self.live = live;
        self.pressed = Controls {
            thrust: self.pressed.thrust || live.thrust,
            fire: self.pressed.fire || live.fire,
            boost: self.pressed.boost || live.boost,
            shield: self.pressed.shield || live.shield,
            ..live
        };
        self.now()
    }

    fn now(&self) -> Controls {
        Controls { aim: self.live.aim, steer: self.live.steer, ..self.pressed }
    }

    /// `tick` is flown now: the ticks before it are over. `tick_hz` is ticks per second.
    pub fn close(&mut self, tick: u32, tick_hz: u16) -> Vec<Closed> {
        let from = self.tick.unwrap_or(tick);
        let gap = tick.abs_diff(from) > MOST;
        // A clock that started over a little earlier waits until it is where it was.
        let next = if gap { tick } else { tick.max(from) };
        self.tick = Some(next);
        let first = if gap { next } else { from };
        (first..next).map(|tick| self.closed(tick, tick_hz)).collect()
    }

    fn closed(&mut self, tick: u32, tick_hz: u16) -> Closed {
        let controls = self.now();
        self.pressed = self.live;
        let wait = REPEAT_MS * u32::from(tick_hz) / 1000;
        let send = self.sent.is_none_or(|(at, last)| last != controls || tick.wrapping_sub(at) >= wait);
        if send {
            self.sent = Some((tick, controls));
        }
        Closed { tick, controls, send }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HZ: u16 = 30;

    fn thrust(thrust: bool) -> Controls {
        Controls { thrust, ..Controls::default() }
    }

    #[test]
    fn each_tick_is_closed_once_and_sent_when_it_differs() {
        let mut steering = Steering::default();
        assert_eq!(steering.close(10, HZ), []);
        steering.hold(thrust(true));
        let closed = steering.close(12, HZ);
        assert_eq!(
            closed.iter().map(|closed| (closed.tick, closed.send)).collect::<Vec<_>>(),
            [(10, true), (11, false)]
        );
        assert_eq!(steering.close(12, HZ), []);
    }

    #[test]
    fn a_tap_within_one_tick_counts_for_that_tick() {
        let mut steering = Steering::default();
        steering.close(10, HZ);
        steering.hold(Controls { fire: true, ..Controls::default() });
        assert!(steering.hold(Controls::default()).fire);
        let fired: Vec<bool> = steering.close(12, HZ).iter().map(|closed| closed.controls.fire).collect();
        assert_eq!(fired, [true, false]);
    }

    #[test]
    fn unchanged_controls_are_sent_at_least_four_times_a_second() {
        let mut steering = Steering::default();
        steering.close(0, HZ);
        let sent: usize =
            (1..=60).map(|tick| steering.close(tick, HZ).iter().filter(|closed| closed.send).count()).sum();
        assert!((8..=12).contains(&sent), "{sent}");
    }

    #[test]
    fn a_gap_is_not_flown_through_afterwards() {
        let mut steering = Steering::default();
        steering.close(10, HZ);
        assert_eq!(steering.close(5000, HZ), []);
        assert_eq!(steering.close(5001, HZ).len(), 1);
    }
}
