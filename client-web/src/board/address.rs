//! Which board the page shows, as its address says it: `?board=day`, `?board=2026-W46`, `?arena=2`, `?tv`.
//!
//! Enters: the values of a query. Leaves: a [`View`], its query, and the addresses of the API that it is filled from. A
//! board that does not exist is the live one; whether a past one exists only the server knows.

use crate::words;

/// A kind of standings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Midnight to midnight, UTC.
    Day,
    /// Monday to Monday, UTC.
    Week,
    /// Since ever.
    All,
}

impl Period {
    /// All of them, in the order of their tabs.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::All];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::All => "all",
        }
    }

    /// What the page calls the current one.
    pub fn title(self) -> &'static str {
        match self {
            Self::Day => words::say("board.day"),
            Self::Week => words::say("board.week"),
            Self::All => words::say("board.all"),
        }
    }
}

/// A board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those who fly now.
    Live,
    /// Standings of the period that has not ended.
    Current(Period),
    /// Standings of one that has, such as `2026-11-20` or `2026-W46`.
    Past(Period, String),
}

impl Which {
    /// The board of that id.
    pub fn parse(id: &str) -> Option<Self> {
        let current = Period::ALL.into_iter().find(|period| period.name() == id).map(Self::Current);
        let live = (id == "live").then_some(Self::Live);
        live.or(current).or_else(|| Some(Self::Past(period_of(id)?, id.to_owned())))
    }

    /// Its id in addresses.
    pub fn id(&self) -> &str {
        match self {
            Self::Live => "live",
            Self::Current(period) => period.name(),
            Self::Past(_, bucket) => bucket,
        }
    }

    /// What the page calls it.
    pub fn title(&self) -> String {
        match self {
            Self::Live => words::say("board.live").to_owned(),
            Self::Current(period) => period.title().to_owned(),
            Self::Past(_, bucket) => bucket.clone(),
        }
    }
}

/// Of which period a bucket of this form is: `2026-11-20` is a day, `2026-W46` a week.
fn period_of(bucket: &str) -> Option<Period> {
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    match bucket.split('-').collect::<Vec<_>>().as_slice() {
        [year, week] if digits(year, 4) => digits(week.strip_prefix('W')?, 2).then_some(Period::Week),
        [year, month, day] => (digits(year, 4) && digits(month, 2) && digits(day, 2)).then_some(Period::Day),
        [..] => None,
    }
}

/// How much of the page there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Everything.
    Full,
    /// The board alone, for a big screen.
    Tv,
    /// The first rows, in somebody else's page.
    Embed,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The board.
    pub which: Which,
    /// The arena of the live board; none for the one that the server chooses.
    pub arena: Option<String>,
    /// How much else.
    pub look: Look,
}

impl View {
    /// The view of a query whose values `value` gives. `embed`: is it the page for others to embed?
    pub fn of(value: impl Fn(&str) -> Option<String>, embed: bool) -> Self {
        let which = value("board").and_then(|id| Which::parse(&id)).unwrap_or(Which::Live);
        let look = match (embed, value("tv")) {
            (true, _) => Look::Embed,
            (false, Some(_)) => Look::Tv,
            (false, None) => Look::Full,
        };
        Self { which, arena: value("arena").filter(|arena| !arena.is_empty()), look }
    }

    /// The same with another board.
    pub fn with(&self, which: Which) -> Self {
        Self { which, ..self.clone() }
    }

    /// Its query, with the question mark; empty for what is shown without one.
    pub fn query(&self) -> String {
        let mut parts = Vec::new();
        if self.which != Which::Live {
            parts.push(format!("board={}", self.which.id()));
        }
        parts.extend(self.arena.as_ref().map(|arena| format!("arena={}", encoded(arena))));
        match self.look {
            Look::Tv => parts.push("tv".to_owned()),
            Look::Full | Look::Embed => {}
        }
        if parts.is_empty() { "?".to_owned() } else { format!("?{}", parts.join("&")) }
    }

    /// The address of the board's pages in the API, with these fields of the query.
    pub fn page(&self, fields: &[(&str, &str)]) -> String {
        let path = match &self.which {
            Which::Live | Which::Current(_) => format!("/api/boards/{}", self.which.id()),
            Which::Past(period, bucket) => format!("/api/boards/{}/{bucket}", period.name()),
        };
        self.with_fields(path, fields)
    }

    /// The address of its event stream. Past boards have none.
    pub fn events(&self, fields: &[(&str, &str)]) -> String {
        self.with_fields(format!("/api/boards/{}/events", self.which.id()), fields)
    }

    /// The address of what is around `player`.
    pub fn around(&self, player: &str) -> String {
        let one = ("limit", "1");
        match &self.which {
            Which::Live | Which::Current(_) => {
                let path = format!("/api/boards/{}/around/{player}", self.which.id());
                self.with_fields(path, &[one])
            }
            Which::Past(period, bucket) => {
                let path = format!("/api/boards/{}/around/{player}", period.name());
                self.with_fields(path, &[one, ("bucket", bucket)])
            }
        }
    }

    fn with_fields(&self, mut path: String, fields: &[(&str, &str)]) -> String {
        let arena = self.arena.as_deref().filter(|_| self.which == Which::Live);
        let arena = arena.map(|arena| ("arena", arena));
        for (index, (key, value)) in fields.iter().copied().chain(arena).enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.push_str(&format!("{key}={}", encoded(value)));
        }
        path
    }
}

/// `text` as a value in an address.
fn encoded(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            all.push(char::from(byte));
        } else {
            all.push_str(&format!("%{byte:02X}"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(query: &[(&str, &str)]) -> View {
        View::of(|key| query.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned()), false)
    }

    #[test]
    fn the_address_names_the_board_and_is_made_again_from_it() {
        for (query, address) in [
            (&[] as &[_], "?"),
            (&[("board", "day")], "?board=day"),
            (&[("board", "2026-W46"), ("tv", "")], "?board=2026-W46&tv"),
            (&[("board", "2026-11-20"), ("arena", "2")], "?board=2026-11-20&arena=2"),
            (&[("arena", "a&b ü")], "?arena=a%26b%20%C3%BC"),
        ] {
            assert_eq!(view(query).query(), address);
        }
    }

    #[test]
    fn what_is_no_board_is_the_live_one() {
        for id in ["", "live", "month", "2026", "2026-W4", "2026-1-1", "../x", "2026-11-20-1", "W46-2026"] {
            assert_eq!(view(&[("board", id)]).which, Which::Live, "{id}");
        }
    }

    #[test]
    fn each_board_is_asked_for_where_the_api_has_it() {
        let live = view(&[("arena", "2")]);
        assert_eq!(live.page(&[("limit", "100")]), "/api/boards/live?limit=100&arena=2");
        assert_eq!(live.events(&[]), "/api/boards/live/events?arena=2");
        let day = view(&[("board", "day"), ("arena", "2")]);
        assert_eq!(day.page(&[("name", "a b")]), "/api/boards/day?name=a%20b");
        let past = view(&[("board", "2026-W46")]);
        assert_eq!(past.page(&[]), "/api/boards/week/2026-W46");
        assert_eq!(past.around("ab"), "/api/boards/week/around/ab?limit=1&bucket=2026-W46");
    }
}
