//! `souk trace`, `souk replay` and `souk failed`.

use std::path::Path;

use expect_test::expect;
use serde_json::{Value, json};
use souk::client::Client;

use crate::desk::{Desk, Running};

const MANIFEST: &str = r#"app_id = "com.example.echo"
name = "Echo"
description = "Says again what it is told"
version = { code = 1, name = "1.0.0" }

[[commands]]
name = "echo"
description = "Say what follows"

[[req_permissions]]
name = "messaging.post"
reason = "To answer"

[[req_permissions]]
name = "storage.user"
reason = "To notice when it is told the same again"

[build]
command = "true"
component = "echo.wasm"
"#;

/// A guest program, as `tests/guests/build` left it.
fn program(name: &str) -> Vec<u8> {
    let guests = "../../tests/guests/target/wasm32-wasip2/release/examples";
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(guests)
        .join(name);
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; tests/guests/build makes it", path.display()))
}

/// A host on which Ana has published the echo and typed a word; her token.
fn spoken(desk: &Desk) -> (Running, String) {
    desk.put("echo/miniapp.toml", MANIFEST);
    desk.put("echo/echo.wasm", program("echo.wasm"));
    desk.type_in("build echo");
    let host = desk.serve();
    let token = crate::host::token(&host.base);
    let package = "echo/target/souk/com.example.echo-1.souk";
    desk.type_in(&format!(
        "publish {package} --host {} --token {token}",
        host.base
    ));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let ana = Client::new(&host.base, &token);
        let group = json!({"kind": "group", "title": "Tea", "members": []});
        let chat: Value = ana.post("/v1/chats", &group).await.unwrap();
        let path = format!("/v1/chats/{}/messages", chat["id"].as_str().unwrap());
        let said: Value = ana
            .post(&path, &json!({"text": "/echo tea"}))
            .await
            .unwrap();
        assert_eq!(said["outcome"], "done", "{said}");
    });
    (host, token)
}

/// The name of the one trace there is.
fn trace(desk: &Desk, host: &Running, token: &str) -> String {
    let list = format!(
        "trace list com.example.echo --host {} --token {token}",
        host.base
    );
    for _ in 0..100 {
        let seen = desk.type_in(&list);
        if let Some((name, rest)) = seen.split_once("  ") {
            assert_eq!(rest, "version 1  command  done\n[exit status: 0]\n");
            return name.to_owned();
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("no trace was kept");
}

#[test]
fn a_merchant_fetches_a_run_and_replays_it() {
    let desk = Desk::new();
    let (host, token) = spoken(&desk);
    let name = trace(&desk, &host, &token);
    let get = format!(
        "trace get com.example.echo {name} --host {} --token {token}",
        host.base
    );
    let seen = desk.type_in(&format!("{get} --out run.trace"));
    assert_eq!(seen, "run.trace\n[exit status: 0]\n");
    let gone = desk.type_in(&get.replace(&name, "trc_00000000000000000000000001"));
    assert!(gone.contains("there is no such trace"), "{gone}");
    desk.check(
        "failed list com.example.echo",
        expect![[r#"
            error: the following required arguments were not provided:
              --token <TOKEN>

            Usage: souk failed list --token <TOKEN> <APP>

            For more information, try '--help'.
            [exit status: 2]
        "#]],
    );
    let at = format!("--host {} --token {token}", host.base);
    assert_eq!(
        desk.type_in(&format!("failed list com.example.echo {at}")),
        "[exit status: 0]\n"
    );
    let event = "evt_00000000000000000000000001";
    desk.check(
        &format!("failed retry com.example.echo {event} --key once {at}"),
        expect![[r#"
            Error: the host refused: there is no such event
            Hint: Check the name or the id; lists show what there is.
            [exit status: 1]
        "#]],
    );
    host.stop();

    let same = desk.type_in("replay run.trace --app echo");
    assert!(same.starts_with("same: "), "{same}");
    assert!(
        same.ends_with(" host calls, done\n[exit status: 0]\n"),
        "{same}"
    );
    desk.put("other.wasm", program("outside.wasm"));
    let other = desk.type_in("replay run.trace --component other.wasm");
    assert!(other.contains("different: host call "), "{other}");
    assert!(other.ends_with("[exit status: 4]\n"), "{other}");
}

#[test]
fn what_is_no_trace_is_said_to_be_none() {
    let desk = Desk::new();
    desk.check(
        "replay run.trace",
        expect![[r#"
            Error: run.trace cannot be read
            Caused by: No such file or directory (os error 2)
            Hint: Look there: `souk trace get` writes traces
            [exit status: 1]
        "#]],
    );
    desk.put("run.trace", "tea");
    desk.check(
        "replay run.trace",
        expect![[r#"
            Error: run.trace cannot be read
            Caused by: this is not a trace of this version of souk
            [exit status: 1]
        "#]],
    );
    desk.put("run.trace", "souk-trace 2\ntea");
    desk.check(
        "replay run.trace",
        expect![[r#"
            Error: run.trace cannot be read
            Caused by: the trace is damaged
            [exit status: 1]
        "#]],
    );
    desk.check(
        "trace get com.example.echo trc_00000000000000000000000001 --token t",
        expect![[r#"
            Error: DIR/souk/signing-key.pem cannot be read
            Caused by: No such file or directory (os error 2)
            [exit status: 1]
        "#]],
    );
}
