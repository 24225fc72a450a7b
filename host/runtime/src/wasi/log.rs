//! What a run prints, as lines, up to a bound.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};
use wasmtime_wasi_io::async_trait;
use wasmtime_wasi_io::bytes::Bytes;

/// What one write may bring. WASI's own outputs have the same.
const WRITE_BYTES_MAX: usize = 64 << 10;

/// What the end of a line costs: as much as the host holds for a line beside its letters.
const LINE_BYTES: usize = size_of::<String>();

/// What is said when more was printed than is kept.
const CUT: &str = "(the rest was dropped: a run may print no more)";

/// Which output was printed to. Lines of both are kept in the order they were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// The program's results.
    Out,
    /// Its complaints; a panic is here.
    Err,
}

/// The log of one run; clones are the same log.
#[derive(Clone)]
pub(crate) struct Log(Arc<Mutex<Lines>>);

struct Lines {
    ended: Vec<String>,
    /// What was printed behind the last line's end, by stream.
    open: [Vec<u8>; 2],
    left: usize,
    cut: bool,
}

impl Log {
    pub(crate) fn new(bytes: usize) -> Self {
        let lines = Lines {
            ended: Vec::new(),
            open: Default::default(),
            left: bytes,
            cut: false,
        };
        Self(Arc::new(Mutex::new(lines)))
    }

    /// An output whose lines come here.
    pub(super) fn output(&self, stream: Stream) -> Output {
        Output {
            log: self.clone(),
            stream,
        }
    }

    /// Prints a line.
    pub(crate) fn line(&self, text: &str) {
        let mut lines = self.lines();
        lines.print(Stream::Out, text.as_bytes());
        lines.print(Stream::Out, b"\n");
    }

    /// Ends every line and hands all of them over.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut lines = self.lines();
        for stream in [Stream::Out, Stream::Err] {
            lines.end(stream);
        }
        let mut ended = std::mem::take(&mut lines.ended);
        if lines.cut {
            ended.push(CUT.to_owned());
        }
        ended
    }

    /// How much may still be printed, in bytes.
    pub(crate) fn left(&self) -> usize {
        self.lines().left
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn print(&mut self, stream: Stream, bytes: &[u8]) {
        for (before, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if before > 0 && self.pay(LINE_BYTES) == LINE_BYTES {
                self.push(stream);
            }
            let (kept, _) = part.split_at(self.pay(part.len()));
            self.open(stream).extend(kept);
        }
    }

    /// Takes so much of what may be printed, or what is left of it; after that nothing.
    fn pay(&mut self, bytes: usize) -> usize {
        let paid = if self.cut { 0 } else { bytes.min(self.left) };
        self.left = self.left.saturating_sub(paid);
        self.cut |= paid < bytes;
        paid
    }

    /// Ends a line that has something in it.
    fn end(&mut self, stream: Stream) {
        if !self.open(stream).is_empty() {
            self.push(stream);
        }
    }

    fn push(&mut self, stream: Stream) {
        let line = std::mem::take(self.open(stream));
        self.ended.push(plain(&line));
    }

    fn open(&mut self, stream: Stream) -> &mut Vec<u8> {
        let [out, err] = &mut self.open;
        match stream {
            Stream::Out => out,
            Stream::Err => err,
        }
    }
}

/// A line as it can stand in a terminal: no controls, no broken characters.
fn plain(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let shown = |char: char| {
        if char.is_control() && char != '\t' {
            '\u{fffd}'
        } else {
            char
        }
    };
    text.trim_end_matches('\r').chars().map(shown).collect()
}

/// One of a guest's outputs.
pub(super) struct Output {
    log: Log,
    stream: Stream,
}

#[async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.log.lines().print(self.stream, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(limit: usize, parts: &[(Stream, &str)]) -> Vec<String> {
        let log = Log::new(limit);
        for (stream, text) in parts {
            log.lines().print(*stream, text.as_bytes());
        }
        log.take()
    }

    #[test]
    fn lines_end_where_they_end_and_outputs_do_not_mix() {
        let parts = [
            (Stream::Out, "a"),
            (Stream::Err, "oh\n"),
            (Stream::Out, "b\r\n\nrest"),
        ];
        assert_eq!(printed(100, &parts), ["oh", "ab", "", "rest"]);
        assert!(printed(100, &[]).is_empty());
    }

    #[test]
    fn more_than_the_bound_is_dropped_and_said() {
        assert_eq!(
            printed(3, &[(Stream::Out, "ab\ncdefgh"), (Stream::Err, "x")]),
            ["ab", CUT]
        );
        assert_eq!(printed(2, &[(Stream::Out, "ab")]), ["ab"]);
    }

    #[test]
    fn lines_cost_something_even_if_there_is_nothing_in_them() {
        let empty = "\n".repeat(1_000);
        let lines = printed(
            10 * LINE_BYTES,
            &[(Stream::Out, &empty), (Stream::Err, "x")],
        );
        assert_eq!(
            (lines.len(), lines.last().map(String::as_str)),
            (11, Some(CUT))
        );
    }

    #[test]
    fn no_line_can_move_a_terminal() {
        assert_eq!(
            printed(99, &[(Stream::Out, "a\u{1b}[2Jb\u{7}")]),
            ["a\u{fffd}[2Jb\u{fffd}"]
        );
    }
}
