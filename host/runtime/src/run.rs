//! One invocation: a fresh sandbox, one event, one answer.

use souk_store::{StoreError, Txn};
use tokio::time::timeout;
use wasmtime::{Store, Trap, UpdateDeadline};

use crate::convert;
use crate::ctx::{Ctx, Job};
use crate::denied::Halt;
use crate::engine::Runtime;
use crate::outcome::{Cost, End, Fault, FaultKind, Report, Use};
use crate::prepare::Prepared;
use crate::words::short;

/// How wasmtime says that one call brought more than [`Store::set_hostcall_fuel`]. It has no type
/// for it that can be named; the hostile guests' tests watch that the words stay.
const CALL_BYTES: &str = "fuel allocated for hostcalls has been exhausted";
/// How it says that there are more handles than [`Store::set_max_component_handles`], likewise.
const HANDLES: &str = "store handle limit exceeded";

impl Runtime {
    /// Runs an app for one event. What it does is staged in `txn`, which is neither committed nor
    /// discarded here: whoever called looks at the end and decides.
    ///
    /// # Errors
    /// What the store answered to a host call; the run ended there.
    pub async fn run(
        &self,
        prepared: &Prepared,
        job: Job,
        txn: &Txn,
    ) -> Result<Report, StoreError> {
        // Never closed, so this only waits.
        let _place = self.places().acquire().await;
        let mut store = self.sandbox(Ctx::new(job, txn, self.limits()));
        let answer = timeout(self.limits().patience(), answer(prepared, &mut store)).await;
        let ctx = store.into_data();
        let end = match answer {
            Ok(Ok(end)) => end,
            Ok(Err(error)) => explain(&error, &ctx)?,
            Err(_) => End::Fault(too_slow(&ctx)),
        };
        Ok(report(end, ctx))
    }

    /// A fresh sandbox, its bounds set before anything of the guest runs.
    fn sandbox(&self, ctx: Ctx) -> Store<Ctx> {
        let limits = self.limits();
        let ticks = limits.ticks();
        let mut store = Store::new(self.engine(), ctx);
        store.limiter(|ctx| &mut ctx.limiter);
        store.set_hostcall_fuel(limits.host_call_bytes);
        // A handle that is in use counts twice here; the table of what is behind them counts right.
        store.set_max_component_handles(limits.handles.saturating_mul(2));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |mut store| {
            let ctx = store.data_mut();
            ctx.ticks = ctx.ticks.saturating_add(1);
            ctx.calls_at_tick = ctx.door.calls();
            if ctx.ticks >= ticks {
                return Err(Halt::Fault(FaultKind::Deadline).into());
            }
            // Others get the thread between two ticks.
            Ok(UpdateDeadline::Yield(1))
        });
        store
    }
}

/// Starts the guest and has it handle the event.
async fn answer(prepared: &Prepared, store: &mut Store<Ctx>) -> wasmtime::Result<End> {
    let event = convert::event(&store.data().job);
    let app = prepared.app().instantiate_async(&mut *store).await?;
    store.data_mut().started = true;
    let answer = app
        .souk_miniapp_handler()
        .call_handle(&mut *store, &event)
        .await?;
    Ok(convert::end(answer))
}

/// Says why a run ended that did not answer.
fn explain(error: &wasmtime::Error, ctx: &Ctx) -> Result<End, StoreError> {
    let kind = match error.downcast_ref::<Halt>() {
        Some(Halt::Store(error)) => return Err(error.clone()),
        Some(Halt::NeedsConsent(claims)) => {
            return Ok(End::NeedsConsent {
                claims: claims.clone(),
            });
        }
        Some(Halt::Fault(kind)) => *kind,
        None => kind(error, ctx),
    };
    Ok(End::Fault(Fault::new(
        kind,
        short(format_args!("{error:?}")),
    )))
}

/// A run that was given up. If it has called nothing since its last tick, it was computing;
/// otherwise it waited for the host.
fn too_slow(ctx: &Ctx) -> Fault {
    let computing = ctx.ticks > 0 && ctx.calls_at_tick == ctx.door.calls();
    let kind = if computing {
        FaultKind::Deadline
    } else {
        FaultKind::HostSlow
    };
    Fault::new(
        kind,
        format!("given up after {} ticks of its own", ctx.ticks),
    )
}

/// What an error of the engine's own means.
fn kind(error: &wasmtime::Error, ctx: &Ctx) -> FaultKind {
    let says = |words| error.chain().any(|cause| cause.to_string().contains(words));
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => FaultKind::StackOverflow,
        None if says(CALL_BYTES) => FaultKind::CallBytes,
        None if says(HANDLES) => FaultKind::Handles,
        _ if ctx.limiter.refused() => FaultKind::Memory,
        Some(_) => FaultKind::Crash,
        None if ctx.started => FaultKind::Crash,
        None => FaultKind::Start,
    }
}

fn report(end: End, ctx: Ctx) -> Report {
    let cost = Cost {
        memory_peak: ctx.limiter.held(),
        ..ctx.door.cost()
    };
    let called = ctx.door.into_called();
    let log = ctx.wasi.log.take();
    Report {
        end: ctx.config.struck_from(end),
        cost,
        log: log
            .into_iter()
            .map(|line| ctx.config.strike(line))
            .collect(),
        uses: Use::of(&called),
        called,
    }
}
