//! The rules of motion give the same bits in the server's build and in the page's, in the engine it runs in.

use e2e::browser::{Driver, HANDY, Page};
use e2e::server::Server;
use shared::trial::motion_hash;

const SEED: u32 = 20_077;
const STEPS: u32 = 1_000_000;

#[tokio::test]
async fn a_million_random_steps_give_the_same_hash_natively_and_in_wasm() {
    let (driver, server) = (Driver::start().await, Server::start(&[]).await);
    let page = Page::open(&driver, &server.url("/"), HANDY).await;
    // The page has loaded the client already, and a module is loaded once.
    page.play("the client runs", |state| (state.draws > 0).then_some(())).await;
    let script = format!(
        "const [done] = arguments; import('/client.js').then((it) => done(it.motionHash({SEED}, {STEPS})))"
    );
    let wasm = page.run_async(&script).await;
    assert_eq!(wasm, format!("{:016x}", motion_hash(SEED, STEPS)));
    page.close().await;
    server.stop().await;
}
