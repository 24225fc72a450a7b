//! Plays a file: each directive goes to the half of the player that it is about.

use souk_runtime::Runtime;
use wast::parser::{ParseBuffer, parse};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, Wat};

use super::components::Components;
use super::files::{File, Of};
use super::modules::Modules;
use super::played::{Came, Played};
use crate::Wrong;

/// What one directive may use up: more than any needs. A table that is asked for four thousand
/// million places costs one for each, whether it gets them or not.
pub(super) const FUEL: u64 = 5_000_000_000;
/// The clock does not tick often enough in a file to get there.
pub(super) const NO_DEADLINE: u64 = 1 << 40;

/// Plays a file.
///
/// # Errors
/// When the parser does not know its syntax.
pub(super) fn play(runtime: &Runtime, file: &File) -> Result<Played, Wrong> {
    let text = file.text.as_str();
    let mut lexer = wast::lexer::Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer)?;
    let mut script = Script {
        modules: Modules::new(runtime.engine())?,
        components: Components::new(runtime.engine(), file.of == Of::Ours),
        is_component: false,
    };
    let mut played = Played::default();
    for directive in parse::<Wast<'_>>(&buffer)?.directives {
        let span = directive.span();
        let refusal = matches!(
            directive,
            WastDirective::AssertInvalid { .. }
                | WastDirective::AssertMalformed { .. }
                | WastDirective::AssertUnlinkable { .. }
        );
        let came = match (script.play(directive)?, file.apart) {
            // What an older version or a proposal refuses, the standard may take.
            (Came::Wrong(_), _) if refusal && file.of == Of::OldCore => {
                Came::Skipped("a newer standard takes")
            }
            (Came::Wrong(_), Some(why)) => Came::Skipped(why),
            (came, _) => came,
        };
        played.count(text, span, came);
    }
    played.toxic = script.components.toxic;
    Ok(played)
}

/// What a file has made so far.
struct Script {
    modules: Modules,
    components: Components,
    /// Whether a component was made last: what names none is about that.
    is_component: bool,
}

impl Script {
    fn play(&mut self, directive: WastDirective<'_>) -> Result<Came, Wrong> {
        if self.is_about_components(&directive) {
            self.components.play(directive)
        } else {
            self.modules.play(directive)
        }
    }

    fn is_about_components(&mut self, directive: &WastDirective<'_>) -> bool {
        match directive {
            WastDirective::Module(made) | WastDirective::ModuleDefinition(made) => {
                self.is_component = is_component(made);
                self.is_component
            }
            WastDirective::AssertInvalid { module, .. }
            | WastDirective::AssertMalformed { module, .. } => is_component(module),
            WastDirective::AssertUnlinkable { module, .. }
            | WastDirective::AssertTrap {
                exec: WastExecute::Wat(module),
                ..
            } => matches!(module, Wat::Component(_)),
            WastDirective::ModuleInstance { module, .. } => self.is_named(*module),
            WastDirective::Invoke(call)
            | WastDirective::AssertReturn {
                exec: WastExecute::Invoke(call),
                ..
            }
            | WastDirective::AssertTrap {
                exec: WastExecute::Invoke(call),
                ..
            } => self.is_named(call.module),
            _ => false,
        }
    }

    fn is_named(&self, name: Option<Id<'_>>) -> bool {
        name.map_or(self.is_component, |name| self.components.knows(name.name()))
    }
}

fn is_component(of: &QuoteWat<'_>) -> bool {
    matches!(
        of,
        QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..)
    )
}
