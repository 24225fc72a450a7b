//! The table of targets: 0 forbidden connects. Behind each protection taken away there are some.

use std::time::Duration;

use souk_core::{Method, Reach};
use souk_egress::{Protections, Refusal, Request};

use crate::table;

const PATIENCE: Duration = Duration::from_secs(5);

/// How many targets lead to a forbidden connect, read naively behind these protections; redirects
/// are followed if one says so.
async fn reached(protections: Protections, follow: bool) -> usize {
    let mut reached = 0;
    for line in table::lines() {
        let target = table::target(line);
        table::ask(&target, protections, follow).await;
        reached += usize::from(!target.net.forbidden().is_empty());
    }
    reached
}

#[tokio::test]
async fn no_target_is_reached() {
    let (mut refused, mut fine) = (0, 0);
    for line in table::lines() {
        let target = table::target(line);
        let answer = match Request::parse("GET", &target.url, Vec::new(), Vec::new()) {
            Ok(request) => {
                table::send(&target, &request, Protections::default())
                    .await
                    .answer
            }
            Err(refusal) => Err(refusal),
        };
        assert_eq!(target.net.forbidden(), [], "{}", target.url);
        let connected = target.net.reached() > 0;
        if target.fine {
            assert!(connected, "{}: {answer:?}", target.url);
            fine += 1;
        } else {
            refused += usize::from(!connected);
        }
    }
    assert!(
        refused >= 300 && fine >= 6,
        "{refused} refused, {fine} fine"
    );
}

#[tokio::test]
async fn the_addresses_alone_keep_every_target_out() {
    assert_eq!(reached(Protections::default(), true).await, 0);
}

#[tokio::test]
async fn without_the_check_of_addresses_targets_are_reached() {
    let bare = Protections {
        addresses: false,
        ..Protections::default()
    };
    let reached = reached(bare, false).await;
    assert!(reached >= 250, "{reached}");
}

#[tokio::test]
async fn without_looking_up_once_names_that_turn_are_reached() {
    let twice = Protections {
        looked_up_once: false,
        ..Protections::default()
    };
    let turning = table::TARGETS.matches(".rebind.example").count();
    assert_eq!(reached(twice, false).await, turning);
}

#[tokio::test]
async fn following_redirects_reaches_what_nobody_asked_for() {
    let bare = Protections {
        addresses: false,
        ..Protections::default()
    };
    let (asked, followed) = (reached(bare, false).await, reached(bare, true).await);
    assert!(
        followed >= asked + 10,
        "{followed} with redirects, {asked} without"
    );
}

#[tokio::test]
async fn only_what_was_granted_is_asked() {
    let target = table::target("https://api.good.example/ = 93.184.216.34");
    let app = "com.example.tea".parse().unwrap();
    let mut request = Request::parse("GET", &target.url, Vec::new(), Vec::new()).unwrap();
    let reach = |origin: &str, method| {
        [Reach {
            origin: origin.parse().unwrap(),
            methods: vec![method],
        }]
    };
    let egress = target.net.egress(Protections::default());
    for granted in [
        reach("https://good.example", Method::Get),
        reach("https://api.good.example:8443", Method::Get),
        reach("http://api.good.example", Method::Get),
        reach("https://api.good.example", Method::Post),
    ] {
        let sent = egress.send(&app, &granted, &request, PATIENCE).await;
        assert_eq!(sent.answer, Err(Refusal::NotGranted));
        assert_eq!(
            sent.line.to_string(),
            "GET https://api.good.example not-granted in 0 ms"
        );
    }
    assert_eq!(target.net.reached(), 0);
    request.method = Method::Delete;
    let open = Protections {
        reach: false,
        ..Protections::default()
    };
    drop(
        target
            .net
            .egress(open)
            .send(&app, &[], &request, PATIENCE)
            .await,
    );
    assert_eq!(target.net.reached(), 1);
}
