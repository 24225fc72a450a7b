//! The host's side of a process that compiles.

use std::process::Stdio;

use souk_core::limits::ARTIFACT_BYTES_MAX;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::Program;
use super::child::{COMPILED, INVALID};
use crate::prepare::PrepareError;
use crate::words::short;

/// What is read of its last words.
const LAST_WORDS_BYTES_MAX: usize = 8 << 10;

/// Has a component compiled. The process ends with the answer, or when this is given up.
pub(super) async fn compile(program: &Program, component: &[u8]) -> Result<Vec<u8>, PrepareError> {
    let mut child = start(program).map_err(|error| PrepareError::Compiler(error.to_string()))?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut input), Some(output), Some(words)) = pipes else {
        return Err(PrepareError::Compiler("it has no pipes".to_owned()));
    };
    let write = async move {
        // One that has ended does not read; its end says why.
        drop(input.write_all(component).await);
    };
    let ((), answer, words) = tokio::join!(
        write,
        read(output, ARTIFACT_BYTES_MAX),
        read(words, LAST_WORDS_BYTES_MAX)
    );
    let ended = child.wait().await;
    if ended.is_ok_and(|status| status.success()) {
        return said(answer);
    }
    let words = String::from_utf8_lossy(&words);
    tracing::warn!(
        "a compiler gave up: {}",
        short(format_args!("{}", words.trim()))
    );
    Err(PrepareError::Overwhelmed)
}

/// Starts it with nothing of this process but the pipes.
fn start(program: &Program) -> std::io::Result<Child> {
    Command::new(&program.path)
        .args(&program.arguments)
        .env_clear()
        .envs(program.environment.iter().cloned())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

/// Reads up to so much. What a broken pipe cuts off is not missed: the end of the process tells.
async fn read(from: impl AsyncRead + Unpin, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    drop(from.take(most).read_to_end(&mut bytes).await);
    bytes
}

/// Understands its answer.
fn said(mut answer: Vec<u8>) -> Result<Vec<u8>, PrepareError> {
    match answer.first() {
        Some(&COMPILED) => {
            answer.remove(0);
            Ok(answer)
        }
        Some(&INVALID) => {
            let why = answer.get(1..).unwrap_or_default();
            let why = String::from_utf8_lossy(why);
            Err(PrepareError::Invalid(short(format_args!("{why}"))))
        }
        Some(_) | None => Err(PrepareError::Compiler("it did not answer".to_owned())),
    }
}
