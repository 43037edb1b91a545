//! What a client knows: the last that it heard of each thing. Must never: wait, or send.

use super::{Client, Death, Kill, Top};
use shared::entity::ShipState;
use shared::ids::PlayerId;
use shared::leaderboard::Board;
use shared::mode::Mode;
use shared::name::PlayerName;
use shared::protocol::{AroundRow, News, Podium, PowerPlace, Recorded, Round, Totals, Unsaid, Welcome};
use shared::replica::Replica;

impl Client {
    /// What the server said first; none before it did.
    #[must_use]
    pub fn welcome(&self) -> Option<&Welcome> {
        self.welcome.as_ref()
    }

    /// What was said last of a life that is recorded.
    #[must_use]
    pub fn recorded(&self) -> Option<&Recorded> {
        self.recorded.as_ref()
    }

    /// One's place among the neighbours, as last heard: the rank of the first row, and the rows.
    #[must_use]
    pub fn around(&self) -> Option<&(u32, Vec<AroundRow>)> {
        self.around.as_ref()
    }

    /// Who leads, and about where, as last heard: player 0 when nobody does.
    #[must_use]
    pub fn bounty(&self) -> Option<(PlayerId, [u8; 2])> {
        self.bounty
    }

    /// Where power-ups lie or will, as last heard.
    #[must_use]
    pub fn powers(&self) -> &[PowerPlace] {
        &self.powers
    }

    /// What happened in the arena, as far as it was told, oldest first: the last [`super::NEWS_KEPT`].
    #[must_use]
    pub fn news(&self) -> &[News] {
        &self.news
    }

    /// Why something was not said last.
    #[must_use]
    pub fn unsaid(&self) -> Option<Unsaid> {
        self.unsaid
    }

    /// What is in view; none before Welcome.
    #[must_use]
    pub fn view(&self) -> Option<&Replica> {
        self.replica.as_ref()
    }

    /// Who one is; none before the first Joined.
    #[must_use]
    pub fn player(&self) -> Option<PlayerId> {
        self.me.as_ref().map(|(player, _)| *player)
    }

    /// One's name as the others see it; none before the first Joined.
    #[must_use]
    pub fn name(&self) -> Option<&PlayerName> {
        self.me.as_ref().map(|(_, name)| name)
    }

    /// The short board.
    #[must_use]
    pub fn top(&self) -> &Top {
        &self.top
    }

    /// How the arena is played.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// How far the round was when that was last told; none without rounds.
    #[must_use]
    pub fn round(&self) -> Option<Round> {
        self.round
    }

    /// The last podium.
    #[must_use]
    pub fn podium(&self) -> Option<&Podium> {
        self.podium.as_ref()
    }

    /// What the teams have, as last told; none without teams.
    #[must_use]
    pub fn totals(&self) -> Option<Totals> {
        self.totals
    }

    /// What lets one in there.
    #[must_use]
    pub fn ticket(&self) -> Option<&str> {
        self.moved.as_ref().map(|(_, ticket)| ticket.as_str())
    }

    /// Where the arena is, when it is another server's: the address of the game there.
    #[must_use]
    pub fn moved(&self) -> Option<&str> {
        self.moved.as_ref().map(|(url, _)| url.as_str())
    }

    /// What an operator said last.
    #[must_use]
    pub fn announced(&self) -> Option<&str> {
        self.announced.as_deref()
    }

    /// In how many seconds the server was to stop when it said so; none as long as it did not.
    #[must_use]
    pub fn closing(&self) -> Option<u16> {
        self.closing
    }

    /// The last death of the own ship, since Welcome.
    #[must_use]
    pub fn last_death(&self) -> Option<&Death> {
        self.death.as_ref()
    }

    /// The last ship that one destroyed, since Welcome.
    #[must_use]
    pub fn last_kill(&self) -> Option<&Kill> {
        self.kill.as_ref()
    }

    /// The live board, in a session whose role is to watch it.
    #[must_use]
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// One's own ship while it flies and is in view.
    #[must_use]
    pub fn ship(&self) -> Option<&ShipState> {
        let view = self.replica.as_ref()?;
        let focus = view.focus();
        if focus.own { view.ship(focus.ship) } else { None }
    }

    /// The ship of `player`, if it is in view.
    #[must_use]
    pub fn ship_of(&self, player: PlayerId) -> Option<&ShipState> {
        let mut ships = self.replica.as_ref()?.ships().map(|(_, ship)| ship);
        ships.find(|ship| ship.player == player)
    }

    /// Checksums that did not match, since Welcome.
    #[must_use]
    pub fn mismatches(&self) -> u32 {
        self.replica.as_ref().map_or(0, Replica::mismatches)
    }
}
