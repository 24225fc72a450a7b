//! What a program expects around itself: two outputs, an empty input, and nothing else.

use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::cli::{
    environment, exit, stderr, stdin, stdout, terminal_input, terminal_output, terminal_stderr,
    terminal_stdin, terminal_stdout,
};
use wasmtime_wasi::p2::pipe::ClosedInputStream;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream};

use super::log::Stream;
use crate::ctx::Ctx;
use crate::denied::Halt;
use crate::outcome::FaultKind;

impl environment::Host for Ctx {
    fn get_environment(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.door.count_wasi()?;
        Ok(Vec::new())
    }

    fn get_arguments(&mut self) -> wasmtime::Result<Vec<String>> {
        self.door.count_wasi()?;
        Ok(Vec::new())
    }

    fn initial_cwd(&mut self) -> wasmtime::Result<Option<String>> {
        self.door.count_wasi()?;
        Ok(None)
    }
}

impl exit::Host for Ctx {
    fn exit(&mut self, _: Result<(), ()>) -> wasmtime::Result<()> {
        Err(Halt::Fault(FaultKind::Exit).into())
    }

    fn exit_with_code(&mut self, _: u8) -> wasmtime::Result<()> {
        Err(Halt::Fault(FaultKind::Exit).into())
    }
}

impl stdin::Host for Ctx {
    fn get_stdin(&mut self) -> wasmtime::Result<Resource<DynInputStream>> {
        self.door.count_wasi()?;
        let empty: DynInputStream = Box::new(ClosedInputStream);
        Ok(self.give(empty)?)
    }
}

impl stdout::Host for Ctx {
    fn get_stdout(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.output(Stream::Out)
    }
}

impl stderr::Host for Ctx {
    fn get_stderr(&mut self) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.output(Stream::Err)
    }
}

impl Ctx {
    fn output(&mut self, stream: Stream) -> wasmtime::Result<Resource<DynOutputStream>> {
        self.door.count_wasi()?;
        let output: DynOutputStream = Box::new(self.wasi.log.output(stream));
        Ok(self.give(output)?)
    }
}

// There are no terminals: the resources exist, and nobody ever gets one.

impl terminal_input::Host for Ctx {}
impl terminal_input::HostTerminalInput for Ctx {
    fn drop(&mut self, it: Resource<terminal_input::TerminalInput>) -> wasmtime::Result<()> {
        self.close(it)
    }
}

impl terminal_output::Host for Ctx {}
impl terminal_output::HostTerminalOutput for Ctx {
    fn drop(&mut self, it: Resource<terminal_output::TerminalOutput>) -> wasmtime::Result<()> {
        self.close(it)
    }
}

impl terminal_stdin::Host for Ctx {
    fn get_terminal_stdin(
        &mut self,
    ) -> wasmtime::Result<Option<Resource<terminal_input::TerminalInput>>> {
        self.door.count_wasi()?;
        Ok(None)
    }
}

impl terminal_stdout::Host for Ctx {
    fn get_terminal_stdout(
        &mut self,
    ) -> wasmtime::Result<Option<Resource<terminal_output::TerminalOutput>>> {
        self.door.count_wasi()?;
        Ok(None)
    }
}

impl terminal_stderr::Host for Ctx {
    fn get_terminal_stderr(
        &mut self,
    ) -> wasmtime::Result<Option<Resource<terminal_output::TerminalOutput>>> {
        self.door.count_wasi()?;
        Ok(None)
    }
}
