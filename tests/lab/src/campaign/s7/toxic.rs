//! Components on which the engine's validator panics. A host compiles in a process of its own: that
//! one ends, and whoever uploaded the component is answered.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use souk_runtime::{Compiler, PrepareError, Runtime, Trust, Workshop};
use souk_store::memory::Memory;
use souk_store::{Keyring, Store};
use tokio::time::timeout;

use crate::{Wrong, programs, report, till};

/// When whoever uploads must be answered.
const ANSWER: Duration = Duration::from_secs(20);

/// Has each compiled as a host does, and returns how many were not answered with a refusal.
///
/// # Errors
/// When there is no workshop.
pub(super) async fn unanswered(runtime: &Runtime, toxic: &[Vec<u8>]) -> Result<u32, Wrong> {
    let room = till::folder()?;
    let compiler = souk::host::compiler(programs::beside("souk")?);
    let workshop = workshop(runtime, compiler, room.path())?;
    let mut unanswered = 0_u32;
    for component in toxic {
        let digest = Sha256::digest(component).into();
        let made = workshop.make(digest, component.clone());
        match timeout(ANSWER, made).await {
            Ok(Err(refused)) if is_word(&refused) => report::tell(&refused),
            _ => unanswered = unanswered.saturating_add(1),
        }
    }
    Ok(unanswered)
}

fn workshop(
    runtime: &Runtime,
    compiler: Compiler,
    folder: &std::path::Path,
) -> Result<Workshop, Wrong> {
    let keyring = Arc::new(Keyring::ephemeral()?);
    let clock = Arc::new(souk_market::SystemClock);
    let store = Store::new(Arc::new(Memory::default()), keyring, clock);
    Ok(Workshop::open(
        runtime.clone(),
        compiler,
        folder,
        store,
        Trust::Own,
    )?)
}

/// Whether it says what is wrong with the component, or that the compiler ended on it.
fn is_word(refused: &PrepareError) -> bool {
    matches!(
        refused,
        PrepareError::Invalid(_) | PrepareError::Overwhelmed
    )
}
