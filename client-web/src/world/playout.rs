//! The playout clock: which moment of the game a draw shows, in ticks with a fraction.
//!
//! Enters: the tick of each frame as it arrives, and the time between draws. Leaves: a moment that runs smoothly a
//! tick and the jitter behind the newest frame: there is a later state to draw towards, or else the shared rule guesses it. Every millisecond behind counts, as hits are judged by what was seen and not further back
//! than the rules allow. It follows the server's pace by running a little faster or slower; it must never run backwards, and
//! never jumps, except after a gap or a reset.

/// How far behind an even frame the clock should be at the moment that frame arrives, in ticks, and how far at most.
const BEHIND: f64 = 1.0;
const MOST_BEHIND: f64 = 6.0;

/// The weight of one frame's timing in the average.
const WEIGHT: f64 = 0.08;

/// How much faster or slower the clock may run to come back to where it should be.
const MOST_DRIFT: f64 = 0.03;

/// Change of pace per tick of error.
const DRIFT_PER_TICK: f64 = 0.04;

/// After a gap the clock goes at once where it should be when it is more than this many ticks behind.
const MOST_LAG: f64 = 0.5;

/// An error of more than this many seconds is a reset: the tab slept, or the server restarted.
const RESET_SECONDS: f64 = 1.0;

/// How long motion is carried on without news, in seconds.
const LONGEST_GAP_SECONDS: f64 = 0.75;

/// The clock of what is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Playout {
    tick_hz: f64,
    moment: f64,
    latest: f64,
    /// Average distance from where the clock should be, in ticks; positive when it is late.
    error: f64,
    started: bool,
    /// When it was started last. A draw may show the time since, and not what the page was busy with before.
    started_ms: f64,
    behind: f64,
}

impl Playout {
    /// A clock that waits for its first frame; `tick_hz` is ticks per second.
    pub fn new(tick_hz: f64) -> Self {
        Self {
            tick_hz,
            moment: 0.0,
            latest: 0.0,
            error: 0.0,
            started: false,
            started_ms: 0.0,
            behind: BEHIND,
        }
    }

    /// A frame for `tick` arrived at `now_ms`; frames stray `jitter` ticks from an even pace.
    pub fn arrived(&mut self, tick: u32, jitter: f64, now_ms: f64) {
        self.behind = (BEHIND + jitter).min(MOST_BEHIND);
        if !self.arrived_late(tick, now_ms) {
            self.error += (self.lag() - self.error) * WEIGHT;
        }
    }

    /// A frame for `tick` arrived at `now_ms`, out of its time, after a gap: it is news, but says nothing of the pace. Gives
    /// whether the clock starts with it.
    pub fn arrived_late(&mut self, tick: u32, now_ms: f64) -> bool {
        self.latest = f64::from(tick);
        let starts = !self.started || self.lag().abs() > RESET_SECONDS * self.tick_hz;
        if starts {
            self.anchor();
            self.started_ms = now_ms;
        }
        starts
    }

    /// How far the clock is behind where it should be at the arrival of the newest frame, in ticks.
    pub fn lag(&self) -> f64 {
        self.latest - self.behind - self.moment
    }

    /// Goes where the clock should be, if it is too far behind. Returns whether it was: what is drawn jumps then.
    pub fn catch_up(&mut self) -> bool {
        let lags = self.started && self.lag() > MOST_LAG;
        if lags {
            self.anchor();
        }
        lags
    }

    fn anchor(&mut self) {
        (self.moment, self.error, self.started) = (self.latest - self.behind, 0.0, true);
    }

    /// Runs the clock on by `seconds` for a draw at `ms`, and returns the moment to draw, in ticks. After a long time without
    /// a draw it is at the newest frame at once.
    pub fn advance(&mut self, seconds: f64, ms: f64) -> f64 {
        // The time of a draw is when it was due; in one that is made late is also what arrived since, and the clock starts in it.
        self.started_ms = self.started_ms.min(ms);
        let seconds = seconds.min((ms - self.started_ms) / 1000.0);
        if self.started && seconds > RESET_SECONDS {
            self.anchor();
            return self.moment;
        }
        let pace = 1.0 + (self.error * DRIFT_PER_TICK).clamp(-MOST_DRIFT, MOST_DRIFT);
        let step = seconds.max(0.0) * self.tick_hz * pace;
        let end = self.latest + LONGEST_GAP_SECONDS * self.tick_hz;
        self.moment = (self.moment + step).min(end.max(self.moment));
        self.moment
    }

    /// How far behind the newest frame the clock is to be, in ticks.
    pub fn behind(&self) -> f64 {
        self.behind
    }

    /// Is the moment drawn last beyond what is known?
    pub fn guesses(&self) -> bool {
        self.started && self.moment > self.latest
    }

    /// The moment drawn last, in ticks.
    pub fn moment(&self) -> f64 {
        self.moment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HZ: f64 = 30.0;

    /// Runs draws at 60 Hz against frames that arrive at 30 Hz, each `late` seconds after its time.
    fn run(clock: &mut Playout, first: u32, ticks: u32, late: impl Fn(u32) -> f64) -> Vec<f64> {
        let (mut moments, mut next) = (Vec::new(), 0);
        for draw in 0..ticks * 2 {
            let now = f64::from(draw) / 60.0;
            while next < ticks && f64::from(next) / HZ + late(next) <= now {
                clock.arrived(first + next, 0.0, now * 1000.0);
                next += 1;
            }
            moments.push(clock.advance(1.0 / 60.0, now * 1000.0));
        }
        moments
    }

    /// Draws at 60 Hz, of which the first is due at 0, without news.
    fn draw(clock: &mut Playout, draws: u32) {
        for draw in 0..draws {
            clock.advance(1.0 / 60.0, f64::from(draw) * 1000.0 / 60.0);
        }
    }

    #[test]
    fn it_settles_about_a_tick_behind_the_newest_frame() {
        let mut clock = Playout::new(HZ);
        run(&mut clock, 100, 300, |_| 0.0);
        let behind = 399.0 - clock.moment();
        assert!((-0.2..1.3).contains(&behind), "{behind}");
    }

    #[test]
    fn jittered_frames_do_not_make_it_jump_or_run_backwards() {
        let mut clock = Playout::new(HZ);
        let moments = run(&mut clock, 0, 300, |tick| f64::from(tick * 7 % 5) * 0.006);
        for pair in moments[2..].windows(2) {
            let step = pair[1] - pair[0];
            assert!((0.5 * 0.97..=0.5 * 1.03).contains(&step), "{step}");
        }
    }

    #[test]
    fn motion_is_carried_on_for_three_quarters_of_a_second_and_then_waits() {
        let mut clock = Playout::new(HZ);
        clock.arrived(50, 0.0, 0.0);
        draw(&mut clock, 600);
        assert_eq!(clock.moment(), 72.5);
    }

    #[test]
    fn a_slept_tab_starts_over_at_the_newest_frame() {
        let mut clock = Playout::new(HZ);
        clock.arrived(50, 0.0, 0.0);
        clock.arrived(5000, 0.0, 33.0);
        assert!((clock.moment() - 4999.0).abs() < 1e-9);
    }

    #[test]
    fn after_a_gap_it_is_where_it_should_be_at_once() {
        let mut clock = Playout::new(HZ);
        clock.arrived(50, 0.0, 0.0);
        draw(&mut clock, 72);
        (51..87).for_each(|tick| assert!(!clock.arrived_late(tick, 1200.0)));
        assert!(clock.catch_up() && (clock.moment() - 85.0).abs() < 1e-9, "{}", clock.moment());
        assert!(!clock.catch_up());
    }

    #[test]
    fn a_restarted_server_with_lower_ticks_is_followed() {
        let mut clock = Playout::new(HZ);
        clock.arrived(5000, 0.0, 0.0);
        clock.arrived(3, 0.0, 33.0);
        assert!((clock.moment() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn jitter_widens_the_delay_and_a_draw_after_a_long_sleep_is_current() {
        let mut clock = Playout::new(HZ);
        clock.arrived(50, 0.9, 0.0);
        assert!((clock.moment() - 48.1).abs() < 1e-9);
        clock.arrived(60, 0.9, 333.0);
        assert!((clock.advance(20.0, 20_333.0) - 58.1).abs() < 1e-9);
    }

    #[test]
    fn it_runs_evenly_from_the_first_draw_on_whenever_that_is_made() {
        for arrived_ms in [100.0, 108.0, 116.0] {
            let mut clock = Playout::new(HZ);
            clock.arrived(50, 0.0, arrived_ms);
            // Due at 100 ms, and made when the frame was there.
            let shown = [100.0, 120.0, 140.0].map(|ms| clock.advance(0.02, ms));
            assert!(shown.windows(2).all(|two| (two[1] - two[0] - 0.6).abs() < 1e-9), "{shown:?}");
        }
    }

    #[test]
    fn what_the_page_was_busy_with_before_it_started_is_not_shown() {
        let mut clock = Playout::new(HZ);
        clock.arrived(50, 0.0, 490.0);
        assert!((clock.advance(0.5, 500.0) - 49.3).abs() < 1e-9);
    }
}
