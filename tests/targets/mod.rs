//! Hundreds of targets that no request may reach, and a network that goes nowhere and counts what
//! is connected to. The tests of `host/egress` and the campaign SSRF have them in common.

pub(crate) mod net;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use souk_core::{Method, Origin, Reach, Scheme};
use souk_egress::{Protections, Request, Sent};

use self::net::Counting;

/// One target in each line that does not begin with `#`.
pub(crate) const TARGETS: &str = include_str!("targets.txt");
const PATIENCE: Duration = Duration::from_secs(5);

/// A line of the table: `URL = ANSWER, ANSWER / ANSWER OF THE NEXT LOOK-UP > LOCATION`.
pub(crate) struct Target {
    pub(crate) url: String,
    /// Whether it may be reached.
    pub(crate) fine: bool,
    pub(crate) net: Arc<Counting>,
}

/// The lines of the table.
pub(crate) fn lines() -> impl Iterator<Item = &'static str> {
    TARGETS.lines().filter(|line| !line.starts_with('#'))
}

/// Reads a line of the table. Its network is new.
pub(crate) fn target(line: &str) -> Target {
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
pub(crate) fn read_naively(url: &str) -> Option<Request> {
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
pub(crate) async fn send(target: &Target, request: &Request, protections: Protections) -> Sent {
    let app = "com.example.spy".parse().unwrap();
    let reach = [Reach {
        origin: request.origin.clone(),
        methods: vec![request.method],
    }];
    let egress = target.net.egress(protections);
    egress.send(&app, &reach, request, PATIENCE).await
}

/// Asks a target as a program in a hurry would, and goes where the answer says, if it follows that.
pub(crate) async fn ask(target: &Target, protections: Protections, follow: bool) {
    let mut next = read_naively(&target.url);
    for _ in 0..2 {
        let Some(request) = next.take() else { break };
        let sent = send(target, &request, protections).await;
        if let (true, Ok(answer)) = (follow, sent.answer) {
            let location = answer
                .headers
                .into_iter()
                .find(|(name, _)| name == "location");
            next = location.and_then(|(_, url)| read_naively(&url));
        }
    }
}
