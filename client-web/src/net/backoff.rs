//! How long to wait before the next attempt to connect.
//!
//! Enters: how many attempts failed in a row, and a random number. Leaves: milliseconds. The wait is drawn from the whole
//! range (full jitter), so that a thousand tabs whose server restarted do not come back at the same moment. It must never
//! read a clock or draw a random number by itself.

/// The upper end of the first wait, in milliseconds; it doubles with every failure. A connection that was only cut is to be
/// back within a second, the handshakes included.
const FIRST_MS: f64 = 300.0;

/// The upper end that no wait exceeds, in milliseconds.
const LONGEST_MS: f64 = 30_000.0;

/// The longest wait before going to another server that has been named: that one expects everyone at once.
const MOVED_MS: f64 = 100.0;

/// The wait before going to a server that has been named, in milliseconds; `chance` is uniform in 0..1.
pub fn moved_ms(chance: f64) -> f64 {
    chance.clamp(0.0, 1.0) * MOVED_MS
}

/// The wait before attempt `failures + 1`, in milliseconds; `chance` is uniform in 0..1.
pub fn wait_ms(failures: u32, chance: f64) -> f64 {
    let doublings = i32::try_from(failures.min(16)).unwrap_or(16);
    chance.clamp(0.0, 1.0) * (FIRST_MS * 2f64.powi(doublings)).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stop_growing_at_half_a_minute() {
        assert_eq!(wait_ms(0, 1.0), 300.0);
        assert_eq!(wait_ms(1, 1.0), 600.0);
        assert_eq!(wait_ms(5, 1.0), 9600.0);
        assert_eq!(wait_ms(7, 1.0), 30_000.0);
        assert_eq!(wait_ms(u32::MAX, 1.0), 30_000.0);
    }

    #[test]
    fn the_whole_range_is_drawn_from() {
        assert_eq!(wait_ms(4, 0.0), 0.0);
        assert_eq!(wait_ms(4, 0.5), 2400.0);
    }
}
