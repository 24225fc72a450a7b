//! Guests that no compiler would write: core modules in text, wrapped as components of the
//! contract's world.

use std::path::Path;

use souk_core::Blame;
use souk_runtime::{End, FaultKind, Limits, PrepareError, Runtime};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

use crate::stage::Stage;

/// Makes a component of a core module. `body` is what the handler does with its memory of one page
/// before it answers ok; `more` are other parts of the module.
pub(crate) fn guest(more: &str, body: &str) -> String {
    format!(
        r#"(module
            {more}
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
            (func (export "souk:miniapp/handler@0.1.0#handle")
                (param i32 i32 i64 i32 i32 i32 i32 i32 i32 i64 i64 i32 i32 i32 i32 i32)
                (result i32)
                {body}
                (i32.const 0)))"#
    )
}

pub(crate) const MEMORY: &str = r#"(memory (export "memory") 1)"#;

/// Where lines of the source are said to be.
pub(crate) const FILE: &str = "guest.wat";

pub(crate) fn component(module: &str) -> Vec<u8> {
    let mut parser = wat::Parser::new();
    parser.generate_dwarf(wat::GenerateDwarf::Lines);
    let module = parser.parse_str(Some(Path::new(FILE)), module).unwrap();
    let (wit, world) = world(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/wit"));
    wrapped(module, &wit, world)
}

/// A contract's world.
pub(crate) fn world(folder: impl AsRef<Path>) -> (Resolve, WorldId) {
    let mut wit = Resolve::default();
    let (package, _) = wit.push_path(folder).unwrap();
    let world = wit.select_world(&[package], Some("mini-app")).unwrap();
    (wit, world)
}

/// Makes a component of the world.
pub(crate) fn wrapped(mut module: Vec<u8>, wit: &Resolve, world: WorldId) -> Vec<u8> {
    embed_component_metadata(&mut module, wit, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .unwrap()
        .encode()
        .unwrap()
}

async fn end(module: &str) -> End {
    // A tenth of the time: most of these never end by themselves.
    let limits = Limits {
        run_ms: 200,
        ..Limits::default()
    };
    let stage = Stage::with(&component(module), &limits).await;
    stage.command("any", "").await.report.end
}

async fn fails(module: &str, kind: FaultKind) {
    match end(module).await {
        End::Fault(fault) => {
            assert_eq!(
                (fault.kind, fault.blame),
                (kind, Blame::Guest),
                "{}",
                fault.detail
            );
        }
        other => panic!("{other:?} instead of {kind:?}"),
    }
}

#[tokio::test]
async fn a_guest_that_does_nothing_is_content() {
    assert_eq!(end(&guest(MEMORY, "")).await, End::Ok);
}

#[tokio::test]
async fn whatever_loops_is_cut() {
    let forever = "(loop $on (br $on))";
    fails(&guest(MEMORY, forever), FaultKind::Deadline).await;
    let at_start = format!("{MEMORY} (func $start {forever}) (start $start)");
    fails(&guest(&at_start, ""), FaultKind::Deadline).await;
    let filling = "(loop $on
        (memory.fill (i32.const 0) (i32.const 1) (i32.const 62914560)) (br $on))";
    fails(
        &guest(r#"(memory (export "memory") 960)"#, filling),
        FaultKind::Deadline,
    )
    .await;
    let in_realloc =
        guest(MEMORY, "").replace("(i32.const 1024)", "(loop $on (br $on)) unreachable");
    fails(&in_realloc, FaultKind::Deadline).await;
}

#[tokio::test]
async fn memories_and_tables_count_in_sum() {
    let growing = "(loop $on
        (br_if $on (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
    fails(&guest(MEMORY, growing), FaultKind::Memory).await;
    let two = r#"(memory (export "memory") 512) (memory $other 513)"#;
    fails(&guest(two, ""), FaultKind::Memory).await;
    let table = r#"(memory (export "memory") 1022) (table 19000 funcref)"#;
    fails(&guest(table, ""), FaultKind::Memory).await;
}

#[tokio::test]
async fn what_never_fits_is_refused_before_it_runs() {
    let runtime = Runtime::new(&Limits::default()).unwrap();
    let large = component(&guest(r#"(memory (export "memory") 1025)"#, ""));
    assert!(matches!(
        runtime.prepare(&large),
        Err(PrepareError::Invalid(_))
    ));
    let many = format!("{MEMORY} {}", "(memory 1)".repeat(4));
    let many = runtime.prepare(&component(&guest(&many, "")));
    assert!(matches!(many, Err(PrepareError::Invalid(_))), "{many:?}");
}

#[tokio::test]
async fn a_broken_answer_is_a_crash() {
    // A pointer beyond its memory; a case that is not; a text that is not UTF-8.
    fails(
        &guest(MEMORY, "(return (i32.const 65535))"),
        FaultKind::Crash,
    )
    .await;
    let store = |bytes: &str| format!(r#"{MEMORY} (data (i32.const 16) "{bytes}")"#);
    let answer = "(return (i32.const 16))";
    let failed = r"\01\00\00\00\00\00\00\00";
    let unknown = format!(r"{failed}\09");
    fails(&guest(&store(&unknown), answer), FaultKind::Crash).await;
    let text = r"\00\00\00\00\00\00\00\00\28\00\00\00\02\00\00\00\ff\ff";
    let broken = format!("{failed}{text}");
    fails(&guest(&store(&broken), answer), FaultKind::Crash).await;
}

const CURRENT: &str = r#"(import "souk:identity/users@0.1.0" "[static]user.current"
    (func $current (param i32)))"#;
const PROFILE: &str = r#"(import "souk:identity/users@0.1.0" "[method]user.profile"
    (func $profile (param i32 i32 i32 i32)))"#;

#[tokio::test]
async fn a_list_that_says_the_same_memory_a_thousand_times_is_too_much() {
    // 4,000 texts, each of the same 32 KiB: 128 MiB if they were copied.
    let body = "(local $n i32)
        (loop $fill
            (i32.store (i32.mul (local.get $n) (i32.const 8)) (i32.const 32768))
            (i32.store offset=4 (i32.mul (local.get $n) (i32.const 8)) (i32.const 32000))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $n) (i32.const 4000))))
        (call $current (i32.const 65000))
        (call $profile (i32.load (i32.const 65008)) (i32.const 0) (i32.const 4000)
            (i32.const 65000))";
    fails(
        &guest(&format!("{CURRENT} {PROFILE} {MEMORY}"), body),
        FaultKind::CallBytes,
    )
    .await;
    let long = "(call $current (i32.const 65000))
        (call $profile (i32.load (i32.const 65008)) (i32.const 0) (i32.const -1) (i32.const 0))";
    fails(
        &guest(&format!("{CURRENT} {PROFILE} {MEMORY}"), long),
        FaultKind::Crash,
    )
    .await;
}

#[tokio::test]
async fn handles_nobody_gave_are_nothing() {
    let body = "(call $profile (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 0))";
    fails(
        &guest(&format!("{PROFILE} {MEMORY}"), body),
        FaultKind::Crash,
    )
    .await;
    let drop = r#"(import "souk:identity/users@0.1.0" "[resource-drop]user"
        (func $drop (param i32)))"#;
    let twice = "(call $current (i32.const 104))
        (call $drop (i32.load (i32.const 112))) (call $drop (i32.load (i32.const 112)))";
    fails(
        &guest(&format!("{CURRENT} {drop} {MEMORY}"), twice),
        FaultKind::Crash,
    )
    .await;
}
