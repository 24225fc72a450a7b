//! Proves `http`: reading the outside at once, and changing it once the event has committed.
//!
//! | command | does |
//! |---|---|
//! | `get URL` | reads, and reports the status and the body |
//! | `twice URL` | reads the same thing twice |
//! | `many URL N` | reads N different things |
//! | `send METHOD URL BODY` | stages a request |
//! | `fail METHOD URL` | stages one, then fails |
//! | `flood URL N` | stages N |
//! | `big URL BYTES` | stages one that carries so much |
//! | `left` | reports what is left of its limits |
//!
//! The answer to a request is posted; one that carries `more` is answered with another request.
//! Needs `http` and `messaging.post`; what is not granted is `denied not-granted`.

use guests::{Report, words};
use souk_sdk::http;
use souk_sdk::prelude::*;

struct Http;

impl MiniApp for Http {
    fn command(_: &Event, command: Command) -> Result {
        let mut report = Report::default();
        let [one, two, three] = words(&command);
        match command.name() {
            "get" => report.note("reader.get", get(one)),
            "twice" => {
                report.note("reader.get", get(one));
                report.note("reader.get", get(one));
            }
            "many" => {
                for number in 0..two.parse().unwrap_or(0) {
                    report.note("reader.get", get(&format!("{one}?{number}")));
                }
            }
            "send" => drop(report.check("outbox.send", send(one, two, three.into()))),
            "fail" => {
                report.check("outbox.send", send(one, two, Vec::new()));
                return Err(Failure::rejected("changed my mind"));
            }
            "flood" => {
                for _ in 0..two.parse().unwrap_or(0) {
                    report.check("outbox.send", send("POST", one, Vec::new()));
                }
            }
            "big" => {
                let body = vec![b'x'; two.parse().unwrap_or(0)];
                report.check("outbox.send", send("POST", one, body));
            }
            "left" => {
                for left in http::allowances() {
                    report.say(
                        "allowance",
                        format_args!("{} {}", left.name, left.remaining),
                    );
                }
            }
            _ => return Err(command.unknown()),
        }
        report.tell()
    }

    fn response(_: &Event, answer: Answer) -> Result {
        let mut report = Report::default();
        match answer.outcome() {
            Ok(response) => {
                let body = String::from_utf8_lossy(response.body()).into_owned();
                report.say("response", format_args!("{} {body}", response.status()));
                if let Some(url) = body.strip_prefix("more ") {
                    report.check("outbox.send", send("POST", url, Vec::new()));
                }
            }
            Err(silence) => report.say("response", format_args!("none: {}", silence.code)),
        }
        report.tell()
    }
}

fn get(url: &str) -> Result<String, Denied> {
    let response = http::get(url)?;
    let body = String::from_utf8_lossy(response.body()).into_owned();
    Ok(format!("{} {body}", response.status()))
}

fn send(method: &str, url: &str, body: Vec<u8>) -> Result<http::RequestId, Denied> {
    let request = match method {
        "PUT" => http::put(url),
        "PATCH" => http::patch(url),
        "DELETE" => http::delete(url),
        _ => http::post(url),
    };
    request.header("accept", "text/plain").body(body).send()
}

souk_sdk::export!(Http);
