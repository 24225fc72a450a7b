//! Makes WebAssembly of chance: reads bytes, and writes the section of a component that a generator
//! makes of them. The same bytes give the same section.
//!
//! Half of what it makes this engine has, so that most of that is compiled; the rest may be
//! anything that has been proposed, with bodies of functions that are not valid now and then.

use std::error::Error;
use std::io::{Read, Write, stdin, stdout};

use arbitrary::{Arbitrary, Unstructured};
use wasm_encoder::{ComponentSection, ComponentSectionId, RawSection};
use wasm_smith::{Component, Config, Module};

fn main() -> Result<(), Box<dyn Error>> {
    let mut chance = Vec::new();
    stdin().read_to_end(&mut chance)?;
    let section = section(&mut Unstructured::new(&chance))?;
    Ok(stdout().write_all(&section)?)
}

fn section(chance: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
    // Now and then the generator gets stuck in what it began: then it begins something smaller.
    let (id, bytes) = made(chance).or_else(|_| module(of_this_engine(chance)?, chance))?;
    let section = RawSection {
        id: id.into(),
        data: &bytes,
    };
    let mut bytes = Vec::new();
    section.append_to_component(&mut bytes);
    Ok(bytes)
}

/// What a section is, and what is in it.
type Made = (ComponentSectionId, Vec<u8>);

fn made(chance: &mut Unstructured<'_>) -> arbitrary::Result<Made> {
    match chance.int_in_range(0..=3)? {
        0 => {
            let component = Component::new(of_components(chance)?, chance)?;
            Ok((ComponentSectionId::Component, component.to_bytes()))
        }
        1 | 2 => module(of_this_engine(chance)?, chance),
        _ => module(of_any(chance)?, chance),
    }
}

fn module(config: Config, chance: &mut Unstructured<'_>) -> arbitrary::Result<Made> {
    let module = Module::new(config, chance)?;
    Ok((ComponentSectionId::CoreModule, module.to_bytes()))
}

/// Components, deeper in each other than any toolchain puts them.
fn of_components(chance: &mut Unstructured<'_>) -> arbitrary::Result<Config> {
    Ok(Config {
        max_nesting_depth: chance.int_in_range(1..=6)?,
        max_components: 10,
        max_modules: 10,
        max_instances: 10,
        max_values: 10,
        ..of_this_engine(chance)?
    })
}

/// What this engine has.
fn of_this_engine(chance: &mut Unstructured<'_>) -> arbitrary::Result<Config> {
    Ok(Config {
        min_funcs: 1,
        max_funcs: 200,
        max_instructions: 1_000,
        max_imports: 0,
        max_memories: 1,
        max_tables: 2,
        max_memory32_bytes: 1 << 20,
        max_table_elements: 1_000,
        exceptions_enabled: false,
        gc_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        compact_imports_enabled: false,
        allow_invalid_funcs: chance.ratio(1, 8)?,
        ..Config::default()
    })
}

/// Anything that has been proposed.
fn of_any(chance: &mut Unstructured<'_>) -> arbitrary::Result<Config> {
    Ok(Config {
        allow_invalid_funcs: chance.ratio(1, 4)?,
        custom_page_sizes_enabled: chance.arbitrary()?,
        wide_arithmetic_enabled: chance.arbitrary()?,
        shared_everything_threads_enabled: chance.arbitrary()?,
        custom_descriptors_enabled: chance.arbitrary()?,
        generate_custom_sections: true,
        ..Config::arbitrary(chance)?
    })
}
