//! When controls are sent.
//!
//! Enters: the controls of now, the page's clock in milliseconds. Leaves: whether to send them. A button is sent at once; a
//! moving aim at most once a tick, since the server takes no more; unchanged controls a few times a second, so that the
//! server knows that somebody is there.

use shared::controls::Controls;

/// Unchanged controls are sent again after this many milliseconds.
const REPEAT_MS: f64 = 240.0;

/// What was sent last, and when.
#[derive(Debug, Default)]
pub struct Cadence {
    sent: Option<(Controls, f64)>,
}

impl Cadence {
    /// Should `controls` be sent now? `tick_ms` is the time of one tick.
    pub fn should_send(&mut self, controls: Controls, now_ms: f64, tick_ms: f64) -> bool {
        let send = match self.sent {
            None => true,
            Some((last, at_ms)) => {
                let pressed = Controls { aim: last.aim, ..controls } != last;
                let wait = if controls == last { REPEAT_MS } else { tick_ms };
                pressed || now_ms - at_ms >= wait
            }
        };
        if send {
            self.sent = Some((controls, now_ms));
        }
        send
    }

    /// A new life begins: its first controls are sent whatever they are.
    pub fn reset(&mut self) {
        self.sent = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::angle::Angle;

    const TICK_MS: f64 = 33.3;

    #[test]
    fn a_button_is_sent_at_once_and_a_moving_aim_once_a_tick() {
        let mut cadence = Cadence::default();
        let still = Controls::default();
        assert!(cadence.should_send(still, 0.0, TICK_MS));
        let aimed = Controls { aim: Angle(160), ..still };
        assert!(!cadence.should_send(aimed, 5.0, TICK_MS));
        assert!(cadence.should_send(Controls { fire: true, ..still }, 6.0, TICK_MS));
        assert!(cadence.should_send(Controls { fire: true, ..aimed }, 40.0, TICK_MS));
    }

    #[test]
    fn unchanged_controls_are_sent_at_least_four_times_a_second() {
        let mut cadence = Cadence::default();
        let sent = (0..200)
            .filter(|tenth| cadence.should_send(Controls::default(), f64::from(*tenth) * 10.0, TICK_MS));
        assert!(sent.count() >= 8);
    }
}
