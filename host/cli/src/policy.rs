//! What an operator decides about apps: one file for what they may do and how much of the host
//! they may take, with a section for every app and one for each app that is treated otherwise.

mod section;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use souk_core::AppId;
use souk_registry::grant::Policies;
use souk_runtime::Narrowers;

use crate::CliError;
use section::Section;

/// What the operator decides about apps.
#[derive(clap::Args)]
#[command(next_help_heading = "Apps")]
pub(crate) struct PolicyArgs {
    /// File with what apps may do and how they are bounded, in TOML, read at the start: [default]
    /// and [app."com.example.tea"], each with permissions and limits. Without one apps may do what
    /// they ask for and people agree to, but pay nobody out of their takings
    #[arg(long, env = "SOUK_POLICY", value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// What a file says, ready for a host.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// What apps may do.
    pub(crate) policies: Policies,
    /// How much narrower their runs are bounded.
    pub(crate) narrower: Narrowers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What holds for every app.
    #[serde(default)]
    default: Section,
    /// What else holds for single apps.
    #[serde(default)]
    app: BTreeMap<AppId, Section>,
}

impl PolicyArgs {
    /// Reads the file, if there is one.
    pub(crate) fn read(&self) -> Result<Decided, CliError> {
        match &self.policy {
            Some(path) => read(path),
            None => Ok(Decided::default()),
        }
    }
}

/// Reads a policy.
///
/// # Errors
/// What is wrong with the file, and where.
pub(crate) fn read(path: &Path) -> Result<Decided, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CliError::new(format!("the policy {} cannot be read", path.display()))
            .because(error)
            .hint("Name a file you may read")
    })?;
    parse(&text).map_err(|error| {
        CliError::new(format!("the policy {} is not one", path.display()))
            .because(error)
            .hint("Put that right and look again with `souk policy check FILE`")
    })
}

fn parse(text: &str) -> Result<Decided, toml::de::Error> {
    let File { default, app } = toml::from_str(text)?;
    let mut decided = Decided::default();
    decided.policies.every = default.permissions(&decided.policies.every);
    decided.narrower.every = default.limits(&decided.narrower.every);
    for (app, section) in app {
        let policy = section.permissions(&decided.policies.every);
        let narrower = section.limits(&decided.narrower.every);
        decided.policies.single.insert(app.clone(), policy);
        decided.narrower.single.insert(app, narrower);
    }
    Ok(decided)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use souk_registry::matter::named;
    use souk_runtime::bound;

    use super::*;

    #[test]
    fn what_an_app_is_not_told_of_is_as_for_every_app() {
        let decided = parse(
            "[default.permissions]\nhttp = \"denied\"\nschedule = \"denied\"\n\
             [default.limits]\nrun_ms = 500\nmessages = 4\n\
             [app.\"com.example.tea\".permissions]\nschedule = \"as-asked\"\n\
             [app.\"com.example.tea\".limits]\nmessages = 8\n",
        );
        let decided = decided.unwrap();
        let says = |app: &str| {
            let app: AppId = app.parse().unwrap();
            let policy = decided.policies.of(&app);
            let narrower = decided.narrower.of(&app);
            let allowed = |name| policy.allowed(named(name).unwrap());
            let most = |name| narrower.most(bound(name).unwrap());
            let (http, schedule) = (allowed("http"), allowed("schedule"));
            let (run, messages) = (most("run_ms"), most("messages"));
            format!("http {http}, schedule {schedule}, {run:?} ms, {messages:?} messages")
        };
        assert_eq!(
            says("com.example.inn"),
            "http denied, schedule denied, Some(500) ms, Some(4) messages"
        );
        assert_eq!(
            says("com.example.tea"),
            "http denied, schedule as asked, Some(500) ms, Some(8) messages"
        );
    }

    #[test]
    fn nothing_said_is_a_policy() {
        let decided = parse("").unwrap();
        assert_eq!(decided.policies, Policies::default());
        assert_eq!(decided.narrower, Narrowers::default());
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "a page is written where it is expected"
    )]
    fn wrong(text: &str, expected: Expect) {
        expected.assert_eq(&parse(text).unwrap_err().to_string());
    }

    #[test]
    fn what_is_wrong_has_a_place_and_a_next_step() {
        wrong(
            "[defaults]\n",
            expect![[r#"
            TOML parse error at line 1, column 2
              |
            1 | [defaults]
              |  ^^^^^^^^
            unknown field `defaults`, expected `default` or `app`
        "#]],
        );
        wrong(
            "[app.tea.limits]\nrun_ms = 1\n",
            expect![[r#"
            TOML parse error at line 1, column 6
              |
            1 | [app.tea.limits]
              |      ^^^
            `tea` is not an app id; write a reverse domain name in small letters, like com.example.tea
        "#]],
        );
    }

    #[test]
    fn a_wrong_permission_has_a_place_and_a_next_step() {
        wrong(
            "[default.permissions]\nfly = \"denied\"\n",
            expect![[r#"
            TOML parse error at line 2, column 1
              |
            2 | fly = "denied"
              | ^^^
            there is no permission `fly`: write one of messaging.post, messaging.push, messaging.listen, identity.profile, identity.merchant-id, wallet.request, wallet.pay-out, storage.app, storage.chat, storage.user, config, schedule, http
        "#]],
        );
        wrong(
            "[default.permissions]\nhttp = true\n",
            expect![[r#"
            TOML parse error at line 2, column 8
              |
            2 | http = true
              |        ^^^^
            invalid type: boolean `true`, expected "as-asked" or "denied", or origins like ["https://api.example.com"]
        "#]],
        );
        wrong(
            "[default.permissions]\nhttp = \"no\"\n",
            expect![[r#"
            TOML parse error at line 2, column 8
              |
            2 | http = "no"
              |        ^^^^
            `no` says nothing of `http`: write "as-asked" or "denied", or origins like ["https://api.example.com"]
        "#]],
        );
        wrong(
            "[default.permissions]\nhttp = [\"a.example\"]\n",
            expect![[r#"
                TOML parse error at line 2, column 8
                  |
                2 | http = ["a.example"]
                  |        ^^^^^^^^^^^^^
                `a.example` for `http`: an origin starts with `https://` or `http://`: write "as-asked" or "denied", or origins like ["https://api.example.com"]
            "#]],
        );
        wrong(
            "[default.permissions]\nschedule = [\"1\"]\n",
            expect![[r#"
            TOML parse error at line 2, column 12
              |
            2 | schedule = ["1"]
              |            ^^^^^
            `schedule` is had or not: write "as-asked" or "denied"
        "#]],
        );
    }

    #[test]
    fn a_wrong_limit_has_a_place_and_a_next_step() {
        wrong(
            "[default.limits]\nrun_seconds = 1\n",
            expect![[r#"
            TOML parse error at line 2, column 1
              |
            2 | run_seconds = 1
              | ^^^^^^^^^^^
            there is no limit `run_seconds`: write one of run_ms, memory_bytes, app_runs_at_once, app_run_waits_ms, host_calls, wasi_calls, host_call_bytes, money_call_bytes, answer_bytes, handles, log_bytes, messages, orders, staged_bytes, bucket_bytes, timers, reads, reads_ms, sends, http_per_minute, http_at_once
        "#]],
        );
        wrong(
            "[default.limits]\nrun_ms = 600000\n",
            expect![[r#"
            TOML parse error at line 2, column 10
              |
            2 | run_ms = 600000
              |          ^^^^^^
            `run_ms` cannot be 600000: write a number from 1 to 2000
        "#]],
        );
        wrong(
            "[default.limits]\nrun_ms = 0\n",
            expect![[r#"
            TOML parse error at line 2, column 10
              |
            2 | run_ms = 0
              |          ^
            `run_ms` cannot be 0: write a number from 1 to 2000
        "#]],
        );
        wrong(
            "[default.limits]\nrun_ms = \"1\"\n",
            expect![[r#"
            TOML parse error at line 2, column 10
              |
            2 | run_ms = "1"
              |          ^^^
            invalid type: string "1", expected u64
        "#]],
        );
    }
}
