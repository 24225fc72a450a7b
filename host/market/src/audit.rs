//! The audit: one line per run, kept for the person it ran for, or for its merchant.

use souk_core::{AppId, TraceId, UserId};
use souk_events::{Event, Outcome};
use souk_runtime::{Report, Use};
use souk_store::{Page, StoreError, Txn};

use crate::record::{AuditLine, Used, audit_log, audit_log_of_app};
use crate::{Market, MarketError, apps};

impl Market {
    /// Returns a page of what mini-apps did for a person, each line with its place.
    ///
    /// # Errors
    /// The store's.
    pub async fn activity(
        &self,
        user: UserId,
        page: Page<u64>,
    ) -> Result<Vec<(u64, AuditLine)>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move { Ok(txn.entries(&audit_log(user), page.clone()).await?) };
        self.store().view(read).await
    }

    /// Returns a page of what an app of a merchant's did for nobody, each line with its place.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], also for other people's.
    pub async fn activity_of_app(
        &self,
        merchant: UserId,
        of: &AppId,
        page: Page<u64>,
    ) -> Result<Vec<(u64, AuditLine)>, MarketError> {
        let page = &page;
        let read = |txn: Txn| async move {
            apps::check_merchant(&txn, merchant, of).await?;
            Ok(txn.entries(&audit_log_of_app(of), page.clone()).await?)
        };
        self.store().view(read).await
    }
}

/// Appends the line of one run to the commit it ends in.
pub(crate) fn append(
    txn: &Txn,
    event: &Event,
    trace: TraceId,
    version: u32,
    outcome: &Outcome,
    report: &Report,
) -> Result<(), StoreError> {
    let line = AuditLine {
        event: event.id,
        trace,
        app: event.app.clone(),
        version,
        chat: event.chat,
        at: event.at,
        ended: word(outcome).into(),
        uses: report.uses.iter().map(used).collect(),
        host_calls: report.cost.host_calls,
        memory_peak: report.cost.memory_peak as u64,
        bytes_in: report.cost.bytes_in,
        bytes_out: report.cost.bytes_out,
        fuel: report.cost.fuel,
        micros: report.cost.micros,
    };
    match event.user {
        Some(user) => txn.append(&audit_log(user), &line),
        None => txn.append(&audit_log_of_app(&event.app), &line),
    }
}

fn used(of: &Use) -> Used {
    Used {
        function: of.function.into(),
        permission: of.permission.into(),
        count: of.count,
        denied: of.denied,
    }
}

/// How a run ended, in one word.
pub(crate) fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Rejected(_) => "rejected",
        Outcome::InvalidInput(_) => "invalid-input",
        Outcome::Parked => "parked",
        Outcome::Fault { .. } => "fault",
    }
}
