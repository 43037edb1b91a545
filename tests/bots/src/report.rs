//! What a run found, for people as a table and for programs as one JSON object.

use crate::fleet::Progress;
use crate::meter::{Bytes, Meter, Times, ratio};
use serde::Serialize;
use std::fmt::{self, Display, Formatter};

/// What a run found. Bytes count the WebSocket headers and not TCP's and IP's; times are in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Bots that were to fly.
    pub bots: u32,
    /// Bots that were welcomed.
    pub connected: u64,
    /// Bots that got a ship.
    pub joined: u64,
    /// Bots that could not connect, or never got a ship.
    pub failed: u64,
    /// Bots whose session ended before the run did.
    pub disconnects: u64,
    /// Flights that went on after the connection was lost, or the arena went to another server.
    pub returned: u64,
    /// From the last frame before until then.
    pub return_ms: Spread,
    /// Bots that came back too late: their players were gone.
    pub anew: u64,
    /// Things from the server that are not of the protocol or did not fit the view.
    pub decode_errors: u64,
    /// Checksums that were compared.
    pub checksums: u64,
    /// Checksums that did not match.
    pub checksum_mismatches: u64,
    /// Frames a bot got in a second.
    pub frames_per_second_per_bot: f64,
    /// Bytes a bot got in a second.
    pub bytes_per_second_per_bot: f64,
    /// Time between two frames of a bot, since the ramp was over; so are the two below.
    pub frame_gap_ms: Spread,
    /// From the server's beginning of a tick to the receipt of its frame; true where both have one clock.
    pub tick_to_receipt_ms: Spread,
    /// From Ping to Pong.
    pub round_trip_ms: Spread,
    /// Watchers of the live board that were welcomed.
    pub watchers: u64,
    /// From the beginning of the tick in which a score changed to a watcher's receipt of it.
    pub board_change_ms: Spread,
    /// Mean number of ships in view, the own one counted.
    pub visible_ships: f64,
    /// All bytes by frames and ships in view.
    pub bytes_per_visible_ship_per_tick: f64,
    /// Frames of all bots.
    pub frames: u64,
    /// Bytes of all bots, by what they were for.
    pub bytes: Bytes,
    /// Ships destroyed by bots.
    pub kills: u64,
    /// Bots' ships destroyed.
    pub deaths: u64,
    /// Processor time of the bots, in seconds; none where it cannot be told.
    pub cpu_seconds: Option<f64>,
}

/// How times are spread, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    /// Half are within.
    pub p50: f64,
    /// 99 of 100 are within.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Spread {
    fn of(times: &Times) -> Self {
        Self { p50: times.quantile_ms(0.5), p99: times.quantile_ms(0.99), max: times.max_ms() }
    }
}

impl Report {
    /// What `meter` says of a run of `bots` bots that took `cpu_seconds` of processor time.
    #[must_use]
    pub fn new(bots: u32, meter: &Meter, cpu_seconds: Option<f64>) -> Self {
        let (frames, bytes, served) =
            (meter.frames as f64, meter.bytes.total() as f64, meter.served.as_secs_f64());
        let visible_ships = meter.visible_ships();
        Self {
            bots,
            connected: meter.connected,
            joined: meter.joined,
            failed: meter.failed,
            disconnects: meter.disconnects,
            returned: meter.returned,
            return_ms: Spread::of(&meter.returns),
            anew: meter.anew,
            decode_errors: meter.decode_errors,
            checksums: meter.checksums,
            checksum_mismatches: meter.checksum_mismatches,
            // The first frame of a bot ends no gap.
            frames_per_second_per_bot: ratio(meter.gaps_served as f64, served),
            bytes_per_second_per_bot: ratio(bytes, served),
            frame_gap_ms: Spread::of(&meter.gaps),
            tick_to_receipt_ms: Spread::of(&meter.receipts),
            round_trip_ms: Spread::of(&meter.round_trips),
            watchers: meter.watchers,
            board_change_ms: Spread::of(&meter.board_changes),
            visible_ships,
            bytes_per_visible_ship_per_tick: ratio(bytes, frames * visible_ships),
            frames: meter.frames,
            bytes: meter.bytes,
            kills: meter.kills,
            deaths: meter.deaths,
            cpu_seconds,
        }
    }
}

impl Display for Spread {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms", self.p50, self.p99, self.max)
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { bots, connected, joined, failed, disconnects, .. } = self;
        row(f, "bots", format_args!("{connected} of {bots} connected, {joined} joined"))?;
        row(
            f,
            "trouble",
            format_args!("{failed} failed, {disconnects} lost, {} undecodable", self.decode_errors),
        )?;
        row(
            f,
            "checksums",
            format_args!("{} compared, {} mismatches", self.checksums, self.checksum_mismatches),
        )?;
        row(f, "frames per second", format_args!("{:.2} per bot", self.frames_per_second_per_bot))?;
        row(f, "frame gap", format_args!("{}", self.frame_gap_ms))?;
        row(f, "tick to receipt", format_args!("{}", self.tick_to_receipt_ms))?;
        row(f, "round trip", format_args!("{}", self.round_trip_ms))?;
        if self.returned + self.anew > 0 {
            row(
                f,
                "came back",
                format_args!("{} ({}), {} too late", self.returned, self.return_ms, self.anew),
            )?;
        }
        if self.watchers > 0 {
            row(f, "watchers", format_args!("{}, change {}", self.watchers, self.board_change_ms))?;
        }
        row(f, "bytes per second", format_args!("{:.0} per bot", self.bytes_per_second_per_bot))?;
        row(f, "ships in view", format_args!("{:.1}", self.visible_ships))?;
        let per_ship = self.bytes_per_visible_ship_per_tick;
        row(f, "bytes per ship, tick", format_args!("{per_ship:.2}, WebSocket headers counted"))?;
        row(f, "bytes", format_args!("{}", self.bytes))?;
        row(f, "kills and deaths", format_args!("{} and {}", self.kills, self.deaths))?;
        match self.cpu_seconds {
            Some(seconds) => row(f, "bots' processor time", format_args!("{seconds:.2} s")),
            None => row(f, "bots' processor time", format_args!("unknown")),
        }
    }
}

impl Display for Bytes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let share = |part: u64| 100.0 * ratio(part as f64, self.total() as f64);
        write!(f, "{} (heads {:.0}%, ", self.total(), share(self.head))?;
        write!(f, "deltas {:.0}%, keyframes {:.0}%, ", share(self.deltas), share(self.keyframes))?;
        write!(f, "messages {:.0}%)", share(self.messages))
    }
}

fn row(f: &mut Formatter<'_>, label: &str, value: fmt::Arguments<'_>) -> fmt::Result {
    writeln!(f, "{label:<22}{value}")
}

/// The line that shows how a run goes.
#[must_use]
pub fn progress_line(meter: &Meter, progress: &Progress) -> String {
    format!(
        "{:>4} s  {} connected  {} joined  {:.1} frames/s  {:.0} bytes/s  gap p99 {:.1} ms  {} lost  {} mismatches",
        progress.elapsed.as_secs(),
        meter.connected,
        meter.joined,
        progress.frames_per_second,
        progress.bytes_per_second,
        meter.gaps.quantile_ms(0.99),
        meter.failed + meter.disconnects,
        meter.checksum_mismatches,
    )
}

/// The columns of [`csv_line`].
pub const CSV_HEADING: &str = "seconds,connected,joined,frames_per_second,bytes_per_second,frame_gap_p50_ms,\
frame_gap_p99_ms,tick_to_receipt_p99_ms,visible_ships,lost,mismatches";

/// How a run goes, as a line for plots: rates since the last line, percentiles since the run began.
#[must_use]
pub fn csv_line(meter: &Meter, progress: &Progress) -> String {
    format!(
        "{:.1},{},{},{:.2},{:.0},{:.2},{:.2},{:.2},{:.1},{},{}",
        progress.elapsed.as_secs_f64(),
        meter.connected,
        meter.joined,
        progress.frames_per_second,
        progress.bytes_per_second,
        meter.gaps.quantile_ms(0.5),
        meter.gaps.quantile_ms(0.99),
        meter.receipts.quantile_ms(0.99),
        meter.visible_ships(),
        meter.failed + meter.disconnects,
        meter.checksum_mismatches,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_plots_has_a_value_for_each_column() {
        let line = csv_line(&Meter::default(), &Progress::default());
        assert_eq!(line.split(',').count(), CSV_HEADING.split(',').count());
    }
}
