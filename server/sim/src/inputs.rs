//! A player's inputs that wait for their ticks. Owns a short, bounded buffer; knows no network and no ship.
//!
//! Nobody gains by sending more, earlier, or with a doctored tick: an input counts once, at its tick or at once when it
//! is late, never before one that was sent later, and never from further ahead than the rules allow.

use shared::controls::Controls;
use shared::tick::Tick;

/// Inputs that may wait: more than fit into [`shared::tuning::INPUT_AHEAD_MS`] at any tick rate.
const WAITING: usize = 64;

/// One input, as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Input {
    pub sequence: u16,
    pub tick: Tick,
    /// Ticks before `tick` at which the pilot sees the others.
    pub seen: u8,
    pub controls: Controls,
}

/// What became of an input that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It waits for its tick, or counts now.
    InTime,
    /// Its tick is over: it counts now.
    Late,
    /// An old sequence, or a tick too far ahead: passed over.
    Refused,
}

/// The buffer of one session.
#[derive(Debug, Default)]
pub(crate) struct InputBuffer {
    waiting: Vec<Input>,
    newest: Option<u16>,
    applied: Option<u16>,
    margin: i8,
}

impl InputBuffer {
    /// Takes an input that came before the step of `now`; `ahead` is the most ticks it may be early.
    pub(crate) fn take(&mut self, input: Input, now: Tick, ahead: u32) -> Taken {
        let early = input.tick.since(now).cast_signed();
        if early > ahead.cast_signed() || !self.is_newer(input.sequence) || self.waiting.len() >= WAITING {
            return Taken::Refused;
        }
        self.newest = Some(input.sequence);
        self.margin = early.clamp(i8::MIN.into(), i8::MAX.into()) as i8;
        // What was sent later holds from its tick on, so an earlier input must not come after it.
        self.waiting.retain(|other| other.tick.since(input.tick).cast_signed() < 0);
        self.waiting.push(input);
        if early < 0 { Taken::Late } else { Taken::InTime }
    }

    /// The input that holds from the step of `now` on, if there is a new one.
    pub(crate) fn due(&mut self, now: Tick) -> Option<Input> {
        let is_due = |input: &Input| input.tick.since(now).cast_signed() <= 0;
        let due = self.waiting.iter().rfind(|input| is_due(input)).copied();
        self.waiting.retain(|input| !is_due(input));
        self.applied = due.map(|input| input.sequence).or(self.applied);
        due
    }

    /// The sequence of the last input applied.
    pub(crate) fn applied(&self) -> Option<u16> {
        self.applied
    }

    /// How many ticks before its step the latest input arrived.
    pub(crate) fn margin(&self) -> i8 {
        self.margin
    }

    fn is_newer(&self, sequence: u16) -> bool {
        self.newest.is_none_or(|newest| sequence.wrapping_sub(newest).cast_signed() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AHEAD: u32 = 15;

    fn input(sequence: u16, tick: u32) -> Input {
        Input { sequence, tick: Tick(tick), seen: 0, controls: Controls::default() }
    }

    fn due(buffer: &mut InputBuffer, now: u32) -> Option<u16> {
        buffer.due(Tick(now)).map(|input| input.sequence)
    }

    #[test]
    fn an_input_waits_for_its_tick_and_counts_once() {
        let mut buffer = InputBuffer::default();
        assert_eq!(buffer.take(input(1, 103), Tick(100), AHEAD), Taken::InTime);
        assert_eq!(
            (due(&mut buffer, 102), due(&mut buffer, 103), due(&mut buffer, 104)),
            (None, Some(1), None)
        );
        assert_eq!((buffer.applied(), buffer.margin()), (Some(1), 3));
    }

    #[test]
    fn a_late_input_counts_at_once() {
        let mut buffer = InputBuffer::default();
        assert_eq!(buffer.take(input(1, 98), Tick(100), AHEAD), Taken::Late);
        assert_eq!((due(&mut buffer, 100), buffer.margin()), (Some(1), -2));
    }

    #[test]
    fn what_was_sent_later_is_not_undone_by_an_earlier_input() {
        let mut buffer = InputBuffer::default();
        buffer.take(input(1, 106), Tick(100), AHEAD);
        buffer.take(input(2, 103), Tick(100), AHEAD);
        assert_eq!((due(&mut buffer, 103), due(&mut buffer, 106)), (Some(2), None));
        assert_eq!(buffer.take(input(1, 107), Tick(104), AHEAD), Taken::Refused, "a sequence counts once");
    }

    #[test]
    fn a_tick_too_far_ahead_is_refused_and_a_flood_stays_bounded() {
        let mut buffer = InputBuffer::default();
        assert_eq!(buffer.take(input(1, 116), Tick(100), AHEAD), Taken::Refused);
        assert_eq!(buffer.take(input(2, 0x9000_0000), Tick(100), AHEAD), Taken::Late);
        for sequence in 3..2000 {
            buffer.take(input(sequence, 100 + u32::from(sequence) % 16), Tick(100), AHEAD);
        }
        assert!(buffer.waiting.len() <= WAITING);
    }

    #[test]
    fn sequences_wrap() {
        let mut buffer = InputBuffer::default();
        buffer.take(input(u16::MAX, 100), Tick(100), AHEAD);
        assert_eq!(buffer.take(input(0, 101), Tick(101), AHEAD), Taken::InTime);
    }
}
