//! Addresses, and what they may have.

use super::*;
use crate::args::Args;
use clap::Parser;

fn door(flags: &[&str]) -> Arc<Door> {
    let args = Args::parse_from([&["starfray"], flags].concat());
    Door::new(&args.limits, Arc::default())
}

fn source(text: &str) -> Source {
    Source::direct(text.parse().unwrap())
}

#[test]
fn a_network_of_64_bits_counts_as_one_address_and_so_do_both_ways_to_write_one_of_version_4() {
    let door = door(&["--max-per-address", "2"]);
    let (one, two) = (source("2001:db8::1"), source("2001:db8::ffff:2"));
    let places = [door.enter(one).unwrap(), door.enter(two).unwrap()];
    assert_eq!(door.enter(one).unwrap_err(), Limit::ConnectionsPerAddress);
    assert!(door.enter(source("2001:db8:0:1::1")).is_ok());
    drop(places);
    assert!(door.enter(two).is_ok());
    assert_eq!(network(source("::ffff:10.0.0.1").address), source("10.0.0.1").address);
}

#[test]
fn so_many_players_of_an_address_wait_without_a_connection_and_each_place_comes_back() {
    let (door, who) = (door(&["--max-left-per-address", "2"]), source("10.0.0.1"));
    let mut places: Vec<Ticket> = (0..3).map(|_| door.enter(who).unwrap()).collect();
    assert_eq!(places.iter().map(Ticket::may_player_wait).collect::<Vec<_>>(), [true, true, false]);
    places.remove(0);
    let next = door.enter(who).unwrap();
    assert!(next.may_player_wait() && !door.enter(who).unwrap().may_player_wait());
}

#[test]
fn so_many_new_players_of_an_address_are_recorded_an_hour() {
    let (door, who) = (door(&["--new-players-per-address", "3"]), source("10.0.0.1"));
    let recorded = |who| (0..10).filter(|_| door.enter(who).unwrap().may_be_recorded()).count();
    assert_eq!((recorded(who), recorded(source("10.0.0.2")), recorded(who)), (3, 3, 0));
    assert_eq!(door.addresses(), 2, "they are remembered until they may have as many again");
    let open = self::door(&[]);
    let here = open.enter(source("127.0.0.1")).unwrap();
    assert!((0..1000).all(|_| here.may_be_recorded()), "from this machine come as many as like");
}

#[test]
fn what_an_address_may_say_does_not_grow_by_connecting_again() {
    let (door, who) = (door(&["--chat-per-address", "20"]), source("10.0.0.1"));
    let said = |who| (0..50).filter(|_| door.enter(who).unwrap().may_say()).count();
    assert_eq!((said(who), said(source("10.0.0.2")), said(who)), (5, 5, 0));
}

#[test]
fn an_address_has_an_eighth_of_the_listeners_but_four_in_any_case() {
    for (most, share) in [("512", 64), ("3", 4)] {
        let (door, who) = (door(&["--max-listeners", most]), source("10.0.0.1"));
        let ears: Vec<Ear> = (0..share).map(|_| door.listen(who).unwrap()).collect();
        assert_eq!(door.listen(who).unwrap_err(), Limit::ListenersPerAddress);
        assert!(door.listen(source("10.0.0.2")).is_ok());
        assert_eq!(door.addresses(), 1, "who listens is remembered, who did is not");
        drop(ears);
        assert!(door.listen(who).is_ok());
    }
}

#[test]
fn from_this_machine_comes_who_wants_unless_the_operator_says_otherwise() {
    let here = source("127.0.0.1");
    let open = door(&[]);
    let _many: Vec<Ticket> = (0..1000).map(|_| open.enter(here).unwrap()).collect();
    assert!((0..5000).all(|_| open.handshake(here).is_ok() && open.request(here).is_ok()));
    let behind_a_proxy = Source::proxied(here.address);
    assert!((0..200).all(|_| open.request(behind_a_proxy).is_ok()));
    // Some come back while this asks, but 50 a second at most.
    assert!((0..1000).any(|_| open.request(behind_a_proxy).is_err()));
    let narrow = door(&["--handshakes-per-address", "1", "--requests-per-address", "2"]);
    assert_eq!((0..100).filter(|_| narrow.handshake(here).is_ok()).count(), 4);
    assert_eq!((0..100).filter(|_| narrow.request(here).is_ok()).count(), 8);
}

#[test]
fn the_table_of_addresses_is_bounded_and_who_has_nothing_is_forgotten() {
    let (door, most) = (door(&["--max-addresses", "5000"]), 5000);
    let numbered = |number: u32| Source::direct(IpAddr::V4((0x0a00_0000 + number).into()));
    (0..most).for_each(|number| drop(door.enter(numbered(number)).unwrap()));
    assert!(door.enter(numbered(most)).is_ok(), "those who left make room");
    assert_eq!(door.addresses(), 0);
}
