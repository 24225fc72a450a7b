//! What a host would refuse to publish costs it nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../runtime/tests/guests/programs.rs"]
mod programs;
#[expect(dead_code, reason = "other tests use the rest of it")]
mod shop;

use ed25519_dalek::SigningKey;
use souk_market::{Call, Config, MarketError};
use souk_registry::{Refusal, package};

use programs::program;
use shop::{HandClock, Shop, Wares};

const SPEAKS: Wares = Wares {
    program: "messaging",
    commands: &["all"],
    permissions: "",
};

/// How many packages a host keeps.
fn packages(shop: &Shop) -> usize {
    let shelves = std::fs::read_dir(shop.blobs.path()).unwrap();
    let shelves = shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap());
    shelves.map(Iterator::count).sum()
}

#[tokio::test]
async fn what_is_refused_is_neither_compiled_nor_kept() {
    let shop = Shop::open(SPEAKS, HandClock::new(), Config::default()).await;
    let kept = packages(&shop);
    let bo = shop.market.register("bo", "Bo", "one-small-market").await;
    let bo = bo.unwrap().user;
    let manifest = format!(
        "app_id = \"{}\"\nname = \"Shop\"\ndescription = \"Sells\"\n\
         version = {{ code = 2, name = \"2\" }}\n\
         build = {{ command = \"make\", component = \"shop.wasm\" }}\n",
        Shop::app()
    );
    let key = SigningKey::from_bytes(&[8; 32]);
    let package = package::build(&program("echo"), &manifest, &[], &key).unwrap();
    let call = Call::new(bo, "publish", "publish", &package);
    let refused = shop.market.publish(&call, &package).await;
    let other = MarketError::Registry(Refusal::OtherMerchant(Shop::app()));
    assert_eq!(refused.unwrap_err().to_string(), other.to_string());
    assert_eq!(packages(&shop), kept, "nothing was left behind");
}
