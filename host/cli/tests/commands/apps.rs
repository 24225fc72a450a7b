//! `souk build`, `souk publish` and `souk demo`.

use expect_test::expect;

use crate::desk::Desk;

/// A manifest without a mistake, whose build makes what the test puts there.
const MANIFEST: &str = r#"app_id = "com.example.tea"
name = "Tea House"
description = "Order tea in the chat"
version = { code = 1, name = "1.0.0" }

[[commands]]
name = "tea"
description = "Show today's menu"

[build]
command = "true"
component = "tea.wasm"
"#;

/// A core module that does nothing.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

#[test]
fn what_is_not_a_mini_app_is_not_built() {
    let desk = Desk::new();
    desk.check(
        "build nowhere",
        expect![[r#"
        Error: nowhere/miniapp.toml cannot be read
        Caused by: No such file or directory (os error 2)
        Hint: Name the directory of a mini-app: `souk build DIR`
        [exit status: 1]
    "#]],
    );
    desk.put("tea/miniapp.toml", "app_id = \"tea\"\n");
    desk.check("build tea", expect![[r#"
        Error: tea/miniapp.toml has a mistake
        Caused by: line 1, column 10: `tea` is not an app id; write a reverse domain name in small letters, like com.example.tea
        [exit status: 1]
    "#]]);
    desk.put(
        "tea/miniapp.toml",
        MANIFEST.replace("name = \"Tea", "nmae = \"Tea"),
    );
    desk.check(
        "build tea",
        expect![[r#"
        Error: tea/miniapp.toml has a mistake
        Caused by: line 2, column 1: there is no field `nmae` here; did you mean `name`?
        [exit status: 1]
    "#]],
    );
    desk.put(
        "tea/miniapp.toml",
        MANIFEST.replace("\"true\"", "\"echo no; exit 7\""),
    );
    desk.check(
        "build tea",
        expect![[r#"
        Building com.example.tea with `echo no; exit 7`.
        no
        Error: `echo no; exit 7` ended with exit status: 7
        Hint: Its own words are above
        [exit status: 1]
    "#]],
    );
}

#[test]
fn what_is_built_must_be_a_component_and_signed() {
    let desk = Desk::new();
    desk.put("tea/miniapp.toml", MANIFEST);
    desk.check(
        "build tea",
        expect![[r#"
        Building com.example.tea with `true`.
        Error: tea/tea.wasm cannot be read
        Caused by: No such file or directory (os error 2)
        Hint: Look there: the build command was to make it
        [exit status: 1]
    "#]],
    );
    desk.put("tea/tea.wasm", "not wasm");
    desk.check("build tea --key key.pem", expect![[r#"
        Building com.example.tea with `true`.
        Made a signing key in key.pem. Keep it: only with it can you publish new versions of your apps.
        Error: the package cannot be made
        Caused by: this is not WebAssembly; `souk build` makes a package from a mini-app's folder
        [exit status: 1]
    "#]]);
    desk.put("tea/tea.wasm", MODULE);
    desk.check(
        "build tea --key key.pem",
        expect![[r#"
        Building com.example.tea with `true`.
        Error: the package cannot be made
        Caused by: this is a core module, not a component; build for wasm32-wasip2
        [exit status: 1]
    "#]],
    );
    desk.put("wrong.pem", "-----BEGIN NOTHING-----");
    desk.check(
        "build tea --key wrong.pem",
        expect![[r#"
        Building com.example.tea with `true`.
        Error: wrong.pem is not a signing key
        Caused by: PKCS#8 ASN.1 error: PEM error: PEM type label invalid
        Caused by: PEM error: PEM type label invalid
        Hint: It must be an Ed25519 key in PKCS #8 PEM; name another file with --key
        [exit status: 1]
    "#]],
    );
}

#[test]
fn what_cannot_be_published_is_told_why() {
    let desk = Desk::new();
    desk.check(
        "publish tea.souk",
        expect![[r#"
        error: the following required arguments were not provided:
          --token <TOKEN>

        Usage: souk publish --token <TOKEN> <PACKAGE>

        For more information, try '--help'.
        [exit status: 2]
    "#]],
    );
    desk.check(
        "publish tea.souk --token t",
        expect![[r#"
        Error: tea.souk cannot be read
        Caused by: No such file or directory (os error 2)
        Hint: Look there: `souk build` prints the path of what it made
        [exit status: 1]
    "#]],
    );
    desk.put("tea.souk", "not a package");
    desk.check(
        "publish tea.souk --token t --host http://127.0.0.1:1",
        expect![[r#"
            Error: http://127.0.0.1:1 cannot be reached
            Caused by: error sending request for url (http://127.0.0.1:1/v1/apps)
            Caused by: client error (Connect)
            Caused by: tcp connect error
            Caused by: Connection refused (os error 111)
            Hint: Check the address, and that `souk serve` runs there
            [exit status: 1]
        "#]],
    );
    desk.check(
        "publish tea.souk --token t --host nonsense",
        expect![[r#"
        Error: nonsense cannot be reached
        Caused by: builder error
        Caused by: relative URL without a base
        Hint: Check the address, and that `souk serve` runs there
        [exit status: 1]
    "#]],
    );
    let host = desk.serve();
    let publish = format!("publish tea.souk --host {} --token", host.base);
    desk.check(&format!("{publish} nobody's"), expect![[r#"
        Error: the host refused: the request carries no valid session and no valid token
        Hint: Sign in with POST /v1/sessions, or send `Authorization: Bearer` with a token from POST /v1/tokens.
        [exit status: 1]
    "#]]);
    let token = crate::host::token(&host.base);
    desk.check(&format!("{publish} {token}"), expect![[r#"
        Error: the host refused: this is not WebAssembly; `souk build` makes a package from a mini-app's folder
        Hint: Correct what the detail names and build again with `souk build`.
        [exit status: 1]
    "#]]);
    desk.put("tea.souk", MODULE);
    desk.check(
        &format!("{publish} {token}"),
        expect![[r#"
        Error: the host refused: this is a core module, not a component; build for wasm32-wasip2
        Hint: Correct what the detail names and build again with `souk build`.
        [exit status: 1]
    "#]],
    );
    host.stop();
}

#[test]
fn the_demo_says_what_it_needs() {
    let desk = Desk::new();
    desk.check(
        "demo --once",
        expect![[r#"
        Error: there is no mini-app in sample-miniapps/tea-house
        Hint: Run the demo in a clone of Souk, or say where its samples are: --samples
        [exit status: 1]
    "#]],
    );
    desk.check(
        "demo --listen nowhere",
        expect![[r#"
        error: invalid value 'nowhere' for '--listen <ADDRESS>': invalid socket address syntax

        For more information, try '--help'.
        [exit status: 2]
    "#]],
    );
}
