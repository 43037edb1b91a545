//! The balance of the game: hulls, energy, power-ups and points, in units of people, each with its reason. What lies about
//! in the arena, and what the network allows, is in [`crate::tuning`]. `cargo run --release -p bench -- balance` shows what
//! a change here does to the odds.

/// What sets one hull apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HullRow {
    /// Hull points of a fresh ship.
    pub points: u8,
    /// Acceleration at full thrust, in units per second squared. Top speed is this over the drag's share.
    pub thrust: i32,
    /// Share of its speed it loses per second, in thousandths.
    pub drag_milli: i32,
    /// How fast it turns, in thousandths of a turn per second.
    pub turn_milli: i32,
    /// Speed of its shots, in units per second.
    pub shot_speed: i32,
    /// How long its shots fly, in milliseconds. Speed times life is its reach.
    pub shot_life_ms: u32,
    /// Hull points a shot of it takes.
    pub damage: u8,
    /// Least time between two of its shots, in milliseconds.
    pub cooldown_ms: u32,
    /// What a shot costs, in tenths of an energy point.
    pub shot_energy_tenths: u16,
}

/// The hulls, in the order of [`crate::hull::Hull::ALL`]. Each wins two duels of three against one of the others and loses as
/// many against another: Corsair beats Lance, Lance beats Wasp, Wasp beats Anvil, Anvil beats Corsair.
pub const HULLS: [HullRow; 4] = [
    // Corsair: the measure of the others. 400 units per second; reaches 860 units, a little more than one sees to the side;
    // nine hits of it sink it, in two seconds without a miss.
    HullRow {
        points: 100,
        thrust: 560,
        drag_milli: 1400,
        turn_milli: 1300,
        shot_speed: 860,
        shot_life_ms: 1000,
        damage: 12,
        cooldown_ms: 220,
        shot_energy_tenths: 50,
    },
    // Wasp: outruns everyone (500 units per second) and turns inside everyone, but reaches only 600 units and bears two
    // thirds. It lives by being where the shot is not.
    HullRow {
        points: 68,
        thrust: 700,
        drag_milli: 1400,
        turn_milli: 1700,
        shot_speed: 870,
        shot_life_ms: 690,
        damage: 7,
        cooldown_ms: 170,
        shot_energy_tenths: 36,
    },
    // Anvil: bears most and hits harder than a Corsair, with shots so slow that a Wasp is gone before
    // they come (700 units per second). It catches nobody (290 units per second).
    HullRow {
        points: 118,
        thrust: 410,
        drag_milli: 1400,
        turn_milli: 900,
        shot_speed: 700,
        shot_life_ms: 950,
        damage: 14,
        cooldown_ms: 340,
        shot_energy_tenths: 80,
    },
    // Lance: shots nearly twice as fast as others' that reach 1,040 units; four of them sink a Corsair, three a Wasp that
    // cannot dodge them. One in half a second, a tenth of the bar each: a miss costs it dearly, and near it is lost.
    HullRow {
        points: 88,
        thrust: 555,
        drag_milli: 1400,
        turn_milli: 1300,
        shot_speed: 1600,
        shot_life_ms: 650,
        damage: 27,
        cooldown_ms: 480,
        shot_energy_tenths: 95,
    },
];

/// Parts of an energy point in a ship's state: what refills in a tick at 120 ticks a second is still a whole number of them.
pub const ENERGY_ONE: u16 = 256;
/// A full bar, in parts: 100 points.
pub const ENERGY_FULL: u16 = 100 * ENERGY_ONE;
/// The most that a ship holds after [`crate::power::PowerUp::Charge`], in parts.
pub const ENERGY_MOST: u16 = 2 * ENERGY_FULL;
/// Points that come back per second, while neither boost nor shield is up: a whole bar in six seconds, so that a fight is
/// decided by who has some left.
pub const REFILL: u32 = 16;
/// A ship slower than this many units per second rests,
pub const REST_SPEED: i32 = 60;
/// and gets this share of the refill, in percent: who sits and waits for prey meets it with an empty bar.
pub const REST_PERCENT: u32 = 30;
/// Points that boost costs per second: three seconds of a full bar, without a shot.
pub const BOOST_COST: u32 = 32;
/// Thrust while boosting, in percent of the hull's.
pub const BOOST_PERCENT: i32 = 160;
/// Points that the shield costs per second while it is up,
pub const SHIELD_COST: u32 = 20;
/// and for each hull point that it keeps, in hundredths: it saves a life and loses a fight, as one can't fire meanwhile.
pub const SHIELD_PRICE_CENTI: u32 = 80;
/// Once the bar was empty, boost and shield stay off until so many points are back: no stutter at the bottom.
pub const RESTART: u16 = 20 * ENERGY_ONE;

/// How long a new ship cannot be harmed, in milliseconds: time to look around. Its first shot ends it.
pub const SAFE_MS: u32 = 2000;

/// Hull points that [`crate::power::PowerUp::Repair`] gives back, in percent of the hull's.
pub const REPAIR_PERCENT: u32 = 60;
/// How long [`crate::power::PowerUp::Rapid`] and [`crate::power::PowerUp::Armour`] last, in milliseconds: one fight.
pub const EFFECT_MS: u32 = 8000;
/// Time between two shots, and their cost, under Rapid, in percent.
pub const RAPID_PERCENT: u32 = 55;
/// What a hit takes under Armour, in percent.
pub const ARMOUR_PERCENT: u32 = 50;
/// How long a place stays empty after its power-up was taken, in milliseconds: twice round the arena.
pub const POWER_RETURN_MS: u32 = 25_000;
/// One place per so many units of the arena's side, along either side: four in the default arena, so that they are fought over.
pub const POWER_SPACING: u32 = 1600;
/// Most places along a side.
pub const POWER_LINES: u32 = 4;
/// Radius within which a ship takes a power-up, beyond its own radius, in world units.
pub const POWER_RADIUS: i32 = 26;

/// Points for a kill of someone who has none. A fresh ship is worth no more than a few shards, so hunting newcomers does not pay.
pub const KILL_POINTS: u32 = 20;
/// Share of the victim's score that a kill pays beside, in percent: the strong are the prey.
pub const KILL_PERCENT: u32 = 25;
/// The same for who leads, instead: the bounty.
pub const BOUNTY_PERCENT: u32 = 50;
/// Nobody leads with fewer points.
pub const BOUNTY_FROM: u32 = 200;
/// The leader's place is told in steps of this many units: near enough to go there, too coarse to aim by.
pub const BOUNTY_STEP: i32 = 64;
/// How often it is told, in milliseconds.
pub const BOUNTY_EVERY_MS: u32 = 500;
/// Points for sinking a drone, whatever it has gathered: little more than a shard.
pub const DRONE_POINTS: u32 = 15;
/// Hull points to be taken from other people per point. Drones pay nothing but their end.
pub const DAMAGE_PER_POINT: u32 = 5;

/// A player is new for this long after the first Join, in milliseconds,
pub const NEW_MS: u32 = 60_000;
/// and in the first life until so many points. Drones hold their fire on who is new.
pub const NEW_POINTS: u32 = 100;
