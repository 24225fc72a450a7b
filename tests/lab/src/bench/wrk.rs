//! The load generator: wrk, one thread, with requests that were prepared.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::figures::Figures;
use crate::Wrong;

/// Cycles through a file of requests, and tells what came of them.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/wrk/cycle.lua");

/// A request as the script reads it.
pub(super) struct Request {
    pub(super) path: String,
    pub(super) token: String,
    /// JSON, in one line.
    pub(super) body: String,
}

/// Writes requests down for [`load`].
pub(super) fn write(to: &Path, requests: &[Request]) -> Result<(), Wrong> {
    let line = |one: &Request| format!("{}\t{}\t{}\n", one.path, one.token, one.body);
    Ok(std::fs::write(
        to,
        requests.iter().map(line).collect::<String>(),
    )?)
}

/// Sends prepared requests to a host for a while. An answer that is not a success, or none, is an
/// error: what was refused costs less than what was done.
pub(super) async fn load(
    base: &str,
    requests: &Path,
    connections: usize,
    time: Duration,
) -> Result<Figures, Wrong> {
    let (connections, seconds) = (
        format!("-c{connections}"),
        format!("-d{}s", time.as_secs().max(1)),
    );
    let mut wrk = Command::new("wrk");
    wrk.args([
        "-t1",
        &connections,
        &seconds,
        "--timeout",
        "10s",
        "-s",
        SCRIPT,
        base,
        "--",
    ])
    .arg(requests);
    let said = wrk
        .stderr(Stdio::inherit())
        .output()
        .await
        .map_err(|error| format!("wrk cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&said.stdout);
    let counts = text
        .lines()
        .find_map(counts)
        .ok_or_else(|| format!("wrk says:\n{text}"))?;
    let [answers, micros, refused, broken, p50, p99] = counts;
    if refused + broken > 0 {
        return Err(format!(
            "of {answers} requests, {refused} were refused and {broken} broke off"
        )
        .into());
    }
    let rate = Duration::from_micros(micros).as_secs_f64().recip() * answers as f64;
    Ok(Figures {
        rate,
        p50: Duration::from_micros(p50),
        p99: Duration::from_micros(p99),
    })
}

/// Reads the script's line: the numbers in it, in the order they are in.
fn counts(line: &str) -> Option<[u64; 6]> {
    let words = line.strip_prefix("lab ")?.split(' ');
    let numbers: Vec<u64> = words.filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_script_is_read() {
        let line = "lab 100 answers 5000 us 1 refused 2 broken 30 p50 90 p99";
        assert_eq!(counts(line), Some([100, 5_000, 1, 2, 30, 90]));
        assert_eq!(counts("Requests/sec: 100"), None);
    }
}
