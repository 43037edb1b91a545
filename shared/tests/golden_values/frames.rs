//! One value of each kind of frame: the reset that begins a view, a delta, an idle tick, and a tick in which cells are
//! newly watched.

use shared::angle::Angle;
use shared::controls::{Controls, Steer};
use shared::entity::{EntityState, PowerState, RockState, ShardState, ShipState, ShotState};
use shared::grid::{Cell, CellRect};
use shared::hull::Hull;
use shared::ids::{NetId, PlayerId};
use shared::mode::Team;
use shared::motion::Body;
use shared::power::{Effect, PowerUp};
use shared::protocol::frame::{Ack, Check, Focus, FrameTick, Head, Status};
use shared::protocol::rows::{BlobWriter, Row, ShipUpdate, Steering};
use shared::protocol::wire::put_varint;
use shared::tick::Tick;
use shared::units::{Point, Vector};

/// The rows of one cell.
pub type Blob = Vec<(NetId, Row)>;

/// A frame as its parts.
pub struct GoldenFrame {
    /// The name of its file.
    pub name: &'static str,
    /// The private head.
    pub head: Head,
    /// Deltas, cell by cell.
    pub deltas: Vec<Blob>,
    /// Keyframes and arrivals, cell by cell.
    pub keyframes: Vec<Blob>,
}

impl GoldenFrame {
    /// The frame's bytes, put together as servers do.
    pub fn encode(&self) -> Vec<u8> {
        let (deltas, keyframes) = (blobs(&self.deltas), blobs(&self.keyframes));
        let mut out = Vec::new();
        self.head.put(!keyframes.is_empty(), &mut out);
        if !keyframes.is_empty() {
            put_varint(&mut out, u32::try_from(deltas.len()).expect("a golden frame is short"));
        }
        out.extend(deltas);
        out.extend(keyframes);
        out
    }
}

/// Every kind of frame.
pub fn frames() -> Vec<GoldenFrame> {
    vec![reset(), delta(), idle(), arrival()]
}

fn reset() -> GoldenFrame {
    let head = Head {
        tick: FrameTick::Reset(Tick(123_456)),
        watch: Some(CellRect { min: Cell { x: 2, y: 3 }, max: Cell { x: 7, y: 8 } }),
        focus: Some(Focus { ship: NetId(70), own: true }),
        status: Some(Status { score: 640, kills: 4, rank: 2 }),
        ack: Some(Ack { sequence: 0x1234, margin: -1 }),
        check: Some(Check { checksum: 0xdead_beef, begun_us: 0x0102_0304 }),
    };
    let first = vec![spawn(70, ship()), spawn(71, shot())];
    GoldenFrame { name: "reset", head, deltas: vec![], keyframes: vec![first, vec![spawn(5, shard())]] }
}

fn delta() -> GoldenFrame {
    let controls = Some(Steering::Set(controls()));
    let update = |update| Row::Update(update);
    let first = vec![
        (
            NetId(70),
            update(ShipUpdate {
                controls,
                hull: Some(88),
                energy: Some((6400, true)),
                effect: Some(effect()),
                body: Some(body()),
                fired: Some(NetId(1000)),
            }),
        ),
        (NetId(72), update(ShipUpdate { controls, ..ShipUpdate::default() })),
        (NetId(73), update(nudge(-70))),
        (NetId(74), update(ShipUpdate { fired: Some(NetId(1001)), ..nudge(5) })),
        (NetId(900), Row::Despawn),
    ];
    let second = vec![spawn(3, shot()), spawn(4, rock()), spawn(5, power())];
    let head = Head { ack: Some(Ack { sequence: 0x1235, margin: 2 }), ..next(0x41) };
    GoldenFrame { name: "delta", head, deltas: vec![first, second], keyframes: vec![] }
}

fn nudge(steps: i32) -> ShipUpdate {
    ShipUpdate { controls: Some(Steering::Nudge(steps)), ..ShipUpdate::default() }
}

fn idle() -> GoldenFrame {
    GoldenFrame { name: "idle", head: next(0x42), deltas: vec![], keyframes: vec![] }
}

fn arrival() -> GoldenFrame {
    let watch = Some(CellRect { min: Cell { x: 3, y: 3 }, max: Cell { x: 8, y: 8 } });
    let deltas = vec![vec![(NetId(71), Row::Despawn)]];
    let head = Head { watch, ..next(0x43) };
    GoldenFrame { name: "arrival", head, deltas, keyframes: vec![vec![spawn(1000, plain_ship())]] }
}

fn next(low: u8) -> Head {
    Head { tick: FrameTick::Next(low), watch: None, focus: None, status: None, ack: None, check: None }
}

fn spawn(id: u32, state: EntityState) -> (NetId, Row) {
    (NetId(id), Row::Spawn(state))
}

fn controls() -> Controls {
    Controls { aim: Angle(0xabc0), steer: Steer::Aim, thrust: true, fire: true, boost: true, shield: false }
}

fn body() -> Body {
    Body { pos: Point::from_units(1000, 2000), vel: Vector { x: -5000, y: 63 }, heading: Angle(0x1234) }
}

/// Everything there is to say of one.
fn ship() -> EntityState {
    EntityState::Ship(ShipState {
        player: PlayerId(9),
        drone: true,
        team: Some(Team::Moons),
        class: Hull::Lance,
        body: body(),
        controls: controls(),
        hull: 77,
        energy: 0x1900,
        spent: true,
        gun: 13,
        safe: 60,
        effect: Some(effect()),
    })
}

/// As ships are most of the time.
fn plain_ship() -> EntityState {
    let (body, controls) = (body(), controls());
    EntityState::Ship(ShipState {
        player: PlayerId(9),
        body,
        controls,
        hull: 100,
        energy: 0x6400,
        ..ShipState::default()
    })
}

fn effect() -> Effect {
    Effect { kind: PowerUp::Armour, left: 240 }
}

fn power() -> EntityState {
    EntityState::Power(PowerState { pos: Point::from_units(1024, 3072), kind: PowerUp::Rapid })
}

fn shot() -> EntityState {
    let pos = Point { x: 0x01_02_03, y: 0x04_05_06 };
    EntityState::Shot(ShotState {
        owner: PlayerId(300),
        team: Some(Team::Suns),
        class: Hull::Wasp,
        pos,
        heading: Angle(0x4321),
        left: 29,
    })
}

fn rock() -> EntityState {
    let vel = Vector { x: 700, y: -64 };
    EntityState::Rock(RockState { pos: Point::from_units(3, 4), vel, size: 3, hull: 84 })
}

fn shard() -> EntityState {
    EntityState::Shard(ShardState { pos: Point::from_units(1, 4095), points: 10 })
}

fn blobs(cells: &[Blob]) -> Vec<u8> {
    let (mut out, mut writer) = (Vec::new(), BlobWriter::default());
    for cell in cells {
        cell.iter().for_each(|(id, row)| writer.push(*id, row));
        writer.finish_into(&mut out);
    }
    out
}
