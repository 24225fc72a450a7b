//! A component that can be run at once: loaded on one of the engines, and on others as soon as runs
//! of it come there while it is busy.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::bindings::MiniAppPre;
use crate::ctx::Ctx;
use crate::prepare::PrepareError;
use crate::runtime::Runtime;

/// A component, linked on one engine.
pub(crate) type App = MiniAppPre<Ctx>;

/// A component, compiled and linked. A cheap handle: clones are the same component.
#[derive(Clone)]
pub struct Prepared(Arc<Inner>);

struct Inner {
    /// Where it was loaded first.
    home: Arc<App>,
    /// One for each engine, in their order.
    copies: Box<[Copy]>,
    /// One permit for each run there may be at once on all of them, where the operator drew that
    /// narrower; made by the first run, since it is the same for all of them.
    narrow: OnceLock<Arc<Semaphore>>,
}

/// The component on one of the engines.
pub(crate) struct Copy {
    /// Nothing until it is loaded there.
    app: OnceCell<Arc<App>>,
    /// How many runs of it there may be there at once.
    runs: usize,
    /// One permit for each.
    turns: Arc<Semaphore>,
}

impl Prepared {
    /// Puts together what is loaded on the engine of this number; `runs` says for each engine how
    /// many runs there may be at once.
    pub(crate) fn of(home: App, number: usize, runs: impl Iterator<Item = usize>) -> Self {
        let home = Arc::new(home);
        let copy = |(at, runs)| Copy {
            app: OnceCell::new_with((at == number).then(|| Arc::clone(&home))),
            runs,
            turns: Arc::new(Semaphore::new(runs)),
        };
        let copies = runs.enumerate().map(copy).collect();
        let narrow = OnceLock::new();
        Self(Arc::new(Inner {
            home,
            copies,
            narrow,
        }))
    }

    /// Returns what it keeps in memory at present, in bytes: its code, and what the engines know of
    /// it.
    pub fn bytes(&self) -> usize {
        let image = self.0.home.instance_pre().component().image_range();
        let one = (image.end as usize).saturating_sub(image.start as usize);
        let loaded = self.0.copies.iter().filter(|copy| copy.is_loaded());
        one.saturating_mul(loaded.count())
    }

    /// It on the engine where it was loaded first.
    pub(crate) fn home(&self) -> &Arc<App> {
        &self.0.home
    }

    /// Waits until fewer than so many runs of it are under way.
    pub(crate) async fn narrow_turn(&self, runs: usize) -> Option<OwnedSemaphorePermit> {
        let turns = || Arc::new(Semaphore::new(runs));
        let turns = Arc::clone(self.0.narrow.get_or_init(turns));
        // Never closed, so this only waits.
        turns.acquire_owned().await.ok()
    }

    /// It on each of the engines, in their order.
    pub(crate) fn copies(&self) -> &[Copy] {
        &self.0.copies
    }

    /// It on the engine of this number.
    #[expect(
        clippy::indexing_slicing,
        reason = "there is at least one, and the number is brought within"
    )]
    pub(crate) fn copy(&self, number: usize) -> &Copy {
        &self.0.copies[number % self.0.copies.len()]
    }
}

impl Copy {
    pub(crate) fn is_loaded(&self) -> bool {
        self.app.initialized()
    }

    /// Whether it is loaded, and no run of it is under way here.
    pub(crate) fn is_idle(&self) -> bool {
        self.is_loaded() && self.turns.available_permits() == self.runs
    }

    /// Takes one of the turns, if there is one.
    pub(crate) fn turn_now(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).try_acquire_owned().ok()
    }

    /// Waits for one of the turns.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed, so this only waits.
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }
}

impl Runtime {
    /// Returns an app as it is on the engine of this number, and loads it there if it has to.
    ///
    /// # Errors
    /// [`PrepareError`] when there is no room for one more.
    pub(crate) async fn app(
        &self,
        prepared: &Prepared,
        number: usize,
    ) -> Result<Arc<App>, PrepareError> {
        let load = || async {
            let (runtime, home) = (self.clone(), Arc::clone(prepared.home()));
            let loading = tokio::task::spawn_blocking(move || runtime.copy(&home, number));
            let app = loading.await.map_err(|_| PrepareError::Overwhelmed)?;
            app.map(Arc::new)
        };
        let app = &prepared.copy(number).app;
        app.get_or_try_init(load).await.cloned()
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").finish_non_exhaustive()
    }
}
