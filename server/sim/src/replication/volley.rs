//! The shots that were fired in this tick, and which of them the rows of their ships tell of. A shot is known from its
//! ship, so a name is all that has to be sent.

use shared::entity::{EntityState, ShotState};
use shared::ids::{NetId, PlayerId};

/// The shots of one tick. A gun fires one a tick at most.
#[derive(Debug, Default)]
pub(crate) struct Volley(Vec<Fired>);

#[derive(Debug)]
struct Fired {
    owner: PlayerId,
    id: NetId,
    shot: ShotState,
    /// The cell whose row tells of it.
    told: Option<usize>,
}

impl Volley {
    /// Forgets the last tick's, and takes this tick's.
    pub(crate) fn load(&mut self, shots: impl Iterator<Item = (NetId, ShotState)>) {
        self.0.clear();
        self.0.extend(shots.map(|(id, shot)| Fired { owner: shot.owner, id, shot, told: None }));
        self.0.sort_unstable_by_key(|fired| fired.owner);
    }

    /// The name of the shot that `owner` fired, if it is the one that replicas compute; it is then told in `cell`.
    pub(crate) fn tell(
        &mut self,
        owner: PlayerId,
        computed: Option<ShotState>,
        cell: usize,
    ) -> Option<NetId> {
        let fired = self.find(owner)?;
        (computed == Some(fired.shot)).then(|| {
            fired.told = Some(cell);
            fired.id
        })
    }

    /// The cell whose row tells of this new shot, if one does.
    pub(crate) fn told_from(&mut self, id: NetId, state: &EntityState) -> Option<usize> {
        let EntityState::Shot(shot) = state else { return None };
        self.find(shot.owner).filter(|fired| fired.id == id).and_then(|fired| fired.told)
    }

    fn find(&mut self, owner: PlayerId) -> Option<&mut Fired> {
        let at = self.0.binary_search_by_key(&owner, |fired| fired.owner).ok()?;
        self.0.get_mut(at)
    }
}
