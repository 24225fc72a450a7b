//! What can be wrong with a request.

use serde_json::{Value, json};

use crate::desk::{Answer, Desk, answered};
use crate::routes::{ALL, Route, Who};

/// Ids that are well formed, and nobody's.
const UNKNOWN: [(&str, &str); 10] = [
    ("{app}", "com.example.nobody"),
    ("{token}", "tok_000000000000000000000000cm"),
    ("{chat}", "cht_000000000000000000000000cm"),
    ("{message}", "msg_000000000000000000000000cm"),
    ("{event}", "evt_000000000000000000000000cm"),
    ("{consent}", "cns_000000000000000000000000cm"),
    ("{entry}", "ent_000000000000000000000000cm"),
    ("{transfer}", "trf_000000000000000000000000cm"),
    ("{order}", "ord_000000000000000000000000cm"),
    ("{trace}", "trc_000000000000000000000000cm"),
];

/// The path with every part replaced.
fn filled(path: &str, with: impl Fn(&str) -> String) -> String {
    let parts = path.split('/').map(|part| {
        if part.starts_with('{') {
            with(part)
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

fn unknown(part: &str) -> String {
    let known = UNKNOWN.iter().find(|(name, _)| *name == part);
    known.map_or("nobody", |(_, id)| id).to_owned()
}

/// Routes with an id in their address.
fn with_ids() -> impl Iterator<Item = &'static Route> {
    ALL.iter()
        .filter(|route| route.path.contains('{') && route.who != Who::Anybody)
}

/// Routes that take JSON.
fn with_json() -> impl Iterator<Item = &'static Route> {
    ALL.iter().filter(|route| !route.body().is_null())
}

async fn send(desk: &Desk, route: &Route, path: &str) -> Answer {
    let request = desk.by(route.who, route.method, path);
    let request = if route.body().is_null() {
        request
    } else {
        request.json(&route.body())
    };
    answered(request, &format!("{} {path}", route.method)).await
}

#[tokio::test]
async fn without_a_token_nobody_is_let_in() {
    let desk = Desk::open().await;
    for route in ALL.iter().filter(|route| route.who == Who::People) {
        let path = filled(route.path, unknown);
        for token in ["", "nonsense", "souk_0000"] {
            let request = desk
                .as_nobody(route.method, &path)
                .bearer_auth(token)
                .json(&route.body());
            let answer = answered(request, &format!("{} {path}", route.method)).await;
            // Which apps there are is no secret, and a socket must first be asked for.
            let open = route.method == "GET" && route.path == "/v1/apps";
            if !open {
                assert_eq!(answer.problem.as_deref(), Some("not-signed-in"), "{path}");
            }
        }
    }
    desk.close().await;
}

#[tokio::test]
async fn only_the_operators_own_token_is_the_operators() {
    let desk = Desk::open().await;
    for route in ALL.iter().filter(|route| route.who == Who::Operator) {
        let path = filled(route.path, unknown);
        let what = format!("{} {path}", route.method);
        for request in [
            desk.as_nobody(route.method, &path),
            desk.as_nobody(route.method, &path)
                .bearer_auth("operator_0"),
            desk.ask(route.method, &path),
        ] {
            let answer = answered(request.json(&route.body()), &what).await;
            assert_eq!(answer.problem.as_deref(), Some("not-operator"), "{what}");
        }
    }
    // And it is nobody else's: the operator has no wallet.
    let answer = answered(desk.by(Who::Operator, "GET", "/v1/wallet"), "wallet").await;
    assert_eq!(answer.problem.as_deref(), Some("not-signed-in"));
    desk.close().await;
}

#[tokio::test]
async fn what_a_rail_cannot_carry_is_refused_with_the_reason() {
    let desk = Desk::open().await;
    let (usd, gold) = (
        json!({"minor": 1, "currency": "USD"}),
        json!({"minor": 1, "currency": "GOLD:4"}),
    );
    for (rail, amount, to, problem) in [
        ("bank", &gold, "DE02", "invalid"),
        ("chain", &usd, "DE02", "invalid"),
        ("chain", &gold, "DE02", "invalid"),
        ("manual", &usd, "DE02", "invalid"),
        ("bank", &usd, "", "invalid"),
        ("bank", &usd, "DE02", "insufficient-funds"),
    ] {
        for path in ["/v1/wallet/withdrawals", "/v1/takings/withdrawals"] {
            let ask = json!({"rail": rail, "amount": amount, "to": to});
            let what = format!("{path} {ask}");
            let answer = answered(desk.ask("POST", path).json(&ask), &what).await;
            assert_eq!(
                answer.problem.as_deref(),
                Some(problem),
                "{what}: {answer:?}"
            );
        }
    }
    desk.close().await;
}

#[tokio::test]
async fn what_the_operator_cannot_book_is_refused_with_the_reason() {
    let desk = Desk::open().await;
    let long = "x".repeat(201);
    for (who, source, minor, reason, problem) in [
        ("nobody", "wallet", 0, "", "not-found"),
        ("ana", "wallet", 0, "", "invalid"),
        ("ana", "takings", 1, "\u{200b}", "invalid"),
        ("ana", "wallet", 1, long.as_str(), "invalid"),
        ("ana", "wallet", 0, "cash", "invalid"),
        ("ana", "wallet", 1, "cash", "insufficient-funds"),
        ("ana", "takings", 1, "cash", "insufficient-funds"),
        ("ana", "shoe", 1, "cash", "malformed-body"),
    ] {
        let amount = json!({"minor": minor, "currency": "USD"});
        let ask = json!({"from": who, "source": source, "amount": amount, "reason": reason});
        let request = desk.by(Who::Operator, "POST", "/v1/operator/withdrawals");
        let answer = answered(request.json(&ask), &ask.to_string()).await;
        assert_eq!(
            answer.problem.as_deref(),
            Some(problem),
            "{ask}: {answer:?}"
        );
    }
    let amount = json!({"minor": 1, "currency": "USD"});
    let ask = json!({"app": "com.example.none", "amount": amount, "reason": "dispute"});
    let request = desk.by(Who::Operator, "POST", "/v1/operator/recalls");
    let answer = answered(request.json(&ask), "recall").await;
    assert_eq!(answer.problem.as_deref(), Some("not-found"));
    desk.close().await;
}

#[tokio::test]
async fn what_is_nobodys_is_not_found() {
    let desk = Desk::open().await;
    for route in with_ids() {
        let path = filled(route.path, unknown);
        let answer = send(&desk, route, &path).await;
        assert_eq!(answer.status, 404, "{} {path}: {answer:?}", route.method);
    }
    desk.close().await;
}

#[tokio::test]
async fn what_is_no_id_is_refused_with_its_place() {
    let desk = Desk::open().await;
    let long = "a".repeat(4_000);
    let wrong = [
        "x",
        "ord_",
        "cht_!",
        "..",
        "%00",
        "%ff",
        "%2e%2e%2f",
        "msg_ü",
        &long,
    ];
    for route in with_ids() {
        for text in wrong {
            let path = filled(route.path, |_| text.to_owned());
            let answer = send(&desk, route, &path).await;
            assert!((400..=405).contains(&answer.status), "{path}: {answer:?}");
        }
    }
    desk.close().await;
}

#[tokio::test]
async fn a_body_that_is_not_what_is_asked_for_is_refused() {
    let desk = Desk::open().await;
    let deep = "[".repeat(20_000);
    let large = format!("\"{}\"", "a".repeat(300 << 10));
    let wrong = [
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{}",
        "\u{feff}{}",
        "\0",
        &deep,
        &large,
    ];
    for route in with_json() {
        let path = filled(route.path, unknown);
        for body in wrong {
            let request = desk
                .by(route.who, route.method, &path)
                .body(body.to_owned());
            let what = format!("{} {path} {}", route.method, body.get(..20).unwrap_or(body));
            let answer = answered(request, &what).await;
            let kind = answer.problem.as_deref();
            assert!(
                matches!(kind, Some("malformed-body" | "too-large")),
                "{what}: {answer:?}"
            );
            assert!(
                answer.status == 413 || answer.detail.contains("line"),
                "{what}: {answer:?}"
            );
        }
    }
    desk.close().await;
}

#[tokio::test]
async fn no_field_of_another_kind_fails_the_host() {
    let desk = Desk::open().await;
    let strange = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1e308),
        json!(0.5),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("\u{202e}\u{feff}\u{0}<script>'; DROP TABLE"),
        json!("a".repeat(100_000)),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!({"minor": -1, "currency": "USD"}),
        json!({"minor": 1, "currency": "usd"}),
        json!({"minor": 9_007_199_254_740_992_u64, "currency": "USD"}),
    ];
    for route in with_json() {
        let path = filled(route.path, unknown);
        let fields: Vec<String> = route.body().as_object().unwrap().keys().cloned().collect();
        for field in &fields {
            for value in &strange {
                let mut body = route.body();
                body[field] = value.clone();
                let request = desk.by(route.who, route.method, &path).json(&body);
                answered(request, &format!("{} {path} {field}", route.method)).await;
            }
        }
    }
    desk.close().await;
}

#[tokio::test]
async fn a_query_that_cannot_be_is_refused() {
    let desk = Desk::open().await;
    let lists = [
        "/v1/me/activity?",
        "/v1/wallet/statement?currency=USD&",
        "/v1/takings/statement?currency=USD&",
        "/v1/orders?",
        "/v1/wallet/deposits?",
        "/v1/wallet/withdrawals?",
    ];
    for list in lists {
        for query in [
            "limit=0",
            "limit=-1",
            "limit=201",
            "limit=many",
            "limit=1&limit=2",
        ] {
            let what = format!("{list}{query}");
            let answer = answered(desk.ask("GET", &what), &what).await;
            assert_eq!(
                answer.problem.as_deref(),
                Some("malformed-query"),
                "{what}: {answer:?}"
            );
        }
    }
    for what in [
        "/v1/wallet/statement",
        "/v1/takings/statement?currency=",
        "/v1/wallet/statement?currency=dollars",
        "/v1/wallet/statement?currency=USD&cursor=x",
        "/v1/orders?waiting=perhaps",
    ] {
        let answer = answered(desk.ask("GET", what), what).await;
        assert_eq!(
            answer.problem.as_deref(),
            Some("malformed-query"),
            "{what}: {answer:?}"
        );
    }
    for query in ["", "person=ana&app=com.example.tea", "app=nonsense"] {
        let what = format!("/v1/operator/accounts?{query}");
        let answer = answered(desk.by(Who::Operator, "GET", &what), &what).await;
        let kind = answer.problem.as_deref();
        assert_eq!(kind, Some("malformed-query"), "{what}: {answer:?}");
    }
    desk.close().await;
}

#[tokio::test]
async fn a_key_is_one_line_of_plain_text_and_stands_for_one_request() {
    let desk = Desk::open().await;
    let long = "k".repeat(201);
    for key in ["", &long, "schlüssel"] {
        let request = desk
            .ask("POST", "/v1/wallet/deposits")
            .header("idempotency-key", key);
        let request = request.json(&json!({"amount": {"minor": 1, "currency": "USD"}}));
        let answer = answered(request, key).await;
        assert_eq!(answer.problem.as_deref(), Some("malformed-key"), "{key}");
    }
    for (minor, expected) in [(1, None), (1, None), (2, Some("key-reused"))] {
        let request = desk
            .ask("POST", "/v1/wallet/deposits")
            .header("idempotency-key", "k");
        let request = request.json(&json!({"amount": {"minor": minor, "currency": "USD"}}));
        assert_eq!(answered(request, "key").await.problem.as_deref(), expected);
    }
    desk.close().await;
}

#[tokio::test]
async fn another_method_and_another_address_are_answered_too() {
    let desk = Desk::open().await;
    for route in &ALL {
        let path = filled(route.path, unknown);
        let answer = answered(desk.ask("PATCH", &path), &path).await;
        assert_eq!(answer.problem.as_deref(), Some("no-such-method"), "{path}");
    }
    for path in [
        "/v2",
        "/v1",
        "/v1/",
        "//",
        "/web",
        "/web/../main.js",
        "/v1/wallet/",
    ] {
        let answer = answered(desk.ask("GET", path), path).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    desk.close().await;
}
