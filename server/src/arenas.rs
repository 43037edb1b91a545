//! The arenas of the process, as the network and HTTP see them: a door for commands, and what each last published.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Pulse;
use crate::private::PrivateArenas;
use arc_swap::ArcSwap;
use cluster::{Map, Whereabouts};
use crossbeam_channel::Sender;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use shared::ids::Token;
use shared::mode::Mode;
use shared::tick::Tick;
use sim::ports::Command;
use sim::{BoardSnapshot, Report, Stage};

/// An arena that has not ticked for so long stands still: nobody is sent there.
const STUCK: Duration = Duration::from_secs(3);

/// How long its sessions wait to hear where an arena is that is being handed over.
const LEAVING: Duration = Duration::from_secs(2);
/// What was asked for within so many milliseconds was of late.
const OF_LATE: u64 = 2_000;

/// How much an arena has to do, and so who is shed: watchers first, then newcomers, never those who play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Load {
    /// All are welcome.
    Calm,
    /// Watchers go, and no new ones come.
    Heavy,
    /// No newcomers, either.
    Overload,
}

/// One arena.
#[derive(Debug)]
pub(crate) struct Arena {
    /// Its name, as in `/?arena=ID`: `1`, `2`, ...; of a private one the secret of those who have the link.
    pub id: String,
    /// Only who names it comes in, and nobody else hears of it.
    pub private: bool,
    /// How it is played.
    pub mode: Mode,
    /// Its place in the list of arenas.
    pub index: u16,
    /// Where its sessions' commands go.
    pub commands: Sender<Command>,
    /// What its tick loop last published.
    pub pulse: ArcSwap<Pulse>,
    /// The live board as it was after the last tick that changed it; of one that another server runs, as that one told it last.
    pub board: ArcSwap<BoardSnapshot>,
    /// Sessions in it now.
    pub sessions: AtomicU32,
    /// Time of each stage, in seconds, in the order of [`Stage::ALL`].
    pub stages: [Histogram; Stage::ALL.len()],
    /// Its next tick is to panic: see [`crate::args::Access::faults`].
    pub fault: AtomicBool,
    /// Its ticks are to take too long.
    pub slow: AtomicBool,
    born: Instant,
    beat_ms: AtomicU64,
    load: AtomicU8,
    incarnation: AtomicU32,
    /// The incarnation that began with its last move.
    moved: AtomicU32,
    gone: AtomicBool,
    here: AtomicBool,
    /// What another server tells of it.
    told: ArcSwap<Report>,
    /// When its board was asked for last over HTTP, in milliseconds after it was made, from 1; 0 when it never was.
    asked: AtomicU64,
    /// Held while it comes or goes, so that what was told of it elsewhere is not put over what it is here.
    moving: Mutex<()>,
}

impl Arena {
    /// An arena that has not ticked yet.
    pub(crate) fn new(index: u16, mode: Mode, commands: Sender<Command>) -> Self {
        Self::called((index + 1).to_string(), index, mode, commands)
    }

    /// A private arena of that name, which has not ticked yet.
    pub(crate) fn private(name: &str, index: u16, mode: Mode, commands: Sender<Command>) -> Self {
        Self { private: true, ..Self::called(name.to_owned(), index, mode, commands) }
    }

    fn called(id: String, index: u16, mode: Mode, commands: Sender<Command>) -> Self {
        let stages = std::array::from_fn(|_| Histogram::new(exponential_buckets(10e-6, 2.0, 14)));
        Self {
            id,
            private: false,
            mode,
            index,
            commands,
            pulse: ArcSwap::default(),
            board: ArcSwap::default(),
            sessions: AtomicU32::new(0),
            stages,
            fault: AtomicBool::new(false),
            slow: AtomicBool::new(false),
            born: Instant::now(),
            beat_ms: AtomicU64::new(0),
            load: AtomicU8::new(Load::Calm as u8),
            incarnation: AtomicU32::new(0),
            moved: AtomicU32::new(0),
            gone: AtomicBool::new(false),
            here: AtomicBool::new(true),
            told: ArcSwap::default(),
            asked: AtomicU64::new(0),
            moving: Mutex::default(),
        }
    }

    /// What logs and threads call it: a private one's name is nobody's business.
    pub(crate) fn label(&self) -> &str {
        if self.private { "private" } else { &self.id }
    }

    fn age_ms(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// It has ticked, and has so much to do.
    pub(crate) fn beat(&self, load: Load) {
        self.beat_ms.store(self.age_ms(), Relaxed);
        self.load.store(load as u8, Relaxed);
    }

    /// Since when it has not ticked, nor come or gone.
    fn silence(&self) -> Duration {
        Duration::from_millis(self.age_ms().saturating_sub(self.beat_ms.load(Relaxed)))
    }

    /// Has it stood still for too long?
    pub(crate) fn is_stuck(&self) -> bool {
        !self.is_gone() && self.is_here() && self.silence() > STUCK
    }

    /// How much it has to do.
    pub(crate) fn load(&self) -> Load {
        [Load::Calm, Load::Heavy, Load::Overload]
            .into_iter()
            .find(|load| *load as u8 == self.load.load(Relaxed))
            .unwrap_or(Load::Calm)
    }

    /// How often it was begun anew after a fault. Sessions of an earlier incarnation are over.
    pub(crate) fn incarnation(&self) -> u32 {
        self.incarnation.load(Relaxed)
    }

    /// A fault has ended it, and it begins anew.
    pub(crate) fn begin_anew(&self) {
        self.incarnation.fetch_add(1, Relaxed);
    }

    /// A fault has ended it once too often.
    pub(crate) fn give_up(&self) {
        self.gone.store(true, Relaxed);
        self.begin_anew();
    }

    /// Was it given up?
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Relaxed)
    }

    /// Does this server run it, and not another one?
    pub(crate) fn is_here(&self) -> bool {
        self.here.load(Relaxed)
    }

    /// Was it on its way to another server since this incarnation? Its sessions are over then, and may come back at once:
    /// no fault has ended them.
    pub(crate) fn has_moved_since(&self, incarnation: u32) -> bool {
        incarnation < self.moved.load(Relaxed)
    }

    /// It comes here, or goes to another server. Sessions that were in it are over either way.
    pub(crate) fn set_here(&self, here: bool) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        self.beat(Load::Calm);
        // First, so that who finds its session over knows why.
        self.here.store(here, Relaxed);
        self.moved.store(self.incarnation().wrapping_add(1), Relaxed);
        self.begin_anew();
        if !here {
            // The last of it is shown until its new server tells more, or is silent for too long.
            let Report { tick, players, drones, round, .. } = self.pulse.swap(Arc::default()).report;
            self.told.store(Arc::new(Report { tick, players, drones, round, ..Report::default() }));
        }
    }

    /// Who is in it and how far it is: of one that another server runs, as that one told it last.
    pub(crate) fn report(&self) -> Report {
        if self.is_here() { self.pulse.load().report } else { **self.told.load() }
    }

    /// Somebody asks for its board. True when nobody did of late.
    pub(crate) fn ask(&self) -> bool {
        let now = self.age_ms().saturating_add(1);
        let last = self.asked.swap(now, Relaxed);
        last == 0 || now.saturating_sub(last) > OF_LATE
    }

    /// When that was last. Larger is later.
    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Relaxed)
    }

    /// Is it known how it is?
    pub(crate) fn is_known(&self) -> bool {
        self.is_here() || self.told.load().tick != Tick::default()
    }

    /// Another server tells how it is, and its board unless that is the one which is shown. Passed over when it is here by now.
    pub(crate) fn show(&self, report: Report, board: Option<BoardSnapshot>) {
        let _moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_here() {
            self.told.store(Arc::new(report));
            board.into_iter().for_each(|board| self.board.store(Arc::new(board)));
        }
    }

    /// No other server tells of it any more.
    pub(crate) fn show_nothing(&self) {
        let empty = self.board.load().is_empty() && !self.is_known();
        if !empty {
            self.show(Report::default(), Some(BoardSnapshot::default()));
        }
    }

    /// May a newcomer be sent there?
    pub(crate) fn is_open(&self) -> bool {
        self.is_here() && !self.is_gone() && !self.is_stuck() && self.load() < Load::Overload
    }
}

impl Arena {
    /// A secret for a new session of this arena, from the system's randomness.
    pub(crate) fn fresh_token(&self) -> Token {
        let mut bytes: [u8; 16] = rand::random();
        bytes[..2].copy_from_slice(&self.index.to_le_bytes());
        Token(bytes)
    }
}

/// All arenas. There is at least one that is open to all.
#[derive(Debug)]
pub(crate) struct Arenas {
    all: Vec<Arc<Arena>>,
    /// Those of who has the link.
    pub private: Arc<PrivateArenas>,
    comfortable: u32,
    draining: AtomicBool,
    /// Who has those that are not here, where there are other servers.
    map: Option<Arc<Map>>,
}

impl Arenas {
    /// These arenas; each is comfortable up to so many sessions. So many private ones may come and go beside them.
    pub(crate) fn new(all: Vec<Arc<Arena>>, private: usize, comfortable: u32) -> Self {
        let first = u16::try_from(all.len()).unwrap_or(u16::MAX);
        let private = Arc::new(PrivateArenas::new(private, first));
        Self { all, private, comfortable, draining: AtomicBool::new(false), map: None }
    }

    /// The same as one server's of several. No arena is here before the directory says so.
    pub(crate) fn among(self, map: Arc<Map>) -> Self {
        self.all.iter().for_each(|arena| arena.set_here(false));
        Self { map: Some(map), ..self }
    }

    /// Has it stopped here a moment ago, and is on its way to another server? Soon it is known where that is.
    pub(crate) fn is_leaving(&self, arena: &Arena) -> bool {
        let mine = |map: &Arc<Map>| matches!(map.whereabouts(&arena.id), Whereabouts::Nowhere(_));
        !arena.is_here() && arena.silence() < LEAVING && self.map.as_ref().is_some_and(mine)
    }

    /// Where players of an arena that is not here are to go; None when nobody has it now.
    pub(crate) fn elsewhere(&self, arena: &Arena) -> Option<String> {
        self.map.as_ref()?.address(&arena.id)
    }

    /// How many people are in an arena, here or elsewhere; None when nobody has it, or nobody may come in.
    pub(crate) fn people(&self, arena: &Arena) -> Option<u16> {
        if arena.is_here() {
            return arena.is_open().then(|| arena.pulse.load().report.players);
        }
        self.map.as_ref()?.people(&arena.id)
    }

    /// The sites of all servers of this game, such as `https://two.example.org`: pages of each may come here.
    pub(crate) fn sites(&self) -> Vec<String> {
        let mut sites: Vec<String> =
            self.map.iter().flat_map(|map| map.addresses()).map(|url| site(&url).to_owned()).collect();
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    /// Another server's arena that is open to all, and that server's address, for someone who named none when there is no room here.
    pub(crate) fn with_room_elsewhere(&self) -> Option<(String, String)> {
        let others = self.all.iter().filter(|arena| !arena.is_here());
        others
            .map(|arena| (arena, self.elsewhere(arena)))
            .find_map(|(arena, url)| Some((arena.id.clone(), url?)))
    }

    /// The server stops: nobody new comes in.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Relaxed);
    }

    /// Does the server stop?
    pub(crate) fn draining(&self) -> bool {
        self.draining.load(Relaxed)
    }

    /// Every arena that is open to all.
    pub(crate) fn all(&self) -> &[Arc<Arena>] {
        &self.all
    }

    /// The arena of that name, if it is open to all.
    pub(crate) fn named(&self, id: &str) -> Option<&Arc<Arena>> {
        self.all.iter().find(|arena| arena.id == id && !arena.is_gone())
    }

    /// The arena that gave this token, if it is open to all: a token alone leads nobody into a private one, whose place another
    /// may have by now.
    pub(crate) fn of_token(&self, token: Token) -> Option<&Arc<Arena>> {
        self.all.get(usize::from(token.arena()))
    }

    /// Where someone goes who named none: to the fullest arena that is still comfortable, so that people meet; when none
    /// is, to the emptiest. Never to one that stands still or has more to do than it can; and only to one that is played as
    /// the first one is, as long as there is one.
    pub(crate) fn with_room(&self) -> Option<&Arc<Arena>> {
        let usual = self.all.first().map(|first| first.mode);
        self.with_room_in(|mode| Some(mode) == usual).or_else(|| self.with_room_in(|_| true))
    }

    fn with_room_in(&self, mode: impl Fn(Mode) -> bool) -> Option<&Arc<Arena>> {
        let sessions = |arena: &&Arc<Arena>| arena.sessions.load(Relaxed);
        let open = || self.all.iter().filter(|arena| arena.is_open() && mode(arena.mode));
        let comfortable = open().rev().filter(|arena| sessions(arena) < self.comfortable);
        comfortable.max_by_key(sessions).or_else(|| open().min_by_key(sessions))
    }
}

/// Of an address the part that says which site it is on: without what comes after the host and port.
fn site(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url.get(host..).and_then(|rest| rest.find('/')).and_then(|at| url.get(..host + at)).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_of_an_address_ends_with_its_host_and_port() {
        assert_eq!(site("https://play.example.org/n/a"), "https://play.example.org");
        assert_eq!(site("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    }

    fn arenas(sessions: &[u32]) -> Arenas {
        let all: Vec<_> = sessions.iter().map(|sessions| (*sessions, Mode::FreeForAll)).collect();
        arenas_of(&all)
    }

    fn arenas_of(arenas: &[(u32, Mode)]) -> Arenas {
        let all = arenas.iter().enumerate().map(|(index, (sessions, mode))| {
            let arena = Arena::new(index as u16, *mode, sim::ports::command_queue().0);
            arena.sessions.store(*sessions, Relaxed);
            Arc::new(arena)
        });
        Arenas::new(all.collect(), 0, 100)
    }

    fn chosen(sessions: &[u32]) -> String {
        arenas(sessions).with_room().unwrap().id.clone()
    }

    #[test]
    fn sessions_that_a_move_ended_are_told_from_those_that_a_fault_did() {
        let arenas = arenas(&[0]);
        let arena = &arenas.all()[0];
        let before = arena.incarnation();
        arena.begin_anew();
        assert!(!arena.has_moved_since(before), "a fault");
        let before = arena.incarnation();
        arena.set_here(false);
        arena.set_here(true);
        assert!(arena.has_moved_since(before) && !arena.has_moved_since(arena.incarnation()));
    }

    #[test]
    fn who_names_no_arena_goes_where_people_are_while_it_is_comfortable() {
        assert_eq!(chosen(&[0, 0, 0]), "1");
        assert_eq!(chosen(&[0, 7, 0]), "2");
        assert_eq!(chosen(&[100, 7, 99]), "3");
    }

    #[test]
    fn nobody_is_sent_to_an_arena_that_is_gone_or_overloaded() {
        let arenas = arenas(&[0, 7, 0]);
        arenas.all()[1].beat(Load::Overload);
        arenas.all()[0].give_up();
        assert_eq!(arenas.with_room().unwrap().id, "3");
        assert!(arenas.named("1").is_none() && arenas.named("2").is_some());
        arenas.all()[2].beat(Load::Overload);
        assert!(arenas.with_room().is_none());
        arenas.all()[1].beat(Load::Heavy);
        assert_eq!(arenas.with_room().unwrap().id, "2", "watchers go before newcomers stay out");
    }

    #[test]
    fn who_names_no_arena_finds_the_game_of_the_first_one() {
        let arenas = arenas_of(&[(0, Mode::FreeForAll), (50, Mode::Teams), (3, Mode::FreeForAll)]);
        assert_eq!(arenas.with_room().unwrap().id, "3");
        arenas.all()[0].give_up();
        arenas.all()[2].give_up();
        assert_eq!(arenas.with_room().unwrap().id, "2", "another game is better than none");
    }

    #[test]
    fn when_all_are_crowded_the_emptiest_takes_the_next() {
        assert_eq!(chosen(&[130, 110, 150]), "2");
    }
}
