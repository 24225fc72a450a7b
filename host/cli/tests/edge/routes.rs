//! The list of addresses with a good body for each, and the proof that it is the whole list.

use std::collections::BTreeSet;

use serde_json::Value;

use self::Who::{Anybody, Operator, People};

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Anybody.
    Anybody,
    /// People with a session or a token.
    People,
    /// The operator, with the operator's token.
    Operator,
}

/// One address and one method.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    /// A body it takes; empty for one that is not JSON.
    body: &'static str,
}

impl Route {
    /// A body it takes; null for one that is not JSON.
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(self.body).unwrap_or(Value::Null)
    }
}

const fn route(method: &'static str, path: &'static str, who: Who, body: &'static str) -> Route {
    Route {
        method,
        path,
        who,
        body,
    }
}

/// Everything the host answers.
// WHEN ADDING A ROUTE: a line here, with a body that would be taken.
pub(crate) static ALL: [Route; 86] = [
    route(
        "POST",
        "/v1/accounts",
        Anybody,
        r#"{"handle": "eve", "name": "Eve", "password": "one-small-market"}"#,
    ),
    route(
        "POST",
        "/v1/sessions",
        Anybody,
        r#"{"handle": "ana", "password": "one-small-market"}"#,
    ),
    route("DELETE", "/v1/sessions/current", People, ""),
    route(
        "POST",
        "/v1/tokens",
        Anybody,
        r#"{"handle": "ana", "password": "one-small-market", "label": "test"}"#,
    ),
    route("DELETE", "/v1/tokens/{token}", People, ""),
    route("GET", "/v1/me", People, ""),
    route(
        "POST",
        "/v1/me/leave",
        People,
        r#"{"password": "one-small-market"}"#,
    ),
    route("GET", "/v1/me/activity", People, ""),
    route("GET", "/v1/people/{handle}", People, ""),
    route("GET", "/v1/chats", People, ""),
    route(
        "POST",
        "/v1/chats",
        People,
        r#"{"kind": "group", "title": "Tea", "members": []}"#,
    ),
    route("GET", "/v1/chats/{chat}", People, ""),
    route(
        "POST",
        "/v1/chats/{chat}/members",
        People,
        r#"{"handle": "ben"}"#,
    ),
    route("DELETE", "/v1/chats/{chat}/members/me", People, ""),
    route(
        "POST",
        "/v1/chats/{chat}/admins",
        People,
        r#"{"handle": "ben", "is_admin": true}"#,
    ),
    route("GET", "/v1/chats/{chat}/messages", People, ""),
    route(
        "POST",
        "/v1/chats/{chat}/messages",
        People,
        r#"{"text": "hello"}"#,
    ),
    route(
        "POST",
        "/v1/chats/{chat}/messages/{message}/actions",
        People,
        r#"{"revision": 1, "view": 0, "button": "order", "inputs": {}}"#,
    ),
    route(
        "POST",
        "/v1/chats/{chat}/messages/{message}/view",
        People,
        "",
    ),
    route("GET", "/v1/chats/{chat}/listeners", People, ""),
    route(
        "POST",
        "/v1/chats/{chat}/listeners",
        People,
        r#"{"app": "com.example.tea", "listens": true}"#,
    ),
    route("GET", "/v1/apps/{app}/links/{place}", People, ""),
    route(
        "POST",
        "/v1/apps/{app}/links/{place}",
        People,
        r#"{"start_parameter": "table-4"}"#,
    ),
    route("GET", "/v1/events/{event}", People, ""),
    route("GET", "/v1/stream", People, ""),
    route("GET", "/v1/consents", People, ""),
    route(
        "POST",
        "/v1/consents/{consent}",
        People,
        r#"{"allow": true}"#,
    ),
    route("GET", "/v1/me/grants", People, ""),
    route("GET", "/v1/me/grants/{app}", People, ""),
    route(
        "POST",
        "/v1/me/grants/{app}",
        People,
        r#"{"matter": "wallet.request", "say": {"at_most": {"minor": 100, "currency": "USD"}}}"#,
    ),
    route(
        "POST",
        "/v1/me/grants/{app}/budget",
        People,
        r#"{"currency": "USD", "order": 500, "day": 2000}"#,
    ),
    route("GET", "/v1/wallet", People, ""),
    route("GET", "/v1/wallet/statement", People, ""),
    route("GET", "/v1/wallet/statement.json", People, ""),
    route("GET", "/v1/wallet/statement.csv", People, ""),
    route(
        "POST",
        "/v1/wallet/deposits",
        People,
        r#"{"amount": {"minor": 100, "currency": "USD"}}"#,
    ),
    route("GET", "/v1/wallet/rails", People, ""),
    route("GET", "/v1/wallet/address", People, ""),
    route("GET", "/v1/wallet/deposits", People, ""),
    route("GET", "/v1/wallet/withdrawals", People, ""),
    route(
        "POST",
        "/v1/wallet/withdrawals",
        People,
        r#"{"rail": "bank", "amount": {"minor": 100, "currency": "USD"}, "to": "DE02"}"#,
    ),
    route(
        "POST",
        "/v1/wallet/withdrawals/{transfer}/cancel",
        People,
        "",
    ),
    route("GET", "/v1/wallet/transfers", People, ""),
    route(
        "POST",
        "/v1/wallet/transfers",
        People,
        r#"{"to": "ben", "amount": {"minor": 100, "currency": "USD"}, "note": "tea"}"#,
    ),
    route("POST", "/v1/wallet/transfers/{transfer}/accept", People, ""),
    route(
        "POST",
        "/v1/wallet/transfers/{transfer}/decline",
        People,
        "",
    ),
    route("POST", "/v1/wallet/transfers/{transfer}/cancel", People, ""),
    route("GET", "/v1/receipts/{entry}", People, ""),
    route("GET", "/v1/orders", People, ""),
    route("GET", "/v1/orders/{order}", People, ""),
    route("POST", "/v1/orders/{order}/sheet", People, ""),
    route(
        "POST",
        "/v1/orders/{order}/approve",
        People,
        r#"{"nonce": "n"}"#,
    ),
    route("POST", "/v1/orders/{order}/decline", People, ""),
    route("GET", "/v1/takings", People, ""),
    route(
        "POST",
        "/v1/takings/withdrawals",
        People,
        r#"{"rail": "bank", "amount": {"minor": 100, "currency": "USD"}, "to": "DE02"}"#,
    ),
    route("GET", "/v1/takings/statement", People, ""),
    route("GET", "/v1/operator/accounts", Operator, ""),
    route(
        "POST",
        "/v1/operator/standings",
        Operator,
        r#"{"whose": {"person": "ana"}, "currency": "USD", "standing": "open", "reason": "test"}"#,
    ),
    route(
        "POST",
        "/v1/operator/deposits",
        Operator,
        r#"{"to": "ana", "amount": {"minor": 100, "currency": "USD"}, "reason": "test"}"#,
    ),
    route(
        "POST",
        "/v1/operator/withdrawals",
        Operator,
        r#"{"from": "ana", "source": "takings", "amount": {"minor": 1, "currency": "USD"},
            "reason": "test"}"#,
    ),
    route(
        "POST",
        "/v1/operator/recalls",
        Operator,
        r#"{"app": "com.example.tea", "amount": {"minor": 1, "currency": "USD"},
            "reason": "test"}"#,
    ),
    route(
        "POST",
        "/v1/operator/arrivals/{transfer}/take-back",
        Operator,
        "",
    ),
    route("GET", "/v1/operator/assets", Operator, ""),
    route(
        "POST",
        "/v1/operator/assets",
        Operator,
        r#"{"code": "GOLD", "scale": 4}"#,
    ),
    route("GET", "/v1/operator/chain", Operator, ""),
    route(
        "POST",
        "/v1/operator/chain/payments",
        Operator,
        r#"{"to": "sim1", "amount": {"minor": 100, "currency": "GOLD:4"}}"#,
    ),
    route(
        "POST",
        "/v1/operator/chain/blocks",
        Operator,
        r#"{"count": 1}"#,
    ),
    route(
        "POST",
        "/v1/operator/chain/reorganizations",
        Operator,
        r#"{"depth": 1, "fate": "return"}"#,
    ),
    route("GET", "/v1/apps", People, ""),
    route("POST", "/v1/apps", People, ""),
    route("POST", "/v1/apps/{app}/leave", People, ""),
    route("GET", "/v1/apps/{app}/config", People, ""),
    route(
        "POST",
        "/v1/apps/{app}/config",
        People,
        r#"{"name": "greeting", "value": "Welcome", "secret": false}"#,
    ),
    route("GET", "/v1/apps/{app}/requests", People, ""),
    route("GET", "/v1/apps/{app}/activity", People, ""),
    route("GET", "/v1/apps/{app}/traces", People, ""),
    route("GET", "/v1/apps/{app}/traces/{trace}", People, ""),
    route("GET", "/v1/apps/{app}/failures", People, ""),
    route("POST", "/v1/apps/{app}/failures/{event}/retry", People, ""),
    route("POST", "/v1/apps/{app}/failures/{event}/drop", People, ""),
    route("GET", "/v1/key", Anybody, ""),
    route("GET", "/.well-known/jwks.json", Anybody, ""),
    route("GET", "/v1/health", Anybody, ""),
    route("GET", "/problems/{name}", Anybody, ""),
    route("GET", "/", Anybody, ""),
    route("GET", "/web/{*file}", Anybody, ""),
];

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
    let listed = ALL.iter();
    let listed: BTreeSet<_> = listed
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(
        listed, served,
        "the list in this file and host/server/src/router.rs differ"
    );
}
