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

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;

    use rustix::io::Errno;

    use super::*;

    /// Tells this test that it is the process that compiles.
    const COMPILES: &str = "SOUK_TEST_COMPILES";
    const ITSELF: &str = "compile::child::tests::whoever_compiles_can_open_nothing";

    /// A component that, as soon as a byte of it is read, takes the compiler over.
    struct Hostile<'a>(&'a mut Vec<Option<i32>>);

    impl Read for Hostile<'_> {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            *self.0 = refusals();
            Ok(0)
        }
    }

    /// What the system says when a file, then when a socket of each kind is opened.
    fn refusals() -> Vec<Option<i32>> {
        let nobody = ("127.0.0.1", 0);
        let own = std::env::current_exe().unwrap();
        [
            File::open(own).map(drop),
            File::open("/dev/null").map(drop),
            TcpListener::bind(nobody).map(drop),
            TcpStream::connect(("127.0.0.1", 1)).map(drop),
            UdpSocket::bind(nobody).map(drop),
            UnixStream::pair().map(drop),
        ]
        .map(|opened| opened.err()?.raw_os_error())
        .to_vec()
    }

    #[test]
    fn whoever_compiles_can_open_nothing() {
        if std::env::var_os(COMPILES).is_some() {
            let mut refused = Vec::new();
            serve(Hostile(&mut refused), Vec::new()).unwrap();
            assert_eq!(refused, [Some(Errno::MFILE.raw_os_error()); 6]);
            return;
        }
        let mut free = Vec::new();
        Hostile(&mut free).read_exact(&mut [0]).unwrap_err();
        let no_one_there = Some(Errno::CONNREFUSED.raw_os_error());
        assert_eq!(free, [None, None, None, no_one_there, None, None]);
        // What is given up does not come back, so it is given up in a process of its own.
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", ITSELF]).env(COMPILES, "1");
        let said = child.output().unwrap();
        let words = String::from_utf8_lossy(&said.stdout);
        assert!(
            said.status.success() && words.contains("1 passed"),
            "{words}"
        );
    }
}
