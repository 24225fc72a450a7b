//! Packages are read as they were built; everything else is refused, and nothing makes us panic.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use souk_core::limits::{ASSET_BYTES_MAX, ASSETS_MAX, COMPONENT_SECTIONS_MAX, PACKAGE_BYTES_MAX};

use super::*;
use crate::contract::{EXPORTS, IMPORTS};
use crate::testing::{HANDLER, component, key, manifest, module, plain};

const WALLET: &str = "souk:wallet/payments@0.1.0";
const STREAMS: &str = "wasi:io/streams@0.2.6";

fn tea() -> String {
    manifest("com.example.tea", 1, &["tea"]).replace("[[", "icons = [{ src = \"a/icon.png\" }]\n[[")
}

fn icon() -> Vec<(String, Vec<u8>)> {
    vec![("a/icon.png".to_owned(), b"\x89PNG".to_vec())]
}

fn built() -> Vec<u8> {
    build(
        &component(&[WALLET, STREAMS], &[HANDLER]),
        &tea(),
        &icon(),
        &key(1),
    )
    .unwrap()
}

/// Expects why each of these files is not a package.
#[track_caller]
fn refused(files: &[(&str, Vec<u8>)], expected: &Expect) {
    let say = |(name, file): &(&str, Vec<u8>)| format!("{name}\n    {}\n", read(file).unwrap_err());
    expected.assert_eq(&files.iter().map(say).collect::<String>());
}

/// Builds a package of these parts and says why that cannot be.
fn unbuilt(component: &[u8], manifest: &str, assets: &[(String, Vec<u8>)]) -> String {
    format!(
        "{}\n",
        build(component, manifest, assets, &key(1)).unwrap_err()
    )
}

/// Signs anything.
fn signed(mut file: Vec<u8>) -> Vec<u8> {
    signature::append(&mut file, &key(1));
    file
}

/// Puts sections behind a plain component and signs it.
fn with(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = plain();
    for (name, bytes) in sections {
        custom(&mut file, name, bytes);
    }
    signed(file)
}

#[test]
fn a_package_is_read_as_it_was_built() {
    let file = built();
    let package = read(&file).unwrap();
    assert_eq!(package.manifest.app_id.as_str(), "com.example.tea");
    assert_eq!(package.manifest_text, tea());
    assert_eq!(package.assets, icon());
    assert_eq!(package.signer, key(1).verifying_key().to_bytes());
    assert_eq!(package.digest, <[u8; 32]>::from(Sha256::digest(&file)));
    assert_eq!(package.component, file);
    assert_eq!(asset(&file, "a/icon.png"), Some(b"\x89PNG".as_slice()));
    assert_eq!(asset(&file, "a/other.png"), None);
}

#[test]
fn the_same_parts_and_key_give_the_same_bytes() {
    assert_eq!(built(), built());
}

#[test]
fn a_package_is_still_the_component_it_was_built_from() {
    let bare = component(&[WALLET, STREAMS], &[HANDLER]);
    let file = built();
    assert!(file.starts_with(&bare));
    assert_eq!(imports(&file).unwrap(), [WALLET, STREAMS]);
    assert_eq!(imports(&bare).unwrap(), [WALLET, STREAMS]);
}

#[test]
fn no_byte_of_a_package_can_be_changed() {
    let file = built();
    for place in 0..file.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut changed = file.clone();
            changed[place] ^= mask;
            assert!(read(&changed).is_err(), "byte {place} ^ {mask:#x}");
        }
    }
}

#[test]
fn nothing_can_be_added_to_a_package_or_cut_from_it() {
    let file = built();
    for place in 0..file.len() {
        assert!(read(&file[..place]).is_err(), "the first {place} bytes");
        let mut shorter = file.clone();
        shorter.remove(place);
        assert!(read(&shorter).is_err(), "without byte {place}");
        let mut longer = file.clone();
        longer.insert(place, 0);
        assert!(read(&longer).is_err(), "one more at {place}");
    }
    let mut behind = file.clone();
    custom(&mut behind, "name", b"");
    assert_eq!(read(&behind).unwrap_err(), PackageError::Unsigned);
}

#[test]
fn a_merchant_who_signs_rubbish_is_answered() {
    let file = built();
    let unsigned = &file[..file.len() - 114];
    assert_eq!(signed(unsigned.to_vec()), file);
    let (mut whole, mut refused) = (0, 0);
    for place in 0..unsigned.len() {
        for mask in [0x01, 0x10, 0x7f, 0x80, 0xff] {
            let mut changed = unsigned.to_vec();
            changed[place] ^= mask;
            let changed = signed(changed);
            if read(&changed).and_then(|_| validate(&changed)).is_ok() {
                whole += 1;
            } else {
                refused += 1;
            }
        }
    }
    // A changed word of a description or byte of a picture is fine; a changed structure is not.
    assert!(
        whole > 50 && refused > 1_000,
        "{whole} whole, {refused} refused"
    );
}

#[test]
fn what_is_no_component_is_told_apart() {
    let many = [0, 2, 1, b'x'].repeat(COMPONENT_SECTIONS_MAX);
    let files = [
        ("nothing", Vec::new()),
        ("a text", tea().into_bytes()),
        ("a module", module()),
        ("a signed module", signed(module())),
        ("a later version", b"\0asm\x63\0\x01\0".to_vec()),
        ("a bare component", plain()),
        ("a component cut short", [plain(), vec![0, 0xff]].concat()),
        ("very many sections", [plain(), many].concat()),
        ("too many bytes", vec![0; PACKAGE_BYTES_MAX + 1]),
    ];
    refused(
        &files,
        &expect![[r#"
        nothing
            this is not WebAssembly; `souk build` makes a package from a mini-app's folder
        a text
            this is not WebAssembly; `souk build` makes a package from a mini-app's folder
        a module
            this is a core module, not a component; build for wasm32-wasip2
        a signed module
            this is a core module, not a component; build for wasm32-wasip2
        a later version
            this version of WebAssembly is not known; build for wasm32-wasip2
        a bare component
            the package is not signed; make it with `souk build`
        a component cut short
            the component is malformed at byte 57: unexpected end-of-file; build it again
        very many sections
            the component has more than 10000 sections
        too many bytes
            the package is 33554433 bytes; at most 33554432
    "#]],
    );
}

#[test]
fn the_sections_of_a_package_are_one_manifest_and_assets() {
    let text = tea();
    let (text, icon) = (
        (MANIFEST, text.as_bytes()),
        ("souk.asset:a/icon.png", b"x".as_slice()),
    );
    assert!(read(&with(&[text, icon])).is_ok());
    assert!(read(&with(&[icon, text, ("producers", b"")])).is_ok());
    let files = [
        ("none", with(&[])),
        ("two manifests", with(&[text, text, icon])),
        ("a manifest that is no text", with(&[(MANIFEST, b"\xff")])),
        (
            "a manifest with a mistake",
            with(&[(MANIFEST, b"app_id = 7")]),
        ),
        ("no icon", with(&[text])),
        ("two icons", with(&[text, icon, icon])),
        (
            "an asset outside",
            with(&[text, icon, ("souk.asset:../x", b"")]),
        ),
        (
            "one of a later form",
            with(&[text, icon, ("souk.later", b"")]),
        ),
        ("two signatures", signed(built())),
    ];
    refused(
        &files,
        &expect![[r#"
        none
            there is no manifest in the package; make it with `souk build`
        two manifests
            there are two manifests in the package; make it with `souk build`
        a manifest that is no text
            the manifest is not UTF-8 text of at most 65536 bytes
        a manifest with a mistake
            miniapp.toml, line 1, column 10: expected a text in quotes, found a TOML integer
        no icon
            the icon `a/icon.png` is not in the package; add the file, or take it out of miniapp.toml
        two icons
            there are two assets called `a/icon.png`
        an asset outside
            `../x` cannot name an asset; write a plain path, like assets/icon.png
        one of a later form
            the section `souk.later` has no place in a package; make it with `souk build`
        two signatures
            the section `souk.signature` has no place in a package; make it with `souk build`
    "#]],
    );
}

#[test]
fn a_manifest_nested_in_the_component_is_nobodys_business() {
    let mut nested = wasm_encoder::Component::new();
    nested.section(&wasm_encoder::RawSection {
        id: 4,
        data: &built(),
    });
    let inner = nested.finish();
    assert_eq!(
        read(&signed(inner)).unwrap_err(),
        PackageError::ManifestMissing
    );
}

#[test]
fn a_package_is_built_of_parts_that_can_be_read() {
    let text = manifest("com.example.tea", 1, &[]);
    let page = [
        unbuilt(&built(), &text, &[]),
        unbuilt(&module(), &text, &[]),
        unbuilt(&plain(), &text.replace("name =", "nme ="), &[]),
        unbuilt(&component(&[], &["a:b/c@1.0.0"]), &text, &[]),
    ];
    expect![[r#"
        this is a package already; give the component it was built from
        this is a core module, not a component; build for wasm32-wasip2
        miniapp.toml, line 2, column 1: there is no field `nme` here; did you mean `name`?
        it does not export `souk:miniapp/handler`; write the mini-app with souk-sdk
    "#]]
    .assert_eq(&page.concat());
}

#[test]
fn assets_have_plain_names_and_a_size() {
    let text = manifest("com.example.tea", 1, &[]);
    let asset = |name: &str, bytes| (name.to_owned(), vec![0; bytes]);
    let many = |count, bytes| {
        (0..count)
            .map(|n| (format!("a{n}"), vec![0; bytes]))
            .collect::<Vec<_>>()
    };
    let page = [
        unbuilt(&plain(), &tea(), &[]),
        unbuilt(&plain(), &text, &[asset("a", 0), asset("a", 0)]),
        unbuilt(&plain(), &text, &[asset("/etc/passwd", 0)]),
        unbuilt(&plain(), &text, &[asset("a", ASSET_BYTES_MAX + 1)]),
        unbuilt(&plain(), &text, &many(ASSETS_MAX + 1, 0)),
        unbuilt(&plain(), &text, &many(9, ASSET_BYTES_MAX)),
    ];
    expect![[r#"
        the icon `a/icon.png` is not in the package; add the file, or take it out of miniapp.toml
        there are two assets called `a`
        `/etc/passwd` cannot name an asset; write a plain path, like assets/icon.png
        the asset `a` is 4194305 bytes; at most 4194304
        the package has 257 assets; at most 256
        the package is 37749247 bytes; at most 33554432
    "#]]
    .assert_eq(&page.concat());
}

#[test]
fn an_import_nobody_has_is_answered_with_what_to_use_instead() {
    let mut page = String::new();
    for import in [
        "wasi:http/outgoing-handler@0.2.6",
        "wasi:sockets/tcp@0.2.6",
        "wasi:keyvalue/store@0.2.0-draft",
        "wasi:cli/stdout@0.3.0",
        "wasi:io/streams@0.2.6-rc",
        "wasi:cli/run@0.2.6",
        "souk:wallet/payments@0.1.0-draft",
        "souk:calls/rooms@0.1.0",
        "souk:miniapp/handler@0.1.0",
        "fermyon:spin/llm@2.0.0",
        "env",
    ] {
        let error = build(&component(&[import], &[HANDLER]), &tea(), &icon(), &key(1));
        page.push_str(&format!("{}\n", error.unwrap_err()));
    }
    expect![[r#"
        the component imports `wasi:http/outgoing-handler@0.2.6`, which this host does not have; read with souk:http/reader, change with souk:http/outbox
        the component imports `wasi:sockets/tcp@0.2.6`, which this host does not have; apps have no network: talk through souk:messaging, keep data in souk:storage
        the component imports `wasi:keyvalue/store@0.2.0-draft`, which this host does not have; use souk:storage/buckets
        the component imports `wasi:cli/stdout@0.3.0`, which this host does not have; build for wasm32-wasip2, WASI 0.2
        the component imports `wasi:io/streams@0.2.6-rc`, which this host does not have; build for wasm32-wasip2, WASI 0.2
        the component imports `wasi:cli/run@0.2.6`, which this host does not have; build for wasm32-wasip2, WASI 0.2
        the component imports `souk:wallet/payments@0.1.0-draft`, which this host does not have; import only the packages in sdk/wit, as released
        the component imports `souk:calls/rooms@0.1.0`, which this host does not have; import only the packages in sdk/wit, as released
        the component imports `souk:miniapp/handler@0.1.0`, which this host does not have; import only the packages in sdk/wit, as released
        the component imports `fermyon:spin/llm@2.0.0`, which this host does not have; import only the packages in sdk/wit and WASI 0.2
        the component imports `env`, which this host does not have; import only the packages in sdk/wit and WASI 0.2
    "#]].assert_eq(&page);
}

#[test]
fn an_app_that_is_newer_than_its_host_hears_both_versions() {
    let of = |version: &str| format!("souk:wallet/payments@{version}");
    let handler = |version: &str| format!("souk:miniapp/handler@{version}");
    let mut page = String::new();
    for (import, export) in [
        (of("0.1.9"), handler("0.1.9")),
        (of("0.2.0"), handler("0.1.0")),
        (of("0.1.0"), handler("0.1.9")),
    ] {
        let component = component(&[&import], &["a:b/c@0.1.0", &export]);
        page.push_str(&unbuilt(&component, &tea(), &icon()));
    }
    expect![[r#"
        the component was built against `souk:wallet/payments@0.1.9`, and the newest version this host has of it is 0.1.0; build it with an SDK of contract 0.1.0, or have the host updated
        the component was built against `souk:wallet/payments@0.2.0`, and the newest version this host has of it is 0.1.0; build it with an SDK of contract 0.1.0, or have the host updated
        the component was built against `souk:miniapp/handler@0.1.9`, and the newest version this host has of it is 0.1.0; build it with an SDK of contract 0.1.0, or have the host updated
    "#]]
    .assert_eq(&page);
    let both = component(&[WALLET], &[&handler("0.1.9"), HANDLER]);
    assert!(build(&both, &tea(), &icon(), &key(1)).is_ok());
}

/// The names in a WIT file of what it declares with this keyword.
fn declared<'a>(text: &'a str, keyword: &'a str) -> impl Iterator<Item = &'a str> {
    let name = move |line: &'a str| {
        let rest = line.strip_prefix(keyword)?;
        Some(rest.trim_end_matches([';', '{', ' ']))
    };
    text.lines().filter_map(name)
}

#[test]
fn the_interfaces_of_the_contract_are_those_of_the_host() {
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/wit");
    let inside = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let packages = inside(wit.join("deps")).flat_map(inside);
    let mut found = BTreeSet::new();
    for file in packages.chain([wit.join("world.wit")]) {
        let text = fs::read_to_string(file).unwrap();
        let package = declared(&text, "package ").next().unwrap();
        let (package, version) = package.split_once('@').unwrap();
        let interfaces = declared(&text, "interface ");
        found.extend(interfaces.map(|interface| format!("{package}/{interface}@{version}")));
    }
    let rows = IMPORTS.iter().chain(&EXPORTS);
    let rows: BTreeSet<_> = rows
        .map(|(name, version)| format!("{name}@{version}"))
        .collect();
    assert_eq!(rows, found, "the tables in host/registry/src/contract.rs");
}
