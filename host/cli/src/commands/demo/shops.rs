//! The shops of the market: the samples, built as a merchant would build them.

use std::path::Path;

use crate::commands::build::{self, BuildArgs};
use crate::ui::Ui;
use crate::{CliError, toolchain};

/// The packages of the shops.
pub(super) struct Shops {
    tea_house: Vec<u8>,
    flower_shop: Vec<u8>,
    /// It is written in JavaScript: left out where there is no Node to build it with.
    pub(super) loyalty_card: Option<Vec<u8>>,
}

impl Shops {
    /// Builds them into a room.
    pub(super) fn build(ui: &mut Ui, samples: &Path, room: &Path) -> Result<Self, CliError> {
        let mut package = |name: &str| build_sample(ui, &samples.join(name), room);
        let (tea_house, flower_shop) = (package("tea-house")?, package("flower-shop")?);
        let loyalty_card = if toolchain::node::is_here() {
            Some(package("loyalty-card")?)
        } else {
            ui.status(format_args!(
                "There is no Node here, so the loyalty card is left out: it is written in \
                 JavaScript. {} to see it.",
                toolchain::node::HINT
            ));
            None
        };
        Ok(Self {
            tea_house,
            flower_shop,
            loyalty_card,
        })
    }

    /// All that are there.
    pub(super) fn packages(&self) -> impl Iterator<Item = &[u8]> {
        let always = [&self.tea_house, &self.flower_shop];
        always
            .into_iter()
            .chain(&self.loyalty_card)
            .map(Vec::as_slice)
    }
}

fn build_sample(ui: &mut Ui, app: &Path, room: &Path) -> Result<Vec<u8>, CliError> {
    if !app.join("miniapp.toml").is_file() {
        return Err(
            CliError::new(format!("there is no mini-app in {}", app.display()))
                .hint("Run the demo in a clone of Souk, or say where its samples are: --samples"),
        );
    }
    let out = room.join("sample.souk");
    let build = BuildArgs {
        app: app.to_owned(),
        key: Some(room.join("merchant.pem")),
        out: Some(out.clone()),
    };
    build::make(ui, &build)?;
    build::read(&out, "it was built a moment ago")
}
