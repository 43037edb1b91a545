//! One value of each message. A new variant does not compile until it has a file name here, beside its value.

use shared::angle::Angle;
use shared::controls::{Controls, Steer};
use shared::hull::Hull;
use shared::identity::{Identity, PlayerKey};
use shared::ids::{PlayerId, SessionId, Token};
use shared::leaderboard::{BoardDelta, BoardRow, Standing};
use shared::mode::{Mode, Team};
use shared::name::PlayerName;
use shared::power::PowerUp;
use shared::protocol::server::NameRow;
use shared::protocol::{
    AroundRow, ClientMessage, Life, News, Podium, PodiumRow, PowerPlace, Recorded, RecordedPlace, Refusal,
    Role, Round, ServerMessage, TopRow, Totals, Unsaid, Welcome,
};
use shared::saying::{Announcement, Line, Phrase, Saying};
use shared::tick::Tick;

const TOKEN: Token = Token([1, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255]);
const IDENTITY: Identity =
    Identity { key: PlayerKey(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff), proof: [0x5a; 32] };

/// The messages of clients, by the names of their files.
pub fn client_messages() -> Vec<(&'static str, ClientMessage)> {
    let (aim, steer) = (Angle(0xabc0), Steer::Right);
    let controls = Controls { aim, steer, thrust: true, fire: false, boost: false, shield: true };
    let messages = [
        ClientMessage::hello(Role::Play, None, None),
        ClientMessage::Hello {
            version: 300,
            role: Role::Board,
            arena: Some("2".to_owned()),
            resume: Some(TOKEN),
            identity: Some(IDENTITY),
        },
        ClientMessage::Join { name: "Zoë <b>".to_owned(), hull: Hull::Anvil },
        ClientMessage::Input { sequence: 0x1234, tick: 70_000, seen: 5, controls },
        ClientMessage::Ping { sent_ms: 1_234_567 },
        ClientMessage::Who { players: vec![PlayerId(1), PlayerId(250), PlayerId(251), PlayerId(70_000)] },
        ClientMessage::Mismatch { tick: 65_535 },
        ClientMessage::Watch { player: PlayerId(300) },
        ClientMessage::Say { text: "<b>Hé</b>".to_owned() },
        ClientMessage::Phrase(Phrase::Truce),
    ];
    messages.into_iter().map(|message| (client_name(&message), message)).collect()
}

fn client_name(message: &ClientMessage) -> &'static str {
    match message {
        ClientMessage::Hello { role: Role::Play, .. } => "hello-play",
        ClientMessage::Hello { role: Role::Board, .. } => "hello-board",
        ClientMessage::Join { .. } => "join",
        ClientMessage::Input { .. } => "input",
        ClientMessage::Ping { .. } => "ping",
        ClientMessage::Who { .. } => "who",
        ClientMessage::Mismatch { .. } => "mismatch",
        ClientMessage::Watch { .. } => "watch",
        ClientMessage::Say { .. } => "say",
        ClientMessage::Phrase(_) => "phrase",
    }
}

/// The messages of servers, by the names of their files.
pub fn server_messages() -> Vec<(&'static str, ServerMessage)> {
    let life = Life { score: 640, kills: 4, ticks: 5000 };
    let messages = [
        ServerMessage::Welcome(welcome()),
        ServerMessage::Joined { player: PlayerId(9), name: name("Ada") },
        ServerMessage::Refused(Refusal::EmptyName),
        ServerMessage::Refused(Refusal::AlreadyFlying),
        ServerMessage::Refused(Refusal::ArenaFull),
        ServerMessage::Died { by: PlayerId(300), name: Some(name("Zoë")), life },
        ServerMessage::Kill { victim: PlayerId(9), name: name("Ada"), points: 100 },
        ServerMessage::Top { rows: top_rows(), players: 2, drones: 10 },
        ServerMessage::Names(vec![NameRow { player: PlayerId(300), name: name("Zoë") }]),
        ServerMessage::Pong { sent_ms: 1_234_567 },
        ServerMessage::Board { rows: vec![board_row(9, 640), board_row(300, 0)] },
        ServerMessage::BoardDelta(board_delta()),
        ServerMessage::Recorded(recorded()),
        ServerMessage::Around {
            rank: 299,
            rows: vec![around_row(9, true, 641, None), around_row(300, false, 640, Some(Team::Moons))],
        },
        ServerMessage::Bounty { player: PlayerId(300), x: 16, y: 250 },
        ServerMessage::Powers(vec![power(1024, PowerUp::Charge, 123_456), power(3072, PowerUp::Armour, 0)]),
        ServerMessage::Mode(Mode::TeamRounds),
        ServerMessage::Totals(totals()),
        ServerMessage::Round(Round { podium: true, ticks: 300 }),
        ServerMessage::Podium(podium()),
        ServerMessage::News(news()),
        ServerMessage::Unsaid(Unsaid::TooMuch),
        ServerMessage::Moved {
            url: "https://two.example.org".to_owned(),
            ticket: "eyJhcmVuYSI6IjIifQ.c2VhbA".to_owned(),
        },
        ServerMessage::Closing { in_seconds: 300 },
        ServerMessage::Announced(Announcement::clean("We restart at ten.").expect("it can be shown")),
    ];
    messages.into_iter().map(|message| (server_name(&message), message)).collect()
}

fn server_name(message: &ServerMessage) -> &'static str {
    match message {
        ServerMessage::Welcome(_) => "welcome",
        ServerMessage::Joined { .. } => "joined",
        ServerMessage::Refused(Refusal::EmptyName) => "refused-empty-name",
        ServerMessage::Refused(Refusal::AlreadyFlying) => "refused-already-flying",
        ServerMessage::Refused(Refusal::ArenaFull) => "refused-arena-full",
        ServerMessage::Died { .. } => "died",
        ServerMessage::Kill { .. } => "kill",
        ServerMessage::Top { .. } => "top",
        ServerMessage::Names(_) => "names",
        ServerMessage::Pong { .. } => "pong",
        ServerMessage::Board { .. } => "board",
        ServerMessage::BoardDelta(_) => "board-delta",
        ServerMessage::Recorded(_) => "recorded",
        ServerMessage::Around { .. } => "around",
        ServerMessage::Bounty { .. } => "bounty",
        ServerMessage::Powers(_) => "powers",
        ServerMessage::Mode(_) => "mode",
        ServerMessage::Totals(_) => "totals",
        ServerMessage::Round(_) => "round",
        ServerMessage::Podium(_) => "podium",
        ServerMessage::News(_) => "news",
        ServerMessage::Unsaid(_) => "unsaid",
        ServerMessage::Moved { .. } => "moved",
        ServerMessage::Closing { .. } => "closing",
        ServerMessage::Announced(_) => "announced",
    }
}

fn totals() -> Totals {
    Totals { points: [640, 70_000], members: [6, 7] }
}

fn podium() -> Podium {
    let (name, team) = (name("Zoë"), Some(Team::Moons));
    let row = PodiumRow { player: PlayerId(300), name, drone: false, team, score: 70_000 };
    Podium { winner: team, totals: Some(totals()), rows: vec![row] }
}

fn news() -> Vec<News> {
    let sunk = |killer, killer_name, bounty| {
        let (victim, victim_name) = (PlayerId(9), name("Ada"));
        News::Sunk { killer: PlayerId(killer), killer_name, victim, victim_name, bounty }
    };
    let (player, called, key) = (PlayerId(9), || name("Ada"), IDENTITY.key);
    let said = |saying| News::Said { player, name: called(), key, saying };
    vec![
        sunk(300, Some(name("Zoë")), 320),
        sunk(0, None, 0),
        News::Came { player, name: called() },
        News::Left { player, name: called() },
        said(Saying::Line(Line::clean("<b>Hé</b>").expect("the fixed lines can be shown"))),
        said(Saying::Phrase(Phrase::No)),
    ]
}

fn power(x: u16, kind: PowerUp, from: u32) -> PowerPlace {
    PowerPlace { x, y: 4096 - x, kind, from: Tick(from) }
}

fn recorded() -> Recorded {
    let place =
        |period: &str, rank, best| RecordedPlace { period: period.to_owned(), rank, total: 1000, best };
    Recorded { score: 640, places: vec![place("day", 17, true), place("all", 250, false)] }
}

fn around_row(player: u32, drone: bool, score: u32, team: Option<Team>) -> AroundRow {
    AroundRow { player: PlayerId(player), drone, score, team }
}

fn welcome() -> Welcome {
    Welcome {
        session: SessionId(77),
        tick: Tick(123_456),
        tick_hz: 30,
        arena_size: 4096,
        token: TOKEN,
        resumed: true,
        identity: Some(IDENTITY),
    }
}

fn top_rows() -> Vec<TopRow> {
    let row = |player, called, drone: bool, score| {
        let team = drone.then_some(Team::Suns);
        TopRow { player: PlayerId(player), name: name(called), drone, score, team }
    };
    vec![row(9, "Ada", false, 640), row(300, "Drone 7", true, 70)]
}

fn board_row(player: u32, score: u32) -> BoardRow {
    BoardRow {
        standing: standing(player, score),
        name: name("Ada"),
        drone: player == 300,
        key: (player != 300).then_some(IDENTITY.key),
        team: (player == 300).then_some(Team::Moons),
    }
}

fn standing(player: u32, score: u32) -> Standing {
    Standing { player: PlayerId(player), score, since: Tick(1000), kills: 4, deaths: 251 }
}

fn board_delta() -> BoardDelta {
    BoardDelta {
        joined: vec![board_row(9, 10)],
        changed: vec![standing(4, 20), standing(5, 30)],
        gone: vec![PlayerId(6)],
    }
}

fn name(typed: &str) -> PlayerName {
    PlayerName::clean(typed).expect("the fixed names can be shown")
}
