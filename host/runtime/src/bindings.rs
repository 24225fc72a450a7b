//! The contract of `sdk/wit` as Rust types and traits, generated.

#![allow(
    missing_docs,
    unreachable_pub,
    private_interfaces,
    clippy::all,
    clippy::pedantic,
    clippy::str_to_string,
    clippy::use_self,
    clippy::uninlined_format_args,
    reason = "generated from sdk/wit, where every function and case is documented"
)]

wasmtime::component::bindgen!({
    path: "../../sdk/wit",
    wasmtime_crate: crate::border,
    additional_derives: [serde::Serialize, serde::Deserialize],
    world: "souk:miniapp/mini-app",
    imports: { default: async | trappable },
    exports: { default: async },
    trappable_error_type: {
        "souk:types/common.denied" => crate::denied::No,
    },
    with: {
        "souk:config/values.secret": crate::capability::config::SecretHandle,
        "souk:messaging/chats.chat": crate::capability::messaging::ChatHandle,
        "souk:identity/users.user": crate::capability::identity::UserHandle,
        "souk:wallet/payments.wallet": crate::capability::wallet::WalletHandle,
        "souk:wallet/payments.order": crate::capability::wallet::OrderHandle,
        "souk:storage/buckets.bucket": crate::capability::storage::BucketHandle,
    },
});
