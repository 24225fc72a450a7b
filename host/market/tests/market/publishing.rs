//! What a host would refuse to publish costs it nothing.

use ed25519_dalek::SigningKey;
use souk_market::{Call, Config, MarketError};
use souk_registry::{Refusal, package};

use crate::clock::HandClock;
use crate::programs::program;
use crate::shop::{Shop, Wares};

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
    let bo = shop.bo().await;
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
