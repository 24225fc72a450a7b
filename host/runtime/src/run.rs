//! One invocation: a fresh sandbox, one event, one answer.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use souk_store::{StoreError, Txn};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout};
use wasmtime::{Store, Trap, UpdateDeadline};

use crate::bindings::souk::miniapp::events;
use crate::convert;
use crate::ctx::{Ctx, Job};
use crate::denied::Halt;
use crate::limits::Limits;
use crate::outcome::{Cost, End, Fault, FaultKind, Report, Use};
use crate::prepared::{App, Prepared};
use crate::runtime::Runtime;
use crate::seat::Seat;
use crate::slow::Broken;
use crate::trace::{self, Recording};
use crate::words::short;

/// How wasmtime says that one call brought more than [`Store::set_hostcall_fuel`]. It has no type
/// for it that can be named; the hostile guests' tests watch that the words stay.
const CALL_BYTES: &str = "fuel allocated for hostcalls has been exhausted";
/// How it says that there are more handles than [`Store::set_max_component_handles`], likewise.
const HANDLES: &str = "store handle limit exceeded";
/// What a run's meter starts from. It is read and never runs out: time is what bounds a run.
const FUEL: u64 = u64::MAX;

impl Runtime {
    /// Runs an app for one event. What it does is staged in `txn`, which is neither committed nor
    /// discarded here: whoever called looks at the end and decides.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many runs of the app are under way, and do not end; what the
    /// store answered to a host call: the run ended there.
    pub async fn run(
        &self,
        prepared: &Prepared,
        job: Job,
        txn: &Txn,
    ) -> Result<Report, StoreError> {
        let limits = self.limits_of(&job);
        let retry_ms = limits.app_run_waits_ms;
        let seat = self.seat(prepared, &limits).await;
        let seat = seat.ok_or(StoreError::Busy { retry_ms })?;
        let app = match self.app(prepared, seat.number).await {
            Ok(app) => app,
            Err(error) => return Ok(broken(format!("the app cannot be loaded: {error}"))),
        };
        let told = convert::event(&job);
        let event = trace::event_bytes(&told);
        let sandbox = sandbox(&app, Ctx::new(job, txn, &limits), &limits);
        let run = Run::of(app, sandbox, told, &limits).on(seat);
        match self.slow().run(run.play()).await {
            Ok(ended) => Ok(report(ended?, event, limits)),
            Err(Broken) => Ok(broken("the host panicked in a call".to_owned())),
        }
    }

    /// The bounds of a run: everybody's, as narrow as the operator drew them for its app.
    fn limits_of(&self, job: &Job) -> Limits {
        let narrower = job.terms.narrower.of(&job.event.app);
        self.limits().narrowed(narrower)
    }
}

/// A fresh sandbox, its bounds set before anything of the guest runs.
pub(crate) fn sandbox(app: &App, ctx: Ctx, limits: &Limits) -> Store<Ctx> {
    let ticks = limits.ticks();
    let mut store = Store::new(app.instance_pre().component().engine(), ctx);
    store.limiter(|ctx| &mut ctx.limiter);
    store.set_hostcall_fuel(limits.host_call_bytes);
    // A handle that is in use counts twice here; the table of what is behind them counts right.
    store.set_max_component_handles(limits.handles.saturating_mul(2));
    if store.set_fuel(FUEL).is_err() {
        unreachable!("the engine is made with a meter");
    }
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

/// One run, with all it has: its seat is free again when the last of it is gone.
pub(crate) struct Run {
    app: Arc<App>,
    sandbox: Store<Ctx>,
    told: events::Event,
    patience: Duration,
    /// None for a replay, which is alone.
    _seat: Option<Seat>,
}

/// What is left of one.
pub(crate) struct Ended {
    pub(crate) end: End,
    /// In a box: it is large, and handed on a few times.
    pub(crate) ctx: Box<Ctx>,
    fuel: u64,
    took: Duration,
}

impl Run {
    pub(crate) fn of(
        app: Arc<App>,
        sandbox: Store<Ctx>,
        told: events::Event,
        limits: &Limits,
    ) -> Self {
        Self {
            app,
            sandbox,
            told,
            patience: limits.patience(),
            _seat: None,
        }
    }

    fn on(self, seat: Seat) -> Self {
        let _seat = Some(seat);
        Self { _seat, ..self }
    }

    pub(crate) async fn play(mut self) -> Result<Ended, StoreError> {
        let given = self.sandbox.get_fuel().unwrap_or(FUEL);
        let began = Instant::now();
        let answer = {
            let answering = pin!(answer(&self.app, &mut self.sandbox, &self.told));
            within(began, self.patience, answering).await
        };
        let took = began.elapsed();
        let left = self.sandbox.get_fuel();
        let fuel = left.map_or(0, |left| given.saturating_sub(left));
        let ctx = Box::new(self.sandbox.into_data());
        let end = match answer {
            Ok(Ok(end)) => end,
            Ok(Err(error)) => explain(&error, &ctx)?,
            Err(_) => End::Fault(too_slow(&ctx)),
        };
        Ok(Ended {
            end,
            ctx,
            fuel,
            took,
        })
    }
}

impl Ended {
    /// What it cost.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            fuel: self.fuel,
            memory_peak: self.ctx.limiter.held(),
            micros: u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            ..self.ctx.door.cost()
        }
    }

    /// What it printed, which is taken out of it.
    pub(crate) fn log(&self) -> Vec<String> {
        self.ctx.wasi.log.take()
    }
}

/// Waits for something, until so long after it began. No clock is set for what does not wait.
async fn within<T>(
    began: Instant,
    patience: Duration,
    mut something: Pin<&mut impl Future<Output = T>>,
) -> Result<T, Elapsed> {
    let at_once = poll_fn(|context| Poll::Ready(something.as_mut().poll(context)));
    match at_once.await {
        Poll::Ready(answer) => Ok(answer),
        Poll::Pending => timeout(patience.saturating_sub(began.elapsed()), something).await,
    }
}

/// Starts the guest and has it handle the event.
async fn answer(app: &App, store: &mut Store<Ctx>, event: &events::Event) -> wasmtime::Result<End> {
    let app = app.instantiate_async(&mut *store).await?;
    store.data_mut().started = true;
    let answer = app
        .souk_miniapp_handler()
        .call_handle(&mut *store, event)
        .await?;
    Ok(convert::end(answer))
}

/// Says why a run ended that did not answer.
fn explain(error: &wasmtime::Error, ctx: &Ctx) -> Result<End, StoreError> {
    let kind = match error.downcast_ref::<Halt>() {
        Some(Halt::Store(error)) => return Err(error.clone()),
        Some(Halt::NeedsConsent(matters)) => {
            return Ok(End::NeedsConsent {
                matters: matters.clone(),
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
        // Only a replay is given so little: what the run had used when it was cut.
        Some(Trap::OutOfFuel) => FaultKind::Deadline,
        None if says(CALL_BYTES) => FaultKind::CallBytes,
        None if says(HANDLES) => FaultKind::Handles,
        _ if ctx.limiter.refused() => FaultKind::Memory,
        Some(_) => FaultKind::Crash,
        None if ctx.started => FaultKind::Crash,
        None => FaultKind::Start,
    }
}

fn report(ended: Ended, event: Vec<u8>, limits: Limits) -> Report {
    let (cost, log) = (ended.cost(), ended.log());
    let Ended { end, ctx, .. } = ended;
    let (grants, called, tape) = ctx.door.into_parts();
    let recording = Recording {
        clock: ctx.job.event.at,
        seed: ctx.wasi.seed(),
        grants,
        limits,
        end: end.clone(),
        // How long it took says nothing of what it did.
        cost: Cost { micros: 0, ..cost },
        log: log.clone(),
        event,
        calls: tape.into_calls(),
    };
    Report {
        end: ctx.config.struck_from(end),
        refused: ctx.wallet.refused.map(|why| ctx.config.strike(why)),
        cost,
        log: log
            .into_iter()
            .map(|line| ctx.config.strike(line))
            .collect(),
        uses: Use::of(&called),
        called,
        recording: Some(recording),
    }
}

/// What is left of a run in which the host failed: nobody knows what it had come to.
fn broken(how: String) -> Report {
    let fault = Fault::new(FaultKind::Host, how);
    Report {
        end: End::Fault(fault),
        refused: None,
        cost: Cost::default(),
        log: Vec::new(),
        uses: Vec::new(),
        called: Vec::new(),
        recording: None,
    }
}
