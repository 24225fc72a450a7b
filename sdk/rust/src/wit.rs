//! The contract of `sdk/wit` as Rust, generated. Everything else in this crate stands in front of
//! it; no mini-app needs to name it.

wit_bindgen::generate!({
    path: "../wit",
    world: "mini-app",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "__export",
    default_bindings_module: "souk_sdk::wit",
});
