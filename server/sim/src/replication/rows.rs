//! The row that one entity needs in one tick, if it needs any.

use shared::entity::{EntityState, ShipState};
use shared::ids::NetId;
use shared::motion::Rules;
use shared::protocol::rows::{Row, ShipUpdate, Steering};

/// What turns `before`, run by its rule for one tick as every replica does, into `truth`. Nothing when the rule gives
/// the truth by itself: then the entity costs no bytes. `fired` is the shot that a ship's row tells of.
pub(crate) fn difference(
    before: EntityState,
    truth: EntityState,
    fired: Option<NetId>,
    rules: &Rules,
) -> Option<Row> {
    if let (EntityState::Ship(shown), EntityState::Ship(ship)) = (before, truth) {
        return ship_row(shown, ship, fired, rules);
    }
    (before.step(rules) != Some(truth)).then_some(Row::Spawn(truth))
}

/// What an update can say is said by one; a ship that differs otherwise is another ship, and is sent whole.
fn ship_row(shown: ShipState, ship: ShipState, fired: Option<NetId>, rules: &Rules) -> Option<Row> {
    let controls = Steering::between(shown.controls, ship.controls);
    let expected = ShipState { controls: ship.controls, ..shown }.step(rules);
    let changed = |changed: bool| changed.then_some(());
    let energy = (ship.energy, ship.spent);
    let update = ShipUpdate {
        controls,
        hull: changed(expected.hull != ship.hull).map(|()| ship.hull),
        energy: changed((expected.energy, expected.spent) != energy).map(|()| energy),
        effect: changed(expected.effect != ship.effect).and(ship.effect),
        body: changed(expected.body != ship.body).map(|()| ship.body),
        fired,
    };
    let ShipState { hull, energy, spent, body, .. } = ship;
    // An update begins an effect; only the rule ends one.
    let effect = update.effect.or(expected.effect);
    if (ShipState { hull, energy, spent, effect, body, ..expected }) != ship {
        return Some(Row::Spawn(EntityState::Ship(ship)));
    }
    (!update.is_empty()).then_some(Row::Update(update))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::angle::Angle;
    use shared::controls::Controls;
    use shared::entity::{ShardState, ShotState};
    use shared::motion::Body;
    use shared::units::{Point, Vector};

    fn rules() -> Rules {
        Rules::new(30, 4096)
    }

    fn ship() -> ShipState {
        let body =
            Body { pos: Point::from_units(900, 900), vel: Vector { x: 5000, y: -900 }, ..Body::default() };
        ShipState { body, hull: 100, ..ShipState::default() }
    }

    #[test]
    fn what_keeps_to_its_rule_costs_nothing() {
        let shot = ShotState { pos: Point::from_units(50, 50), left: 9, ..ShotState::default() };
        let shard = ShardState { pos: Point::from_units(50, 50), points: 10 };
        for state in [EntityState::Ship(ship()), EntityState::Shot(shot), EntityState::Shard(shard)] {
            assert_eq!(difference(state, state.step(&rules()).unwrap(), None, &rules()), None);
        }
    }

    #[test]
    fn new_controls_cost_only_themselves() {
        let controls = Controls { aim: Angle(0x4540), thrust: true, ..Controls::default() };
        let after = ShipState { controls, ..ship() }.step(&rules());
        let row = difference(EntityState::Ship(ship()), EntityState::Ship(after), None, &rules());
        let update = ShipUpdate { controls: Some(Steering::Set(controls)), ..ShipUpdate::default() };
        assert_eq!(row, Some(Row::Update(update)));
    }
}
