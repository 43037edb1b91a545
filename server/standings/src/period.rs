//! Periods, and the concrete days and weeks they are made of. The one file to touch to add a period.
//!
//! All in UTC. A week starts on Monday at 00:00 UTC and is numbered as in ISO 8601. There is no clock in here: the
//! time is an argument. Unix time has no leap seconds, so each day is 86,400,000 ms; a leap second repeats the last
//! second of its day.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday, date};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMs(pub u64);

impl UnixMs {
    /// The last moment that can be told: the end of the year 9999. Later ones count as this one.
    pub const LAST: Self = Self(253_402_300_799_999);

    /// This many milliseconds later.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// What the system's clock says now; 1970 when it is set before that. Call it only where the process is put
    /// together: everything else takes the time as an argument.
    #[must_use]
    pub fn now() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)).min(Self::LAST)
    }
}

const DAY_MS: u64 = 86_400_000;

/// 1970-01-01 was a Thursday, three days into the week that is number 0.
const THURSDAY: u64 = 3;

/// A kind of standings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// From midnight to midnight, UTC.
    Day,
    /// From Monday 00:00 UTC for seven days.
    Week,
    /// Since ever; never rolls over.
    AllTime,
}

impl Period {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::AllTime];

    /// Its name in addresses and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::AllTime => "all",
        }
    }

    /// Its number in stores and cursors; never given to another.
    #[must_use]
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Day => 1,
            Self::Week => 2,
            Self::AllTime => 3,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.code() == code)
    }

    /// The bucket that a moment falls into.
    #[must_use]
    pub fn bucket_at(self, at: UnixMs) -> Bucket {
        let days = at.min(UnixMs::LAST).0 / DAY_MS;
        let number = match self {
            Self::Day => days,
            Self::Week => (days + THURSDAY) / 7,
            Self::AllTime => 0,
        };
        // The last day of the year 9999 is number 2,932,896.
        Bucket { period: self, number: u32::try_from(number).unwrap_or(u32::MAX) }
    }

    /// The last bucket that there is.
    fn last(self) -> Bucket {
        self.bucket_at(UnixMs::LAST)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no period or bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such period: periods are day, week, all; buckets look like 2026-11-21, 2026-W47, all")]
pub struct NoSuchPeriod;

impl FromStr for Period {
    type Err = NoSuchPeriod;

    fn from_str(text: &str) -> Result<Self, NoSuchPeriod> {
        Self::ALL.into_iter().find(|period| period.as_str() == text).ok_or(NoSuchPeriod)
    }
}

/// One concrete day or week, or all time. Printed as `2026-11-21`, `2026-W47`, `all`; that form never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    period: Period,
    number: u32,
}

impl Bucket {
    /// The bucket of all time.
    pub const ALL_TIME: Self = Self { period: Period::AllTime, number: 0 };

    /// Which period it is one of.
    #[must_use]
    pub const fn period(self) -> Period {
        self.period
    }

    /// Its number among those of its period, counted from 1970.
    pub(crate) const fn number(self) -> u32 {
        self.number
    }

    pub(crate) fn from_parts(period: u8, number: u32) -> Option<Self> {
        let period = Period::from_code(period)?;
        (number <= period.last().number).then_some(Self { period, number })
    }

    /// Its first millisecond.
    #[must_use]
    pub fn start(self) -> UnixMs {
        let number = u64::from(self.number);
        UnixMs(match self.period {
            Period::Day => number * DAY_MS,
            Period::Week => (number * 7).saturating_sub(THURSDAY) * DAY_MS,
            Period::AllTime => 0,
        })
    }

    /// The first millisecond after it; None when it never ends.
    #[must_use]
    pub fn end(self) -> Option<UnixMs> {
        let next = Self { number: self.number.checked_add(1)?, ..self };
        match self.period {
            Period::Day | Period::Week => Some(next.start()),
            Period::AllTime => None,
        }
    }

    /// The one after it; None of one that never ends, and of the last that can be told.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.end()?;
        Self::from_parts(self.period.code(), self.number.checked_add(1)?)
    }

    fn first_day(self) -> Date {
        let days = i64::try_from(self.start().0 / DAY_MS).unwrap_or(0);
        date(1970, 1, 1).checked_add(days.days()).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.period {
            Period::Day => write!(f, "{}", self.first_day()),
            // The first week's Monday is in 1969, which Unix time does not reach.
            Period::Week if self.number == 0 => f.write_str("1970-W01"),
            Period::Week => {
                let week = self.first_day().iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Period::AllTime => f.write_str(self.period.as_str()),
        }
    }
}

impl FromStr for Bucket {
    type Err = NoSuchPeriod;

    fn from_str(text: &str) -> Result<Self, NoSuchPeriod> {
        let found = match text.split('-').collect::<Vec<_>>().as_slice() {
            ["all"] => Some(Self::ALL_TIME),
            [year, week] => week_of(year, week),
            [year, month, day] => day_of(year, month, day),
            [..] => None,
        };
        // Only the one printed form is taken, so that an address names a bucket in one way.
        found.filter(|bucket| bucket.to_string() == text).ok_or(NoSuchPeriod)
    }
}

fn day_of(year: &str, month: &str, day: &str) -> Option<Bucket> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(Period::Day.bucket_at(midnight(date)?))
}

fn week_of(year: &str, week: &str) -> Option<Bucket> {
    let week = week.strip_prefix('W')?.parse().ok()?;
    // By its Thursday, which lies in the year that the week is counted in.
    let thursday = ISOWeekDate::new(year.parse().ok()?, week, Weekday::Thursday).ok()?;
    Some(Period::Week.bucket_at(midnight(thursday.date())?))
}

fn midnight(day: Date) -> Option<UnixMs> {
    let days = u64::try_from((day - date(1970, 1, 1)).get_days()).ok()?;
    Some(UnixMs(days * DAY_MS))
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}
as_text!(Period, Bucket);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UnixMs {
        UnixMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond().try_into().unwrap())
    }

    #[test]
    fn a_day_goes_from_midnight_to_midnight() {
        for (time, day) in [
            ("2026-11-21T00:00:00Z", "2026-11-21"),
            ("2026-11-21T23:59:59.999Z", "2026-11-21"),
            ("2026-11-22T00:00:00Z", "2026-11-22"),
            ("2028-02-29T12:00:00Z", "2028-02-29"),
            ("1970-01-01T00:00:00Z", "1970-01-01"),
        ] {
            assert_eq!(Period::Day.bucket_at(at(time)).to_string(), day);
        }
    }

    #[test]
    fn a_week_goes_from_monday_to_monday_and_has_its_iso_number() {
        for (time, week) in [
            ("2026-11-21T12:00:00Z", "2026-W47"),
            ("2026-11-22T23:59:59.999Z", "2026-W47"),
            ("2026-11-23T00:00:00Z", "2026-W48"),
            ("2027-01-03T23:59:59Z", "2026-W53"),
            ("2027-01-04T00:00:00Z", "2027-W01"),
            ("2024-12-30T00:00:00Z", "2025-W01"),
            ("1970-01-01T00:00:00Z", "1970-W01"),
        ] {
            assert_eq!(Period::Week.bucket_at(at(time)).to_string(), week);
        }
    }

    #[test]
    fn the_day_of_a_leap_second_is_as_long_as_any_other() {
        let day = Period::Day.bucket_at(at("2016-12-31T23:59:59.999Z"));
        assert_eq!(day.to_string(), "2016-12-31");
        assert_eq!(day.end(), Some(at("2017-01-01T00:00:00Z")));
        assert_eq!(day.end().unwrap().0 - day.start().0, DAY_MS);
    }

    #[test]
    fn every_bucket_is_read_back_from_its_text_and_adjoins_the_next() {
        for period in Period::ALL {
            let mut bucket = period.bucket_at(UnixMs(0));
            for _ in 0..4_000 {
                assert_eq!(bucket.to_string().parse(), Ok(bucket));
                let Some(next) = bucket.next() else { break };
                assert_eq!(bucket.end(), Some(next.start()));
                assert_eq!(period.bucket_at(next.start()), next);
                assert_eq!(period.bucket_at(UnixMs(next.start().0 - 1)), bucket);
                bucket = next;
            }
            let last = period.last();
            assert_eq!(last.to_string().parse(), Ok(last));
            assert_eq!(last.next(), None);
        }
    }

    #[test]
    fn nothing_else_is_a_bucket() {
        for text in
            ["", "-", "2026", "2026-13-01", "2026-02-30", "2026-W54", "2026-W00", "26-1-1", "2026-1-1"]
                .into_iter()
                .chain([
                    "+2026-11-21",
                    "2026-W7",
                    "all ",
                    "1969-12-31",
                    "99999-01-01",
                    "2026-11-21-1",
                    "2025-W53",
                ])
        {
            assert_eq!(text.parse::<Bucket>(), Err(NoSuchPeriod), "{text:?}");
        }
    }
}
