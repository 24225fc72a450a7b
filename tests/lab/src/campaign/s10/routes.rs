//! The addresses of the router's own table, and what can be asked at each. One that is there and
//! not here, or the other way round, ends the campaign before it begins.

use std::collections::BTreeSet;

use crate::Wrong;

/// Those that name something of somebody's: Ana is served, and nobody else.
pub(super) const NAMED: &[&str] = &[
    "delete /v1/tokens/{token}",
    "get /v1/chats/{chat}",
    "post /v1/chats/{chat}/members",
    "delete /v1/chats/{chat}/members/me",
    "post /v1/chats/{chat}/admins",
    "get /v1/chats/{chat}/messages",
    "post /v1/chats/{chat}/messages",
    "post /v1/chats/{chat}/messages/{message}/actions",
    "post /v1/chats/{chat}/messages/{message}/view",
    "get /v1/chats/{chat}/listeners",
    "post /v1/chats/{chat}/listeners",
    "get /v1/events/{event}",
    "post /v1/consents/{consent}",
    "post /v1/wallet/withdrawals/{transfer}/cancel",
    "post /v1/wallet/transfers/{transfer}/accept",
    "post /v1/wallet/transfers/{transfer}/decline",
    "post /v1/wallet/transfers/{transfer}/cancel",
    "get /v1/receipts/{entry}",
    "get /v1/orders/{order}",
    "post /v1/orders/{order}/sheet",
    "post /v1/orders/{order}/approve",
    "post /v1/orders/{order}/decline",
    // The package says whose app it is a version of.
    "post /v1/apps",
    "get /v1/apps/{app}/links/{place}",
    "post /v1/apps/{app}/links/{place}",
    "get /v1/apps/{app}/config",
    "post /v1/apps/{app}/config",
    "get /v1/apps/{app}/requests",
    "get /v1/apps/{app}/activity",
    "get /v1/apps/{app}/traces",
    "get /v1/apps/{app}/traces/{trace}",
    "get /v1/apps/{app}/failures",
    "post /v1/apps/{app}/failures/{event}/retry",
    "post /v1/apps/{app}/failures/{event}/drop",
];

/// Those at which everybody reads what is their own, with what stands behind the address.
pub(super) const OWN: &[(&str, &str)] = &[
    ("get /v1/me", ""),
    ("get /v1/me/activity", ""),
    ("get /v1/chats", ""),
    ("get /v1/consents", ""),
    ("get /v1/me/grants", ""),
    ("get /v1/me/grants/{app}", ""),
    ("get /v1/wallet", ""),
    ("get /v1/wallet/statement", "?currency=USD"),
    ("get /v1/wallet/statement.json", "?currency=USD"),
    ("get /v1/wallet/statement.csv", "?currency=USD"),
    ("get /v1/wallet/address", ""),
    ("get /v1/wallet/deposits", ""),
    ("get /v1/wallet/withdrawals", ""),
    ("get /v1/wallet/transfers", ""),
    ("get /v1/orders", ""),
    ("get /v1/takings", ""),
];

/// Those that take the operator's own token, whatever they name.
pub(super) const OPERATOR: &[&str] = &[
    "get /v1/operator/accounts",
    "post /v1/operator/standings",
    "post /v1/operator/deposits",
    "post /v1/operator/withdrawals",
    "post /v1/operator/recalls",
    "post /v1/operator/arrivals/{transfer}/take-back",
    "get /v1/operator/assets",
    "post /v1/operator/assets",
    "get /v1/operator/chain",
    "post /v1/operator/chain/payments",
    "post /v1/operator/chain/blocks",
    "post /v1/operator/chain/reorganizations",
];

/// Those at which nothing of Ana's can be named, and why.
pub(super) const NOT_ASKED: &[(&str, &str)] = &[
    ("post /v1/accounts", "it makes somebody new"),
    (
        "post /v1/sessions",
        "it takes a password, and names whose it is",
    ),
    (
        "delete /v1/sessions/current",
        "it ends the session that the request carries",
    ),
    ("post /v1/tokens", "it makes one for whoever asks"),
    ("post /v1/me/leave", "whoever asks leaves"),
    ("get /v1/people/{handle}", "everybody finds everybody"),
    ("post /v1/chats", "it makes one of whoever asks"),
    (
        "post /v1/me/grants/{app}",
        "it is about whoever asks, whatever it names",
    ),
    (
        "post /v1/me/grants/{app}/budget",
        "it is about whoever asks, whatever it names",
    ),
    (
        "post /v1/apps/{app}/leave",
        "whoever asks leaves, whatever it names",
    ),
    (
        "get /v1/stream",
        "a socket, not an answer; Ana's token is tried there too",
    ),
    ("get /v1/wallet/rails", "it tells everybody the same"),
    ("post /v1/wallet/deposits", "it is for whoever asks"),
    ("post /v1/wallet/withdrawals", "it is of whoever asks"),
    (
        "post /v1/wallet/transfers",
        "it gives what is whoever asks' own",
    ),
    ("post /v1/takings/withdrawals", "it is of whoever asks"),
    (
        "get /v1/takings/statement",
        "it is of whoever asks, and nothing is settled so soon",
    ),
    ("get /v1/apps", "everybody sees every app"),
    ("get /v1/key", "it tells everybody the same"),
    ("get /.well-known/jwks.json", "it tells everybody the same"),
    ("get /v1/health", "it tells everybody the same"),
    ("get /problems/{name}", "it tells everybody the same"),
    ("get /", "it is the page"),
    ("get /web/{*file}", "it is the page"),
];
/// What a handler may be for. What is not one of these is a method that nobody knows here.
const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "any"];

/// Refuses to begin when the router's table and what is asked are not the same.
pub(super) fn hold_against_the_router() -> Result<(), Wrong> {
    let there = table(include_str!("../../../../../host/server/src/router.rs"))?;
    let placed = NAMED.iter().chain(OPERATOR).copied();
    let told = OWN.iter().chain(NOT_ASKED).map(|(route, _)| *route);
    let placed: BTreeSet<_> = placed.chain(told).map(str::to_owned).collect();
    let new: Vec<_> = there.difference(&placed).cloned().collect();
    let gone: Vec<_> = placed.difference(&there).cloned().collect();
    if new.is_empty() && gone.is_empty() {
        Ok(())
    } else {
        let (new, gone) = (new.join(", "), gone.join(", "));
        Err(format!("place these in s10/routes.rs: [{new}]; not in the router: [{gone}]").into())
    }
}

/// Every method and address of a router's table.
fn table(router: &str) -> Result<BTreeSet<String>, Wrong> {
    let mut routes = BTreeSet::new();
    for row in router.split(".route(").skip(1) {
        let row = row.split("\n").next().unwrap_or_default();
        let row_of = || format!("a row of the router is not like the others: {row}");
        let (path, handlers) = row
            .strip_prefix('"')
            .and_then(|row| row.split_once("\", "))
            .ok_or_else(row_of)?;
        let handlers = handlers.split(".layer(").next().unwrap_or_default();
        for handler in handlers.trim_end_matches(')').split(").") {
            let method = handler.split('(').next().unwrap_or_default();
            if !METHODS.contains(&method) {
                return Err(row_of().into());
            }
            routes.insert(format!("{method} {path}"));
        }
    }
    Ok(routes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_router_is_placed() {
        hold_against_the_router().unwrap();
    }

    #[test]
    fn every_method_of_a_row_is_read() {
        let rows =
            ".route(\"/a/{b}\", get(a::b).post(a::c).layer(body(A)))\n.route(\"/d\", delete(d::d))";
        let read: Vec<_> = table(rows).unwrap().into_iter().collect();
        assert_eq!(read, ["delete /d", "get /a/{b}", "post /a/{b}"]);
        assert!(table(".route(\"/a\", on(FILTER, a))").is_err());
        assert!(table(".route(A, get(a))").is_err());
    }
}
