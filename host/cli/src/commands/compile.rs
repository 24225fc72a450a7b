//! `souk compile`: the process in which a host has packages compiled. Nobody else calls it.

use std::io;

use souk_runtime::compile;

use crate::CliError;

/// Compile the component on standard input, for a host that is running
#[derive(clap::Args)]
pub(crate) struct CompileArgs {}

pub(crate) fn run(_: &CompileArgs) -> Result<(), CliError> {
    compile::serve(io::stdin().lock(), io::stdout().lock())
        .map_err(|error| CliError::new("nothing can be compiled").because(error))
}
