//! The arenas of the process, as the network and HTTP see them: a door for commands, and what each last published.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

pub(crate) use crate::arena::{Arena, Load};
use crate::private::PrivateArenas;
use cluster::{Map, Whereabouts};
use shared::ids::Token;
use shared::mode::Mode;

/// How long its sessions wait to hear where an arena is that is being handed over.
const LEAVING: Duration = Duration::from_secs(2);

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
