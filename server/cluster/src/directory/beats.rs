//! The signs of life: what is said in them, what follows from their answers, and what is done while there are none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::Script;
use redis::aio::MultiplexedConnection;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::hold::Hold;
use super::map::{Map, World};
use super::vote::Vote;
use super::{Ask, Handed, Host, LEASE, Me, Saved};
use crate::keys::{ARENAS, EPOCHS, HEARD, NODES, save, wake};
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
/// How long a save is kept that nobody goes on with, in seconds.
const KEPT_S: u64 = 600;

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

/// What came back of a sign of life.
struct Answer {
    /// When it was sent: the lease is counted from before.
    sent: Instant,
    world: World,
}

impl Beats {
    pub(super) fn new(link: Link, me: Me, host: Arc<dyn Host>, map: Arc<Map>, state: Arc<State>) -> Self {
        let (beat, save) = (Script::new(include_str!("beat.lua")), Script::new(include_str!("save.lua")));
        let (holds, seen) = (BTreeMap::new(), BTreeMap::new());
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
            }
        }
    }

    async fn send(&mut self, on_their_way: &mut JoinSet<Heard>) -> Result<(), Trouble> {
        if self.unanswered >= ON_THEIR_WAY {
            return Ok(());
        }
        let connection = self.link.connection().await?;
        let sign = beat(self.beat.clone(), self.sign(), connection);
        self.unanswered += 1;
        on_their_way.spawn(async { Heard::Redis(sign.await) });
        Ok(())
    }

    /// What the script is told.
    fn sign(&self) -> Vec<String> {
        let Me { url, arenas } = &self.me;
        let node = self.map.node();
        let draining = u8::from(self.draining).to_string();
        let mut words = vec![
            node.to_owned(),
            url.clone(),
            draining,
            millis(LEASE).to_string(),
            self.holds.len().to_string(),
        ];
        let mine = self.holds.iter();
        words.extend(mine.flat_map(|(arena, hold)| {
            [arena.clone(), hold.epoch.to_string(), self.host.people(arena).to_string()]
        }));
        if !self.away && self.shy.is_none_or(|until| until <= Instant::now()) {
            let seen = |arena: &String| self.seen.get(arena).copied().unwrap_or_default().to_string();
            words.extend(arenas.iter().flat_map(|arena| [arena.clone(), seen(arena)]));
        }
        words
    }

    async fn hear(
        &mut self,
        answer: Result<Answer, Trouble>,
        on_their_way: &mut JoinSet<Heard>,
    ) -> Result<(), Trouble> {
        let Answer { sent, world } = answer?;
        // Nothing but an answer says that Redis is well: what was dropped or given up comes to a good end, too.
        self.state.note(Way::Arenas, &Ok::<_, Trouble>(()));
        self.state.answered();
        if std::mem::take(&mut self.away) {
            self.shy = Some(Instant::now() + LEASE);
        }
        for (arena, held) in &world.arenas {
            let seen = self.seen.entry(arena.clone()).or_default();
            *seen = held.epoch.max(*seen);
        }
        let world = Arc::new(world);
        self.map.set(world.clone());
        if let Some((_, tell)) = self.drained.take_if(|(since, _)| *since < sent) {
            // Nobody is there to be told when the server has given up waiting.
            let _told = tell.send(());
        }
        let until = sent + LEASE - MARGIN;
        let mine = world.arenas.iter().filter(|(_, held)| held.node == self.map.node());
        let mine: BTreeMap<&String, u64> = mine.map(|(arena, held)| (arena, held.epoch)).collect();
        self.end_lost(&mine);
        for (arena, epoch) in mine {
            match self.holds.get(arena) {
                Some(hold) => hold.extend(until),
                None if self.draining || self.seen.get(arena).is_some_and(|seen| epoch < *seen) => {}
                None => self.begin(arena, epoch, until, on_their_way).await?,
            }
        }
        self.even_out(&world, sent.elapsed());
        Ok(())
    }

    /// Gives an arena to a node that has two less, so that one that has just come takes its share.
    /// While Redis is slow, an arena on its way would stand still for as long.
    fn even_out(&mut self, world: &World, round_trip: Duration) {
        let others = world.nodes.iter().filter(|(node, other)| *node != self.map.node() && !other.draining);
        let least = others.map(|(_, other)| other.arenas as usize).min();
        let too_many =
            !self.draining && round_trip < QUICK && least.is_some_and(|least| self.holds.len() >= least + 2);
        self.uneven = if too_many { self.uneven + 1 } else { 0 };
        if self.uneven >= UNEVEN
            && let Some(arena) = self.holds.keys().next_back()
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
    fn end_lost(&mut self, mine: &BTreeMap<&String, u64>) {
        let lost = |arena: &String, hold: &Hold| mine.get(arena).is_none_or(|epoch| *epoch != hold.epoch);
        let lost: Vec<String> = self
            .holds
            .iter()
            .filter(|(arena, hold)| lost(arena, hold))
            .map(|(arena, _)| arena.clone())
            .collect();
        for arena in lost {
            tracing::warn!(arena, "an arena is another server's now");
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
        self.publish();
        self.starting.insert(arena.to_owned());
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
        self.starting.remove(arena);
        let Some(hold) = self.holds.get(arena).filter(|hold| hold.epoch == epoch).cloned() else {
            return Ok(());
        };
        tracing::info!(arena, epoch, goes_on = kept.is_some(), "an arena is run here");
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
                let kept = self.keep(&saved, "").await?;
                on_their_way.spawn(async { Heard::Done(kept.await.map(|_| ())) });
                Ok(())
            }
            Ask::HandOver(saved, tell) => {
                let mut handed = Handed::Kept;
                let done = self.give(&saved, &mut handed).await;
                // Nobody is there to be told when the server has given up waiting.
                let _told = tell.send(handed);
                done
            }
        }
    }

    async fn give(&mut self, saved: &Saved, handed: &mut Handed) -> Result<(), Trouble> {
        let heir = self.map.heir().filter(|_| self.state.reaches_redis());
        let Some(heir) = heir else { return Ok(()) };
        let answer = self.keep(saved, &heir).await?.await;
        *handed = match answer {
            Ok(true) => Handed::Over,
            Ok(false) => Handed::Elsewhere,
            Err(_) => Handed::Unknown,
        };
        if *handed != Handed::Kept {
            self.holds.remove(&saved.arena);
            self.publish();
        }
        if *handed == Handed::Over {
            self.seen.insert(saved.arena.clone(), saved.epoch + 1);
            self.map.give(&saved.arena, &heir, saved.epoch + 1);
        }
        answer.map(|_| ())
    }

    /// Sends a save; what is returned waits for the answer.
    async fn keep(
        &mut self,
        saved: &Saved,
        heir: &str,
    ) -> Result<impl Future<Output = Result<bool, Trouble>> + use<>, Trouble> {
        let mut connection = self.link.connection().await?;
        let script = self.save.clone();
        let keys = [ARENAS.to_owned(), EPOCHS.to_owned(), save(&saved.arena), wake(heir)];
        let (node, epoch) = (self.map.node().to_owned(), saved.epoch.to_string());
        let words = [node, saved.arena.clone(), epoch, saved.save.clone(), KEPT_S.to_string()];
        let words = [&words[..], &[heir.to_owned(), millis(LEASE).to_string()]].concat();
        Ok(async move {
            let mut call = script.prepare_invoke();
            keys.iter().for_each(|key| {
                call.key(key);
            });
            let done: u8 = call.arg(words).invoke_async(&mut connection).await?;
            Ok(done == 1)
        })
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

async fn beat(
    script: Script,
    words: Vec<String>,
    mut connection: MultiplexedConnection,
) -> Result<Answer, Trouble> {
    let sent = Instant::now();
    let mut call = script.prepare_invoke();
    call.key(NODES).key(ARENAS).key(EPOCHS).key(HEARD).arg(words);
    let (nodes, arenas): (String, String) = call.invoke_async(&mut connection).await?;
    let unread = |error: serde_json::Error| Trouble(format!("the directory can't be read: {error}"));
    let nodes = serde_json::from_str(&nodes).map_err(unread)?;
    Ok(Answer { sent, world: World { nodes, arenas: serde_json::from_str(&arenas).map_err(unread)? } })
}

fn lost(error: tokio::task::JoinError) -> Heard {
    if error.is_cancelled() {
        return Heard::Done(Ok(()));
    }
    Heard::Redis(Err(Trouble(format!("a sign of life was lost: {error}"))))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
