//! Where things are: ships, shards, asteroids and shots in square buckets, filled anew in the tick, so that finding neighbours does not
//! look at everything. Keeps its memory between ticks.

use bevy_ecs::entity::Entity;
use bevy_ecs::resource::Resource;
use shared::units::{Point, SUBUNITS};

/// Side of a bucket, in subunits. No ship or shot moves this far in a tick.
const BUCKET: i32 = 128 * SUBUNITS;

/// One kind of thing in buckets.
#[derive(Debug)]
pub(crate) struct Buckets {
    side: i32,
    buckets: Vec<Vec<(Entity, Point)>>,
}

/// The field as the tick sees it.
#[derive(Debug, Resource)]
pub(crate) struct Index {
    /// Ships, by their centres.
    pub ships: Buckets,
    /// Shards, by their centres.
    pub shards: Buckets,
    /// Asteroids, by their centres.
    pub rocks: Buckets,
    /// Shots, by their centres.
    pub shots: Buckets,
}

impl Index {
    /// An empty index over an arena of that side, in subunits.
    pub(crate) fn new(arena: i32) -> Self {
        let buckets = || Buckets::new(arena);
        Self { ships: buckets(), shards: buckets(), rocks: buckets(), shots: buckets() }
    }
}

impl Buckets {
    fn new(arena: i32) -> Self {
        let side = arena / BUCKET + 1;
        Self { side, buckets: vec![Vec::new(); (side * side) as usize] }
    }

    /// Empties the buckets and fills them again.
    pub(crate) fn refill(&mut self, things: impl Iterator<Item = (Entity, Point)>) {
        self.buckets.iter_mut().for_each(Vec::clear);
        for (entity, at) in things {
            let bucket = self.bucket(self.line(at.x), self.line(at.y));
            self.buckets[bucket].push((entity, at));
        }
    }

    /// Everything whose bucket reaches within `reach` subunits of `centre`, and so at least all that is that near.
    pub(crate) fn near(&self, centre: Point, reach: i32) -> impl Iterator<Item = (Entity, Point)> {
        let (left, right) = (self.line(centre.x - reach), self.line(centre.x + reach));
        let (top, bottom) = (self.line(centre.y - reach), self.line(centre.y + reach));
        (top..=bottom)
            .flat_map(move |y| (left..=right).map(move |x| (x, y)))
            .flat_map(|(x, y)| self.buckets[self.bucket(x, y)].iter().copied())
    }

    /// Everything, bucket by bucket.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Entity, Point)> {
        self.buckets.iter().flatten().copied()
    }

    /// The nearest thing within `reach` subunits that `wanted` accepts.
    pub(crate) fn nearest(
        &self,
        centre: Point,
        reach: i32,
        wanted: impl Fn(Entity) -> bool,
    ) -> Option<(Entity, Point)> {
        let limit = i64::from(reach) * i64::from(reach);
        let distance = |at: Point| centre.to(at).length_squared();
        let near = self.near(centre, reach).filter(|(entity, at)| distance(*at) <= limit && wanted(*entity));
        near.min_by_key(|(_, at)| distance(*at))
    }

    fn line(&self, at: i32) -> i32 {
        (at / BUCKET).clamp(0, self.side - 1)
    }

    fn bucket(&self, x: i32, y: i32) -> usize {
        (y * self.side + x) as usize
    }
}
