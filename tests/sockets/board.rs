//! The live board: a watcher sees everyone, ranked, and what it sees is what players and the API are told.

use bots::client::Client;
use bots::pilot::Behaviour;
use e2e::patience::{LATER, SOON, until};
use e2e::scene::{fly_as, id, let_go, player, session};
use e2e::server::Server;
use shared::ids::PlayerId;
use shared::leaderboard::BoardRow;
use shared::protocol::Role;
use tokio::join;

#[tokio::test]
async fn a_watcher_sees_everyone_ranked() {
    let server = Server::start(&["--drones", "5"]).await;
    let mut watcher = session(&server.ws(), Role::Board).await;
    let players = [player(&server.ws(), "ada").await, player(&server.ws(), "bob").await];
    let everyone = |watcher: &Client| players.iter().all(|player| row_of(watcher, id(player)).is_some());
    watcher.wait_until(SOON, everyone).await.expect("both come up on the board");
    let rows = watcher.board().rows();
    assert!(rows.is_sorted_by_key(|row| row.standing.key()));
    assert_eq!(rows.iter().filter(|row| !row.drone).count(), 2);
    // The tick that a watcher was told of is known outside a moment later.
    let both = async || Some(server.arena().await).filter(|arena| arena.players == 2);
    let arena = until("the API counts both", SOON, both).await;
    assert_eq!(rows.iter().filter(|row| row.drone).count(), arena.drones as usize);
    server.stop().await;
}

#[tokio::test]
async fn points_reach_the_board_the_short_board_and_the_players_own_head() {
    let server = Server::start(&["--drones", "0", "--arena-size", "1024"]).await;
    let mut watcher = session(&server.ws(), Role::Board).await;
    let url = server.ws();
    let (mut ada, mut bob) = join!(player(&url, "ada"), player(&url, "bob"));
    let_go(&mut bob).await;
    fly_as(&mut ada, Behaviour::Play, |ada| status(ada).0 > 0).await;
    let_go(&mut ada).await;
    agree(&mut watcher, &mut ada).await;
    agree(&mut watcher, &mut bob).await;
    server.stop().await;
}

#[tokio::test]
async fn who_leaves_is_off_the_board_after_the_grace_time() {
    let server = Server::start(&["--drones", "0"]).await;
    let mut watcher = session(&server.ws(), Role::Board).await;
    let ada = player(&server.ws(), "ada").await;
    let left = id(&ada);
    watcher.wait_until(SOON, |watcher| row_of(watcher, left).is_some()).await.expect("ada is on the board");
    ada.leave().await.expect("ada can leave");
    watcher.wait_until(LATER, |watcher| row_of(watcher, left).is_none()).await.expect("ada is off the board");
    server.stop().await;
}

/// Waits until `player`'s head, its short board and the watcher's board say the same of it. Ships that do nothing may
/// still be given a shard that grows where they lie, so this may take a look or two.
async fn agree(watcher: &mut Client, player: &mut Client) {
    let agreement = async {
        loop {
            let who = id(player);
            let same = standing(watcher, who) == Some(status(player))
                && short(player, who) == Some(status(player).0);
            if same {
                return;
            }
            tokio::select! {
                heard = watcher.next() => heard.map(|_| ()),
                heard = player.next() => heard.map(|_| ()),
            }
            .expect("both sessions go on");
        }
    };
    tokio::time::timeout(LATER, agreement).await.expect("board and head come to agree");
}

/// Score and rank as the player's own frames say.
fn status(client: &Client) -> (u32, u32) {
    client.view().map_or((0, 0), |view| (view.status().score, view.status().rank))
}

/// Score and rank as the watcher's board says.
fn standing(watcher: &Client, who: PlayerId) -> Option<(u32, u32)> {
    let at = watcher.board().iter().position(|row| row.standing.player == who)?;
    let row = watcher.board().at(at)?;
    Some((row.standing.score, u32::try_from(at + 1).ok()?))
}

/// The score as the short board says.
fn short(client: &Client, who: PlayerId) -> Option<u32> {
    client.top().rows.iter().find(|row| row.player == who).map(|row| row.score)
}

fn row_of(watcher: &Client, who: PlayerId) -> Option<&BoardRow> {
    watcher.board().unordered().find(|row| row.standing.player == who)
}
