//! The numbers of the arena and of the connection, in units of people: world units, seconds, points. What makes one ship
//! better than another is in [`crate::balance`]. [`crate::motion::Rules`] turns both into integers per tick.

/// Default simulation rate, in ticks per second.
pub const TICK_HZ: u16 = 30;
/// Lowest and highest rate an operator may choose, in ticks per second.
pub const TICK_HZ_RANGE: std::ops::RangeInclusive<u16> = 10..=120;

/// Default side of the square arena, in world units.
pub const ARENA_SIZE: u32 = 4096;
/// Smallest and largest side, in world units. Positions go over the wire in 24 bits, which is 16,384 units.
pub const ARENA_SIZE_RANGE: std::ops::RangeInclusive<u32> = 1024..=16_000;

/// Half the side of the square that a player sees, in world units. A page shows the largest rectangle of its own shape
/// that fits, so a phone held upright sees as far as a wide screen.
pub const VIEW_HALF: i32 = 700;
/// How far beyond the view cells are watched, so that nothing pops up at the edge, in world units.
pub const VIEW_MARGIN: i32 = 100;
/// How far beyond the margin a cell must be to be let go, in world units.
pub const VIEW_HYSTERESIS: i32 = 80;
/// Side of an interest cell, in world units.
pub const CELL_SIZE: i32 = 320;

/// Radius of a ship for hits and bumps, in world units.
pub const SHIP_RADIUS: i32 = 18;
/// Share of its speed a ship keeps when it bounces off a wall, in thousandths.
pub const WALL_BOUNCE_MILLI: i32 = 500;

/// Radius of a shot for hits, in world units.
pub const SHOT_RADIUS: i32 = 4;

/// Radius within which a ship collects a shard, beyond its own radius, in world units.
pub const SHARD_RADIUS: i32 = 14;
/// Points of a shard that lies about.
pub const SHARD_POINTS: u8 = 10;
/// Hull points that a shard repairs.
pub const SHARD_REPAIR: u8 = 4;
/// Area per shard that lies about, in square units: about 300 in the default arena.
pub const SHARD_AREA: u32 = 56_000;
/// Most shards in the arena, as a multiple of those that should lie about: beyond, wrecks leave none.
pub const SHARD_CROWD: u32 = 2;
/// Shards that come back per second while some are missing, per hundred that should lie about.
pub const SHARD_REGROWTH_PER_100: u32 = 3;

/// Radius of an asteroid by its size, from 1 to 3, in world units.
pub const ROCK_RADIUS: [i32; 3] = [20, 36, 56];
/// Hull points of an asteroid by its size.
pub const ROCK_HULL: [u8; 3] = [24, 48, 84];
/// Points for breaking an asteroid by its size.
pub const ROCK_POINTS: [u32; 3] = [5, 10, 20];
/// How fast an asteroid drifts, in units per second.
pub const ROCK_SPEED: std::ops::RangeInclusive<i32> = 15..=60;
/// How fast the halves of a broken asteroid part, in units per second.
pub const ROCK_PARTING: i32 = 45;
/// Shards in an asteroid of the smallest size.
pub const ROCK_SHARDS: u32 = 2;
/// Area per large asteroid, in square units: about 28 in the default arena.
pub const ROCK_AREA: u32 = 600_000;
/// Time until a missing asteroid comes back, in milliseconds.
pub const ROCK_RETURN_MS: u32 = 2500;

/// Share of the victim's score that its wreck drops as shards, in percent.
pub const WRECK_PERCENT: u32 = 30;
/// Fewest and most shards in a wreck.
pub const WRECK_SHARDS: std::ops::RangeInclusive<u32> = 3..=12;
/// How far a wreck's shards scatter, in world units.
pub const WRECK_SCATTER: i32 = 70;

/// How long a drone waits before it flies again, in milliseconds.
pub const DRONE_RESPAWN_MS: u32 = 3000;
/// How far a drone sees, in world units.
pub const DRONE_SIGHT: i32 = 620;
/// Drones in an arena without people; one leaves for each person who joins.
pub const DRONES: u16 = 12;

/// How long a player without a connection stays in the arena, in milliseconds.
pub const LIMBO_MS: u32 = 20_000;
/// How far ahead an input may be meant, in milliseconds. One that is meant for later is passed over.
pub const INPUT_AHEAD_MS: u32 = 500;
/// How far back the others are looked at when hits are judged, at most, in milliseconds.
pub const REWIND_MS: u32 = 200;

/// Most characters in a name.
pub const NAME_CHARS: usize = 16;
/// Most characters in a line that someone says: 480 bytes at most.
pub const SAYING_CHARS: usize = 120;
/// Most characters in what an operator announces: 800 bytes at most.
pub const ANNOUNCEMENT_CHARS: usize = 200;
/// How long an announcement is shown, and told to who comes, in milliseconds.
pub const ANNOUNCEMENT_MS: u32 = 60_000;
/// Rows on the short board that players see.
pub const TOP_ROWS: usize = 10;
/// How many the podium of a round shows.
pub const PODIUM_ROWS: usize = 3;
/// How long a round lasts unless the operator says otherwise, in milliseconds.
pub const ROUND_MS: u32 = 300_000;
/// How long its podium is shown, in milliseconds.
pub const PODIUM_MS: u32 = 10_000;
/// Neighbours above and below that a player beyond the short board sees.
pub const NEIGHBOURS: usize = 2;
/// Arena per player, in square units, up to which an arena is comfortable: about 100 players in the default one.
pub const COMFORT_AREA: u32 = 160_000;

/// How many players are comfortable in an arena of that side.
#[must_use]
pub const fn comfortable(arena_size: u32) -> u32 {
    arena_size * arena_size / COMFORT_AREA
}
