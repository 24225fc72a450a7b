//! The list of addresses with a good body for each, and the proof that it is the whole list.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Anybody.
    Anybody,
    /// People with a session or a token.
    People,
}

/// One address and one method.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    /// A body it takes; null for one that is not JSON.
    pub(crate) body: Value,
}

/// Everything the host answers.
// WHEN ADDING A ROUTE: a line here, with a body that would be taken.
pub(crate) fn all() -> Vec<Route> {
    use Who::{Anybody, People};
    let route = |method, path, who, body| Route {
        method,
        path,
        who,
        body,
    };
    let account = json!({"handle": "eve", "name": "Eve", "password": "one-small-market"});
    let credentials = json!({"handle": "ana", "password": "one-small-market"});
    let token = json!({"handle": "ana", "password": "one-small-market", "label": "test"});
    let press = json!({"revision": 1, "button": "order", "inputs": {}});
    let deposit = json!({"amount": {"minor": 100, "currency": "USD"}});
    vec![
        route("POST", "/v1/accounts", Anybody, account),
        route("POST", "/v1/sessions", Anybody, credentials),
        route("DELETE", "/v1/sessions/current", People, Value::Null),
        route("POST", "/v1/tokens", Anybody, token),
        route("DELETE", "/v1/tokens/{token}", People, Value::Null),
        route("GET", "/v1/me", People, Value::Null),
        route("GET", "/v1/me/activity", People, Value::Null),
        route("GET", "/v1/people/{handle}", People, Value::Null),
        route("GET", "/v1/chats", People, Value::Null),
        route(
            "POST",
            "/v1/chats",
            People,
            json!({"kind": "group", "title": "Tea", "members": []}),
        ),
        route("GET", "/v1/chats/{chat}", People, Value::Null),
        route(
            "POST",
            "/v1/chats/{chat}/members",
            People,
            json!({"handle": "ben"}),
        ),
        route("DELETE", "/v1/chats/{chat}/members/me", People, Value::Null),
        route("GET", "/v1/chats/{chat}/messages", People, Value::Null),
        route(
            "POST",
            "/v1/chats/{chat}/messages",
            People,
            json!({"text": "hello"}),
        ),
        route(
            "POST",
            "/v1/chats/{chat}/messages/{message}/actions",
            People,
            press,
        ),
        route("GET", "/v1/events/{event}", People, Value::Null),
        route("GET", "/v1/stream", People, Value::Null),
        route("GET", "/v1/consents", People, Value::Null),
        route(
            "POST",
            "/v1/consents/{consent}",
            People,
            json!({"share": true}),
        ),
        route("GET", "/v1/wallet", People, Value::Null),
        route("GET", "/v1/wallet/statement", People, Value::Null),
        route("POST", "/v1/wallet/deposits", People, deposit),
        route("GET", "/v1/receipts/{entry}", People, Value::Null),
        route("GET", "/v1/orders", People, Value::Null),
        route("GET", "/v1/orders/{order}", People, Value::Null),
        route("POST", "/v1/orders/{order}/sheet", People, Value::Null),
        route(
            "POST",
            "/v1/orders/{order}/approve",
            People,
            json!({"nonce": "n"}),
        ),
        route("POST", "/v1/orders/{order}/decline", People, Value::Null),
        route("GET", "/v1/apps", People, Value::Null),
        route("POST", "/v1/apps", People, Value::Null),
        route("GET", "/v1/key", Anybody, Value::Null),
        route("GET", "/v1/health", Anybody, Value::Null),
        route("GET", "/problems/{name}", Anybody, Value::Null),
        route("GET", "/", Anybody, Value::Null),
        route("GET", "/web/{*file}", Anybody, Value::Null),
    ]
}

#[test]
fn the_list_is_the_router() {
    let router = include_str!("../../../server/src/router.rs");
    let lines = router
        .lines()
        .filter_map(|line| line.trim().strip_prefix(".route(\""));
    let mut served = BTreeSet::new();
    for line in lines {
        let (path, handlers) = line.split_once('"').unwrap();
        for method in ["get", "post", "delete"] {
            if handlers.contains(&format!("{method}(")) {
                served.insert((method.to_uppercase(), path.to_owned()));
            }
        }
    }
    let listed = all().into_iter();
    let listed: BTreeSet<_> = listed
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(
        listed, served,
        "the list in this file and host/server/src/router.rs differ"
    );
}
