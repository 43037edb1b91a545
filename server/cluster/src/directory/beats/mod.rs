//! The signs of life: what is said in them, what follows from their answers, and what is done while there are none.

mod claims;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::Script;
use shared::private;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::hold::Hold;
use super::keep;
use super::map::{Map, World};
use super::sign::{self, Answer};
use super::vote::Vote;
use super::{Ask, Handed, Host, LEASE, Me, Saved};
use crate::keys::save;
use crate::link::{Link, Trouble};
use crate::state::{State, Way};

/// How much earlier the node stops than others may begin: clocks of two machines run apart by less in that time.
pub(super) const MARGIN: Duration = Duration::from_millis(200);
/// Time between signs of life.
pub(super) const BEAT: Duration = Duration::from_millis(500);
/// Answers in a row by which another node has two arenas less or more, before one is handed over: a node that has just come
/// is to stay.
const UNEVEN: u32 = 6;
/// A Redis that takes longer to answer is slow.
const QUICK: Duration = Duration::from_millis(200);
/// Signs that may be on their way at once.
const ON_THEIR_WAY: usize = 6;
/// How many people are where is asked with each of so many signs.
const PEOPLE_EVERY: u32 = 8;
/// With each of so many everything is asked, whatever is known: a Redis that has lost its last changes is heard again.
const ALL_EVERY: u32 = 64;

pub(super) struct Beats {
    link: Link,
    me: Me,
    host: Arc<dyn Host>,
    map: Arc<Map>,
    state: Arc<State>,
    beat: Script,
    save: Script,
    /// What this node runs.
    holds: BTreeMap<String, Hold>,
    /// The same, for who extends them when Redis can't be reached.
    published: Arc<Mutex<Vec<Hold>>>,
    /// Of those, which have yet to begin.
    starting: BTreeSet<String>,
    /// The highest epoch of each arena that it has heard of. Older answers, and a Redis that lost its last writes when it was
    /// failed over, may still say that one is here which has been handed over, or was lost.
    seen: BTreeMap<String, u64>,
    /// Private arenas that have ended, with their epochs, until Redis has forgotten them.
    ended: BTreeMap<String, u64>,
    /// When the sign was given whose answer is the newest that has come.
    heard: Option<Instant>,
    /// The state of the directory that is known.
    version: String,
    /// Signs that were given.
    signs: u32,
    draining: bool,
    /// Who waits, since then, to know who else is there.
    drained: Option<(Instant, oneshot::Sender<()>)>,
    /// Redis is away. When it is back it may have forgotten who has which arena.
    away: bool,
    /// Until then it takes no arena: others have yet to say what they have to a Redis that was away.
    shy: Option<Instant>,
    /// Answers in a row by which this node has too many arenas.
    uneven: u32,
    /// Signs of life that are on their way.
    unanswered: usize,
}

/// What came of something that was asked.
enum Heard {
    /// Of Redis.
    Redis(Result<Answer, Trouble>),
    /// Of what was saved of an arena.
    Kept { arena: String, epoch: u64, kept: Result<Option<String>, Trouble> },
    /// Of something that has no answer.
    Done(Result<(), Trouble>),
}

impl Beats {
    pub(super) fn new(link: Link, me: Me, host: Arc<dyn Host>, map: Arc<Map>, state: Arc<State>) -> Self {
        let (beat, save) =
            (Script::new(include_str!("../beat.lua")), Script::new(include_str!("../save.lua")));
        let (holds, seen, ended) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (heard, version, signs) = (None, String::new(), 0);
        let (draining, drained, away, shy, uneven, unanswered) = (false, None, false, None, 0, 0);
        Self {
            link,
            me,
            host,
            map,
            state,
            beat,
            save,
            holds,
            published: Arc::default(),
            starting: BTreeSet::new(),
            seen,
            ended,
            heard,
            version,
            signs,
            draining,
            drained,
            away,
            shy,
            uneven,
            unanswered,
        }
    }

    /// What the vote of the others is to be about.
    pub(super) fn vote(&self) -> Vote {
        Vote { holds: self.published.clone(), map: self.map.clone(), state: self.state.clone() }
    }

    /// What is run here has changed.
    fn publish(&self) {
        *self.published.lock().unwrap_or_else(PoisonError::into_inner) =
            self.holds.values().cloned().collect();
        self.map.set_starting(&self.starting);
    }

    pub(super) fn node(&self) -> &str {
        self.map.node()
    }

    pub(super) async fn run(mut self, mut asked: mpsc::Receiver<Ask>, woken: Arc<Notify>) {
        let mut due = tokio::time::interval(BEAT);
        due.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut on_their_way = JoinSet::new();
        loop {
            let done = tokio::select! {
                _ = due.tick() => self.send(&mut on_their_way).await,
                () = woken.notified() => self.send(&mut on_their_way).await,
                Some(heard) = on_their_way.join_next() => self.take(heard.unwrap_or_else(lost), &mut on_their_way).await,
                ask = asked.recv() => match ask {
                    Some(ask) => self.answer(ask, &mut on_their_way).await,
                    None => return,
                },
            };
            if done.is_err() {
                self.state.note(Way::Arenas, &done);
                // Answers that are here already are from before.
                on_their_way = JoinSet::new();
                self.unanswered = 0;
                self.forget_starting();
                self.link.give_up();
                self.away = true;
                self.version.clear();
            }
        }
    }

    async fn send(&mut self, on_their_way: &mut JoinSet<Heard>) -> Result<(), Trouble> {
        self.look_at_private_ones();
        if self.unanswered >= ON_THEIR_WAY {
            return Ok(());
        }
        let connection = self.link.connection().await?;
        // Before anything is said: what comes to be from now on is not judged by the answer.
        let sent = Instant::now();
        self.look_at_private_ones();
        let answer = sign::give(self.beat.clone(), self.sign(), sent, connection);
        self.unanswered += 1;
        on_their_way.spawn(async { Heard::Redis(answer.await) });
        Ok(())
    }

    async fn hear(
        &mut self,
        answer: Result<Answer, Trouble>,
        on_their_way: &mut JoinSet<Heard>,
    ) -> Result<(), Trouble> {
        let Answer { sent, news } = answer?;
        // Nothing but an answer says that Redis is well: what was dropped or given up comes to a good end, too.
        self.state.note(Way::Arenas, &Ok::<_, Trouble>(()));
        self.state.answered();
        if self.heard.is_some_and(|heard| heard > sent) {
            return Ok(());
        }
        self.heard = Some(sent);
        if std::mem::take(&mut self.away) {
            self.shy = Some(Instant::now() + LEASE);
        }
        let lives = self.map.world().nodes.len();
        self.version.clone_from(&news.version);
        self.map.learn(news);
        let world = self.map.world();
        if let Some((_, tell)) = self.drained.take_if(|(since, _)| *since < sent) {
            // Nobody is there to be told when the server has given up waiting.
            let _told = tell.send(());
        }
        self.note_epochs(&world);
        let until = sent + LEASE - MARGIN;
        let mine = world.arenas.iter().filter(|(_, held)| held.node == self.map.node());
        let mine: BTreeMap<&String, u64> = mine.map(|(arena, held)| (arena, held.epoch)).collect();
        self.ended.retain(|arena, epoch| mine.get(arena).is_some_and(|known| known <= epoch));
        self.end_lost(&mine, sent);
        for (arena, epoch) in mine {
            match self.holds.get(arena) {
                Some(hold) => hold.extend(until),
                None if self.draining || epoch < self.seen(arena) || self.ended.contains_key(arena) => {}
                None => self.begin(arena, epoch, until, on_their_way).await?,
            }
        }
        self.even_out(&world, sent.elapsed());
        // What a node had that is gone is taken at once.
        if world.nodes.len() < lives { self.send(on_their_way).await } else { Ok(()) }
    }

    /// Gives an arena to a node that has two less, so that one that has just come takes its share.
    /// While Redis is slow, an arena on its way would stand still for as long.
    fn even_out(&mut self, world: &World, round_trip: Duration) {
        let loads = world.loads();
        let others = world.nodes.iter().filter(|(node, other)| *node != self.map.node() && !other.draining);
        let least = others.filter_map(|(node, _)| loads.get(node.as_str())).min();
        let mine = loads.get(self.map.node()).copied().unwrap_or(0);
        let too_many = !self.draining && round_trip < QUICK && least.is_some_and(|least| mine >= least + 2);
        self.uneven = if too_many { self.uneven + 1 } else { 0 };
        if self.uneven >= UNEVEN
            && let Some(arena) = self.holds.keys().rfind(|arena| !private::is_name(arena))
        {
            self.uneven = 0;
            self.host.spare(arena);
        }
    }

    async fn take(&mut self, heard: Heard, on_their_way: &mut JoinSet<Heard>) -> Result<(), Trouble> {
        match heard {
            Heard::Redis(answer) => {
                self.unanswered = self.unanswered.saturating_sub(1);
                self.hear(answer, on_their_way).await
            }
            Heard::Kept { arena, epoch, kept } => self.go_on(&arena, epoch, kept),
            Heard::Done(done) => done,
        }
    }

    /// Ends what is another's by now, or was in between.
    fn end_lost(&mut self, mine: &BTreeMap<&String, u64>, sent: Instant) {
        let lost = |arena: &String, hold: &Hold| {
            hold.is_older_than(sent) && mine.get(arena).is_none_or(|epoch| *epoch != hold.epoch)
        };
        let lost: Vec<String> = self
            .holds
            .iter()
            .filter(|(arena, hold)| lost(arena, hold))
            .map(|(arena, _)| arena.clone())
            .collect();
        for arena in lost {
            tracing::warn!(arena = label(&arena), "an arena is another server's now");
            self.holds.remove(&arena);
            self.publish();
            self.host.end(&arena);
        }
    }

    /// An arena is this node's now. It begins when what was saved of it is here.
    async fn begin(
        &mut self,
        arena: &str,
        epoch: u64,
        until: Instant,
        on_their_way: &mut JoinSet<Heard>,
    ) -> Result<(), Trouble> {
        let mut connection = self.link.connection().await?;
        self.holds.insert(arena.to_owned(), Hold::new(epoch, until));
        self.starting.insert(arena.to_owned());
        self.publish();
        let arena = arena.to_owned();
        on_their_way.spawn(async move {
            let kept = redis::cmd("GET").arg(save(&arena)).query_async(&mut connection).await;
            Heard::Kept { arena, epoch, kept: kept.map_err(Trouble::from) }
        });
        Ok(())
    }

    /// What was saved of arenas that are about to begin is not on its way any more: the next answer brings them again.
    fn forget_starting(&mut self) {
        for arena in std::mem::take(&mut self.starting) {
            self.holds.remove(&arena);
        }
        self.publish();
    }

    fn go_on(
        &mut self,
        arena: &str,
        epoch: u64,
        kept: Result<Option<String>, Trouble>,
    ) -> Result<(), Trouble> {
        // A failure has all that are about to begin forgotten.
        let kept = kept?;
        if self.starting.remove(arena) {
            self.publish();
        }
        let Some(hold) = self.holds.get(arena).filter(|hold| hold.epoch == epoch).cloned() else {
            return Ok(());
        };
        tracing::info!(arena = label(arena), epoch, goes_on = kept.is_some(), "an arena is run here");
        self.host.begin(arena, hold, kept);
        Ok(())
    }

    async fn answer(&mut self, ask: Ask, on_their_way: &mut JoinSet<Heard>) -> Result<(), Trouble> {
        match ask {
            Ask::Drain(tell) => {
                (self.draining, self.drained) = (true, Some((Instant::now(), tell)));
                Ok(())
            }
            // While Redis is away, what an arena is now will be stale when it is back.
            Ask::Save(_) if !self.state.reaches_redis() => Ok(()),
            Ask::Save(saved) => {
                let connection = self.link.connection().await?;
                let kept = keep::keep(self.save.clone(), self.map.node().to_owned(), saved, None, connection);
                on_their_way.spawn(async { Heard::Done(kept.await.map(|_| ())) });
                Ok(())
            }
            Ask::HandOver(saved, tell) => {
                let mut handed = Handed::Kept;
                let done = self.give(saved, &mut handed).await;
                // Nobody is there to be told when the server has given up waiting.
                let _told = tell.send(handed);
                done
            }
        }
    }

    async fn give(&mut self, saved: Saved, handed: &mut Handed) -> Result<(), Trouble> {
        let (arena, epoch, node) = (saved.arena.clone(), saved.epoch, self.map.node().to_owned());
        let heir = self.map.heir(&arena).filter(|_| self.state.reaches_redis());
        let Some(heir) = heir else { return Ok(()) };
        let connection = self.link.connection().await?;
        let answer = keep::keep(self.save.clone(), node, saved, Some(heir.clone()), connection).await;
        *handed = match answer {
            Ok(true) => Handed::Over,
            Ok(false) => Handed::Elsewhere,
            Err(_) => Handed::Unknown,
        };
        self.holds.remove(&arena);
        self.publish();
        if *handed == Handed::Over {
            self.seen.insert(arena.clone(), epoch + 1);
            self.map.give(&arena, &heir, epoch + 1);
        }
        answer.map(|_| ())
    }
}

/// How long Redis waits for an arena that is handed over before it says that there is none, in seconds.
const WAIT_S: u32 = 1;

/// Hears of arenas that are handed over, for ever. What is missed is found with the next sign of life.
pub(super) async fn listen(mut link: Link, key: String, woken: Arc<Notify>) {
    loop {
        // Connecting again waits for as long as is good.
        let Ok(mut connection) = link.connection().await else { continue };
        let mut wait = redis::cmd("BLPOP");
        match wait.arg(&key).arg(WAIT_S).query_async::<Option<(String, String)>>(&mut connection).await {
            Ok(Some(_)) => woken.notify_one(),
            Ok(None) => {}
            Err(_) => link.give_up(),
        }
    }
}

fn lost(error: tokio::task::JoinError) -> Heard {
    if error.is_cancelled() {
        return Heard::Done(Ok(()));
    }
    Heard::Redis(Err(Trouble(format!("a sign of life was lost: {error}"))))
}

/// What logs call an arena: a private one's name is nobody's business.
fn label(arena: &str) -> &str {
    if private::is_name(arena) { "private" } else { arena }
}
