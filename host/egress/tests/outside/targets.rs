//! The table of targets: 0 forbidden connects. Behind each protection taken away there are some.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use souk_core::{Method, Origin, Reach, Scheme};
use souk_egress::{Protections, Refusal, Request, Sent};

use crate::net::Counting;

const TARGETS: &str = include_str!("targets.txt");
const PATIENCE: Duration = Duration::from_secs(5);

/// A line of the table: `URL = ANSWER, ANSWER / ANSWER OF THE NEXT LOOK-UP > LOCATION`.
struct Target {
    url: String,
    fine: bool,
    net: Arc<Counting>,
}

fn targets() -> Vec<Target> {
    let lines = TARGETS.lines().filter(|line| !line.starts_with('#'));
    lines.map(target).collect()
}

fn target(line: &str) -> Target {
    let (line, fine) = line
        .strip_prefix("+ ")
        .map_or((line, false), |line| (line, true));
    let (rest, location) = match line.split_once(" > ") {
        Some((rest, location)) => (rest, Some(location.to_owned())),
        None => (line, None),
    };
    let (url, answers) = rest.split_once(" = ").unwrap_or((rest, ""));
    let addresses = |answer: &str| {
        let addresses = answer.split(", ").map(|address| address.trim().parse());
        addresses.collect::<Result<Vec<IpAddr>, _>>()
    };
    let answers = answers
        .split(" / ")
        .map_while(|answer| addresses(answer).ok());
    let url = url
        .replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\t", "\t");
    Target {
        url: url.replace("\\0", "\0"),
        fine,
        net: Counting::new(answers.collect(), location),
    }
}

/// How a program in a hurry reads a URL: it corrects what it can.
fn read_naively(url: &str) -> Option<Request> {
    let url = url.trim().to_lowercase().replace('\\', "/");
    let (scheme, rest) = url.split_once(':')?;
    let scheme = if scheme == "https" {
        Scheme::Https
    } else {
        Scheme::Http
    };
    let rest = rest.trim_start_matches('/');
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_port = authority.rsplit('@').next()?;
    let (host, port) = match host_port.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().unwrap_or(scheme.port())),
        _ => (host_port, scheme.port()),
    };
    let host = host.to_owned();
    Some(Request {
        method: Method::Get,
        origin: Origin { scheme, host, port },
        path: "/".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        idempotency_key: None,
    })
}

/// Sends a request whose origin its app was granted: whoever attacks writes the manifest.
async fn send(target: &Target, request: &Request, protections: Protections) -> Sent {
    let app = "com.example.spy".parse().unwrap();
    let reach = [Reach {
        origin: request.origin.clone(),
        methods: vec![request.method],
    }];
    let egress = target.net.egress(protections);
    egress.send(&app, &reach, request, PATIENCE).await
}

/// How many targets lead to a forbidden connect, read naively behind these protections; redirects
/// are followed if one says so.
async fn reached(protections: Protections, follow: bool) -> usize {
    let mut reached = 0;
    for target in targets() {
        let mut next = read_naively(&target.url);
        for _ in 0..2 {
            let Some(request) = next.take() else { break };
            let sent = send(&target, &request, protections).await;
            if let (true, Ok(answer)) = (follow, sent.answer) {
                let location = answer
                    .headers
                    .into_iter()
                    .find(|(name, _)| name == "location");
                next = location.and_then(|(_, url)| read_naively(&url));
            }
        }
        reached += usize::from(!target.net.forbidden().is_empty());
    }
    reached
}

#[tokio::test]
async fn no_target_is_reached() {
    let (mut refused, mut fine) = (0, 0);
    for target in targets() {
        let answer = match Request::parse("GET", &target.url, Vec::new(), Vec::new()) {
            Ok(request) => send(&target, &request, Protections::default()).await.answer,
            Err(refusal) => Err(refusal),
        };
        assert_eq!(target.net.forbidden(), [], "{}", target.url);
        let connected = !target.net.connects.lock().unwrap().is_empty();
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
    let turning = TARGETS.matches(".rebind.example").count();
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
    let target = target("https://api.good.example/ = 93.184.216.34");
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
    assert_eq!(*target.net.connects.lock().unwrap(), []);
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
    assert_eq!(target.net.connects.lock().unwrap().len(), 1);
}
