//! Who claims what is not his gains nothing: places, scores, other players, other eyes. What is flown and fired is in the
//! sockets' tests.

use bots::client::Client;
use e2e::patience::{LATER, SOON};
use e2e::scene::{id, next_frame, player};
use e2e::server::Server;
use shared::angle::Angle;
use shared::controls::Controls;
use shared::identity::Identity;
use shared::ids::Token;
use shared::motion::Rules;
use shared::protocol::{CloseReason, Role};
use shared::tuning::TICK_HZ;
use shared::units::{Point, SUBUNITS};
use tokio_tungstenite::tungstenite::Message;

const SMALL: [&str; 4] = ["--drones", "0", "--arena-size", "1024"];

fn identity(client: &Client) -> Identity {
    client.welcome().and_then(|welcome| welcome.identity).expect("a player has an identity")
}

fn token(client: &Client) -> Token {
    client.welcome().expect("it was welcomed").token
}

/// Who says to be `identity` and shows `token`, welcomed.
async fn come(server: &Server, identity: Option<Identity>, token: Option<Token>) -> Client {
    let mut client = Client::connect(&server.ws()).await.unwrap();
    identity.into_iter().for_each(|identity| client.come_as(identity));
    client.say_hello_as(Role::Play, None, token).await.unwrap();
    client.wait_until(SOON, |client| client.welcome().is_some()).await.expect("the server answers Hello");
    client
}

#[tokio::test]
async fn the_public_id_of_another_does_not_make_one_that_player() {
    let server = Server::start(&SMALL).await;
    let ada = player(&server.ws(), "Ada").await;
    let forged = [[0; 32], [0xff; 32], {
        let mut proof = identity(&ada).proof;
        proof[31] ^= 1;
        proof
    }];
    for proof in forged {
        let mallory = come(&server, Some(Identity { proof, ..identity(&ada) }), None).await;
        assert_ne!(identity(&mallory).key, identity(&ada).key);
    }
    // Two players' halves do not make one.
    let bob = player(&server.ws(), "Bob").await;
    let mixed = Identity { key: identity(&ada).key, proof: identity(&bob).proof };
    assert_ne!(identity(&come(&server, Some(mixed), None).await).key, identity(&ada).key);
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_differs_in_a_bit_takes_nobody_back() {
    let server = Server::start(&SMALL).await;
    let mut ada = player(&server.ws(), "Ada").await;
    for bit in [0, 7, 16, 63, 127] {
        let mut guess = token(&ada).0;
        guess[bit / 8] ^= 1 << (bit % 8);
        let mallory = come(&server, None, Some(Token(guess))).await;
        assert!(mallory.welcome().is_some_and(|welcome| !welcome.resumed), "bit {bit}");
    }
    next_frame(&mut ada).await;
    assert!(ada.ship().is_some());
    server.stop().await;
}

#[tokio::test]
async fn who_is_taken_back_is_who_he_was_whatever_he_says_he_is() {
    let server = Server::start(&SMALL).await;
    let (ada, bob) = (player(&server.ws(), "Ada").await, player(&server.ws(), "Bob").await);
    let (ada_is, bob_is, secret) = (identity(&ada), identity(&bob), token(&ada));
    drop(ada);
    for said in [None, Some(bob_is), Some(ada_is)] {
        let back = come(&server, said, Some(secret)).await;
        let welcome = back.welcome().expect("it was welcomed");
        assert!(welcome.resumed);
        assert_eq!(welcome.identity, Some(ada_is), "who said {said:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn there_is_no_message_that_claims_a_place_a_score_or_a_hit() {
    let server = Server::start(&SMALL).await;
    for number in (6..=250).step_by(7) {
        let mut mallory = player(&server.ws(), "Mallory").await;
        let claim = [&[number][..], &[0xfb, 0xff, 0xff, 1, 2, 3]].concat();
        mallory.send_raw(Message::Binary(claim.into())).await.unwrap();
        let farewell = mallory.wait_for_close(SOON).await.unwrap();
        assert_eq!(farewell.reason(), Some(CloseReason::Malformed), "message {number}");
    }
    server.stop().await;
}

#[tokio::test]
async fn nobody_flies_through_a_wall_or_farther_in_a_tick_than_his_speed() {
    let server = Server::start(&SMALL).await;
    let mut bystander = player(&server.ws(), "bystander").await;
    let mut pilot = player(&server.ws(), "pilot").await;
    let whose = id(&pilot);
    bystander.wait_until(LATER, |client| client.ship_of(whose).is_some()).await.expect("they see each other");
    let (rules, mut last) = (Rules::new(TICK_HZ, 1024), None::<(u32, Point, i32)>);
    for round in 0..120_u32 {
        // Every direction in turn, thrusting into the corner that it lies nearest to, with a jump of the aim each tick.
        let aim = Angle((round * 8191) as u16);
        pilot.input(Controls { aim, thrust: true, ..Controls::default() }).await.unwrap();
        next_frame(&mut pilot).await;
        next_frame(&mut bystander).await;
        let tick = bystander.view().map_or(0, |view| view.tick().0);
        let Some(ship) = bystander.ship_of(whose) else { continue };
        let at = ship.body.pos;
        assert!((0..=rules.arena).contains(&at.x) && (0..=rules.arena).contains(&at.y), "{at:?}");
        let speed = ship.body.vel.length();
        if let Some((before, from, was)) = last {
            // Thrust adds a little each tick; an asteroid may push.
            let most = (speed.max(was) + 20 * SUBUNITS) * (tick - before).cast_signed();
            assert!(from.to(at).length() <= most, "{from:?} to {at:?} in {} ticks", tick - before);
        }
        last = Some((tick, at, speed));
    }
    server.stop().await;
}

#[tokio::test]
async fn nobody_gets_what_is_out_of_his_view() {
    let server = Server::start(&["--drones", "40", "--arena-size", "4096"]).await;
    let mut mallory = player(&server.ws(), "Mallory").await;
    for _ in 0..60 {
        // Asking for the view anew shows nothing more either.
        mallory.send(&shared::protocol::ClientMessage::Mismatch { tick: 0 }).await.unwrap();
        next_frame(&mut mallory).await;
        let view = mallory.view().expect("it was welcomed");
        let grid = shared::grid::Grid::new(view.rules().arena);
        let watch = view.watch().expect("it watches");
        for (_, state) in view.entities() {
            assert!(watch.contains(grid.cell(state.pos())), "{state:?} is outside {watch:?}");
        }
        assert!(view.ships().count() < 41, "the whole arena is never in view");
    }
    server.stop().await;
}
