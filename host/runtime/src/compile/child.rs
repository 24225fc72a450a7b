//! The process that compiles. It reads one component, answers with machine code or with why not,
//! and ends.
//!
//! Before it reads a byte it gives up what it does not need: beyond a bound it gets neither memory
//! nor processor time, it can open nothing more, so no file and no connection, and it ends with the
//! host. The answer is one byte that says which of the two it is, then the rest.

use std::io::{self, Read, Write};

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use souk_core::limits::{COMPILE_MEMORY_BYTES_MAX, COMPILE_MS_MAX, PACKAGE_BYTES_MAX};
use souk_registry::package;
use wasmtime::Engine;

use crate::code::code;
use crate::words::short;

/// What the program itself takes of a compiler's memory.
const PROGRAM_BYTES: u64 = 64 << 20;

/// What comes is machine code.
pub(super) const COMPILED: u8 = 0;
/// What comes is why the component is not valid.
pub(super) const INVALID: u8 = 1;

/// The whole life of the process, up to its answer.
///
/// # Errors
/// When its bounds cannot be set, or it cannot read or write.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let engine = Engine::new(&code()).map_err(io::Error::other)?;
    confine()?;
    let mut component = Vec::new();
    let most = u64::try_from(PACKAGE_BYTES_MAX).unwrap_or(u64::MAX);
    input.take(most).read_to_end(&mut component)?;
    match compile(&engine, &component) {
        Ok(code) => {
            output.write_all(&[COMPILED])?;
            output.write_all(&code)?;
        }
        Err(why) => {
            output.write_all(&[INVALID])?;
            output.write_all(why.as_bytes())?;
        }
    }
    output.flush()
}

/// Gives up everything that compiling does not need.
fn confine() -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // All cores may work on it for all of its time.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let seconds = COMPILE_MS_MAX
        .div_ceil(1_000)
        .saturating_mul(cores.try_into().unwrap_or(u64::MAX));
    for (resource, most) in [
        (Resource::Data, COMPILE_MEMORY_BYTES_MAX - PROGRAM_BYTES),
        (Resource::Cpu, seconds),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, 0),
    ] {
        let most = Some(most);
        setrlimit(
            resource,
            Rlimit {
                current: most,
                maximum: most,
            },
        )?;
    }
    Ok(())
}

/// Compiles a component that is valid, or says why it is not.
pub(super) fn compile(engine: &Engine, component: &[u8]) -> Result<Vec<u8>, String> {
    package::validate(component).map_err(|error| error.to_string())?;
    engine
        .precompile_component(component)
        .map_err(|error| short(format_args!("{error:#}")))
}
