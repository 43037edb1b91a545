//! `window.starfray.state` as the pages document it, as far as tests read it.

use serde::Deserialize;

/// The state of the game's page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Play {
    /// How far the page is.
    pub phase: Phase,
    /// The session's number; 0 while there is none.
    pub session: u32,
    /// The player's number; 0 while there is none.
    pub player: u32,
    /// The tick of the newest frame.
    pub tick: u32,
    /// Pictures drawn.
    pub draws: u64,
    /// Milliseconds from the beginning of the navigation to the first picture of the arena.
    pub first_draw_ms: Option<f64>,
    /// The own ship.
    #[serde(rename = "self")]
    pub own: Option<Own>,
    /// Ships in view.
    pub ships: Vec<Ship>,
    /// How many shots are in view.
    pub shots: u32,
    /// Shards in view.
    pub shards: Vec<Shard>,
    /// Asteroids in view.
    pub rocks: Vec<Shard>,
    /// People in the arena.
    pub players: u32,
    /// Drones in the arena.
    pub drones: u32,
    /// Checksums that did not match.
    pub mismatches: u32,
    /// How it flies; none before Welcome.
    pub feel: Option<Feel>,
    /// What the overlay shows.
    pub net: Net,
    /// What the arena is about.
    pub contest: Contest,
    /// What is heard.
    pub sound: Sound,
    /// The settings, as the browser keeps them.
    pub settings: String,
    /// The language that the page speaks.
    pub language: String,
    /// The hint that is shown; empty when none is.
    pub hint: String,
    /// The power-up that was taken last; empty before the first.
    pub power: String,
    /// Whose ship one watches; 0 for nobody's.
    pub watched: u32,
    /// Marks on the small map.
    pub marks: u32,
    /// Seconds until the server stops, if it said so.
    pub closing: Option<f64>,
    /// How the last connection ended.
    pub last_close: Option<Close>,
}

/// What the arena is about.
#[derive(Debug, Clone, Deserialize)]
pub struct Contest {
    /// How it is played.
    pub mode: String,
    /// The own team: `suns`, `moons` or empty.
    pub team: String,
    /// Seconds until the round or its podium is over.
    pub left: Option<f64>,
    /// A podium is shown.
    pub podium: bool,
    /// How many were shown since the page was loaded.
    pub podiums: u32,
}

/// What is heard.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Sound {
    /// The browser lets the page sound.
    pub runs: bool,
    /// Sounds played since the page was loaded.
    pub played: u32,
    /// The strength of everything, 0 to 1.
    pub volume: f64,
}

/// How it flies, since Welcome.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feel {
    /// Presses of keys that showed.
    pub keys: u32,
    /// Draws that one of them needed at most.
    pub key_draws: u32,
    /// Times that the server's word on the own ship was another than predicted.
    pub corrections: u32,
    /// The largest jump beyond what motion explains, in pixels of a screen 1920 wide.
    pub jump_px: f64,
    /// The same in gaps.
    pub jump_gap_px: f64,
    /// Draws that were compared.
    pub compared: u64,
    /// Gaps that are over.
    pub gaps: u32,
    /// Milliseconds until one was not to be seen any more, at most.
    pub heal_ms: f64,
    /// Milliseconds that the own ship is ahead of the others.
    pub rewind_ms: f64,
}

/// What the overlay shows, as far as tests read it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Net {
    /// Jitter of arriving frames, in milliseconds.
    pub jitter_ms: f64,
    /// How far behind the newest frame others are drawn, in milliseconds.
    pub delay_ms: f64,
    /// Ticks that inputs are early on average.
    pub margin: f64,
    /// Draws per second.
    pub draws_per_second: f64,
    /// Milliseconds in a draw.
    pub draw_ms: f64,
}

/// How far the game's page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Not yet welcomed.
    Connecting,
    /// Asks for a name.
    Menu,
    /// Flies.
    Playing,
    /// Was destroyed.
    Dead,
    /// Has lost the connection and tries again.
    Lost,
}

/// The own ship. Places are in world units.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Own {
    /// The ship's number.
    pub id: u32,
    /// How far from its prediction it is drawn.
    pub correction: f64,
    /// From the left wall.
    pub x: f64,
    /// From the upper wall.
    pub y: f64,
    /// In radians, clockwise from +x.
    pub heading: f64,
    /// Points of this life.
    pub score: u32,
    /// Ships destroyed in this life.
    pub kills: u32,
    /// Rank on the live board.
    pub rank: u32,
}

/// A ship in view.
#[derive(Debug, Clone, Deserialize)]
pub struct Ship {
    /// Who flies it.
    pub player: u32,
    /// Their name, once it is known.
    pub name: String,
    /// `suns`, `moons` or empty.
    pub team: String,
    /// From the left wall.
    pub x: f64,
    /// From the upper wall.
    pub y: f64,
}

/// A shard or an asteroid in view.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Shard {
    /// From the left wall.
    pub x: f64,
    /// From the upper wall.
    pub y: f64,
}

/// How a connection ended.
#[derive(Debug, Clone, Deserialize)]
pub struct Close {
    /// The close code.
    pub code: u16,
    /// What the page shows.
    pub sentence: String,
}

/// The state of the board's page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// How far the page is.
    pub phase: BoardPhase,
    /// Which board it shows.
    pub board: String,
    /// How changes come.
    pub transport: String,
    /// Which state of the board.
    pub version: Option<f64>,
    /// Lines of the whole board.
    pub total: u32,
    /// The first rank on the screen.
    pub first_rank: Option<u32>,
    /// The last one.
    pub last_rank: Option<u32>,
    /// The visitor's.
    pub own_rank: Option<u32>,
    /// Row elements in the page.
    pub rows_in_page: u32,
    /// Milliseconds since anything was heard.
    pub last_heard_ms: Option<f64>,
    /// Changes of the board since the page was loaded.
    pub changes_seen: u32,
    /// The first hundred, best first.
    pub rows: Vec<Row>,
    /// People on the board.
    pub players: u32,
    /// Drones on the board.
    pub drones: u32,
    /// Changes only with a reload.
    pub loads: f64,
    /// How the last connection ended.
    pub last_close: Option<Close>,
}

/// How far the board's page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoardPhase {
    /// Not yet welcomed.
    Connecting,
    /// Shows the board as it is.
    Live,
    /// Shows a board that does not change any more.
    Final,
    /// Shows what may be out of date, and tries to have it again.
    Lost,
}

/// A row of the board.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// From 1.
    pub rank: u32,
    /// Who.
    pub player: u32,
    /// The name.
    pub name: String,
    /// Points of the life that is being played.
    pub score: u32,
    /// Flown by the server.
    pub drone: bool,
}

impl Play {
    /// The ship of `player`, if it is in view.
    #[must_use]
    pub fn ship(&self, player: u32) -> Option<&Ship> {
        self.ships.iter().find(|ship| ship.player == player)
    }

    /// The shard nearest to the own ship.
    #[must_use]
    pub fn nearest_shard(&self) -> Option<Shard> {
        let own = self.own?;
        let distance = |shard: &Shard| (shard.x - own.x).hypot(shard.y - own.y);
        self.shards.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
}

impl Board {
    /// The row of `player`.
    #[must_use]
    pub fn row(&self, player: u32) -> Option<&Row> {
        self.rows.iter().find(|row| row.player == player)
    }
}
