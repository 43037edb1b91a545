//! Which lives came from Redis not long ago: they need not go there again. A life that is forgotten here goes once more,
//! and Redis knows it.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};

use standings::LifeId;

/// Lives that are remembered: more than may be on their way at once.
const REMEMBERED: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Recent(RefCell<(HashSet<LifeId>, VecDeque<LifeId>)>);

impl Recent {
    /// This one came from Redis.
    pub(super) fn note(&self, life: LifeId) {
        let (known, order) = &mut *self.0.borrow_mut();
        if known.insert(life) {
            order.push_back(life);
        }
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
    }

    /// Redis may not have them any more.
    pub(super) fn forget(&self) {
        self.0.take();
    }

    /// Did it?
    pub(super) fn knows(&self, life: LifeId) -> bool {
        self.0.borrow().0.contains(&life)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first_and_a_bounded_number_remembered() {
        let recent = Recent::default();
        for id in 0..=REMEMBERED as u128 {
            recent.note(LifeId(id));
            recent.note(LifeId(id));
        }
        assert!(
            !recent.knows(LifeId(0)) && recent.knows(LifeId(1)) && recent.knows(LifeId(REMEMBERED as u128))
        );
    }
}
