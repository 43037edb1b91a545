//! What the pilot's clock promises, over made-up links.

use super::*;

const HZ: f64 = 30.0;

/// Flies for `seconds` over a link of `way_ms` each way, whose inputs are `late` ms later. Returns the margins.
fn fly(clock: &mut Lead, seconds: u32, way_ms: f64, late: impl Fn(u32) -> f64) -> Vec<i8> {
    let (mut margins, mut coming) = (Vec::new(), Vec::new());
    let mut tick = clock.tick();
    for ms in 0..seconds * 1000 {
        let now = f64::from(ms);
        if ms % 33 == 0 {
            clock.arrived(((now - way_ms).max(0.0) * HZ / 1000.0) as u32, now);
        }
        clock.start(way_ms * 2.0, now);
        clock.advance(now);
        if clock.tick() > tick {
            let there = ((now + way_ms + late(tick)) * HZ / 1000.0).floor() as i64;
            coming.push((now + 2.0 * way_ms, (i64::from(tick) - there) as i8));
            tick = clock.tick();
        }
        while coming.first().is_some_and(|(at, _)| *at <= now) {
            let (_, margin) = coming.remove(0);
            margins.push(margin);
            clock.acknowledged(margin);
        }
    }
    margins
}

#[test]
fn inputs_settle_less_than_two_ticks_early() {
    let margins = fly(&mut Lead::new(HZ), 20, 50.0, |_| 0.0);
    assert!(margins[300..].iter().all(|margin| (0..=1).contains(margin)), "{margins:?}");
}

#[test]
fn a_jittery_link_makes_few_inputs_late() {
    let margins = fly(&mut Lead::new(HZ), 60, 50.0, |tick| f64::from(tick * 7919 % 31));
    let late = margins[300..].iter().filter(|margin| **margin < 0).count();
    assert!(late * 100 <= margins.len(), "{late} of {}", margins.len());
}

#[test]
fn it_never_jumps_nor_runs_backwards_while_it_is_steered() {
    let mut clock = Lead::new(HZ);
    clock.start(100.0, 0.0);
    for ms in 1..5000 {
        clock.acknowledged(if ms % 2 == 0 { -9 } else { 9 });
        let before = clock.moment(f64::from(ms - 1));
        clock.advance(f64::from(ms));
        let step = (clock.moment(f64::from(ms)) - before) * 1000.0 / HZ;
        assert!((0.95..1.05).contains(&step), "{step}");
    }
}

#[test]
fn a_clock_so_far_ahead_that_no_input_is_taken_comes_back() {
    let mut clock = Lead::new(HZ);
    clock.arrived(100, 0.0);
    clock.start(5000.0, 0.0);
    let before = clock.ahead();
    (1..60).for_each(|frame| {
        let now = f64::from(frame) * 1000.0 / HZ;
        clock.asked(now);
        clock.advance(now);
        clock.arrived(100 + frame, now);
    });
    assert!(clock.ahead() < before * 0.6 && before < 30.0, "{} {before}", clock.ahead());
}

#[test]
fn a_stall_that_nobody_looked_at_the_clock_in_leaves_it_where_it_was() {
    let mut clock = Lead::new(HZ);
    clock.arrived(100, 0.0);
    clock.start(100.0, 0.0);
    let before = clock.moment(0.0);
    (101..=116).for_each(|tick| clock.arrived(tick, 533.0));
    clock.advance(533.0);
    assert!((clock.moment(533.0) - before - 16.0).abs() < 0.1);
}

#[test]
fn a_tab_that_slept_is_at_the_newest_frame_at_once() {
    let mut clock = Lead::new(HZ);
    clock.arrived(100, 0.0);
    clock.start(100.0, 0.0);
    let ahead = clock.moment(0.0) - 100.0;
    clock.arrived(1000, 30_000.0);
    clock.advance(30_010.0);
    assert!((clock.moment(30_010.0) - 1000.0 - ahead).abs() < 1.0);
}
