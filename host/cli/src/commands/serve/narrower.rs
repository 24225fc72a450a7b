//! What the operator decides about the runs of single apps, from a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use souk_core::AppId;
use souk_runtime::Narrower;

use crate::CliError;

/// Apps that are held shorter than others.
#[derive(clap::Args)]
#[command(next_help_heading = "Apps")]
pub(super) struct AppArgs {
    /// File with narrower bounds for single apps, in TOML: a table for each app id, like
    /// ["com.example.tea"], with any of run_ms, memory_bytes, host_calls, answer_bytes, log_bytes,
    /// messages, orders and staged_bytes
    #[arg(long, env = "SOUK_APP_LIMITS", value_name = "FILE")]
    app_limits: Option<PathBuf>,
}

/// One table of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    run_ms: Option<u64>,
    memory_bytes: Option<usize>,
    host_calls: Option<u64>,
    answer_bytes: Option<usize>,
    log_bytes: Option<usize>,
    messages: Option<usize>,
    orders: Option<usize>,
    staged_bytes: Option<usize>,
}

impl AppArgs {
    /// Reads the file, if there is one.
    pub(super) fn read(&self) -> Result<BTreeMap<AppId, Narrower>, CliError> {
        let Some(path) = &self.app_limits else {
            return Ok(BTreeMap::new());
        };
        let text = std::fs::read_to_string(path).map_err(|error| unread(path, error))?;
        parse(&text).map_err(|error| unread(path, error))
    }
}

fn parse(text: &str) -> Result<BTreeMap<AppId, Narrower>, toml::de::Error> {
    let tables: BTreeMap<AppId, Table> = toml::from_str(text)?;
    let narrower = |(app, table): (AppId, Table)| (app, table.into());
    Ok(tables.into_iter().map(narrower).collect())
}

fn unread(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> CliError {
    CliError::new(format!("{} cannot be read", path.display()))
        .because(error)
        .hint("Write a table for each app, like [\"com.example.tea\"] with run_ms = 500")
}

impl From<Table> for Narrower {
    fn from(table: Table) -> Self {
        Self {
            run_ms: table.run_ms,
            memory_bytes: table.memory_bytes,
            host_calls: table.host_calls,
            answer_bytes: table.answer_bytes,
            log_bytes: table.log_bytes,
            messages: table.messages,
            orders: table.orders,
            staged_bytes: table.staged_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_for_each_app() {
        let read = parse("[\"com.example.tea\"]\nrun_ms = 500\nmessages = 2\n").unwrap();
        let tea: AppId = "com.example.tea".parse().unwrap();
        let expected = Narrower {
            run_ms: Some(500),
            messages: Some(2),
            ..Narrower::default()
        };
        assert_eq!(read.get(&tea), Some(&expected));
        assert!(parse("[\"com.example.tea\"]\nrun_seconds = 1\n").is_err());
        assert!(parse("[tea]\nrun_ms = 1\n").is_err(), "no app id");
        assert!(parse("").unwrap().is_empty());
    }
}
