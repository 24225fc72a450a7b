//! `souk build`: from a mini-app's sources to one signed file.

use std::path::{Path, PathBuf};
use std::process::Command;

use souk_core::AppId;
use souk_core::manifest::Manifest;
use souk_registry::package;

use crate::ui::Ui;
use crate::{CliError, merchant_key, toolchain};

/// Build a mini-app into one signed package
///
/// Runs the build command of miniapp.toml, then puts component, manifest and assets into one file
/// and signs it. The file's path is the only line of output.
#[derive(clap::Args)]
pub(crate) struct BuildArgs {
    /// Directory of the mini-app, with its miniapp.toml
    #[arg(default_value = ".")]
    pub(crate) app: PathBuf,
    /// Signing key (Ed25519, PKCS #8 PEM); made at first use
    /// [default: souk/signing-key.pem in your configuration directory]
    #[arg(long, env = "SOUK_SIGNING_KEY", value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Where to write the package [default: target/souk/APP_ID-CODE.souk beside miniapp.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn run(ui: &mut Ui, args: &BuildArgs) -> Result<(), CliError> {
    let out = make(ui, args)?;
    ui.result(out.display());
    Ok(())
}

/// Builds and signs; returns where the package is.
pub(crate) fn make(ui: &mut Ui, args: &BuildArgs) -> Result<PathBuf, CliError> {
    let (text, manifest) = read_manifest(&args.app)?;
    toolchain::ensure(ui, &args.app, &manifest.build.command)?;
    ui.status(format_args!(
        "Building {} with `{}`.",
        manifest.app_id, manifest.build.command
    ));
    build_component(&args.app, &manifest)?;

    let component = read(
        &args.app.join(&manifest.build.component),
        "the build command was to make it",
    )?;
    let key = merchant_key::load_or_create(ui, args.key.as_deref())?;
    let assets = assets(&args.app.join("assets"))?;
    let package = package::build(&component, &text, &assets, &key)
        .map_err(|error| CliError::new("the package cannot be made").because(error))?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| usual_place(&args.app, &manifest.app_id, manifest.version.code));
    write(&out, &package)?;
    ui.status(format_args!("Finished: {} bytes, signed.", package.len()));
    Ok(out)
}

/// Where the package of a version is, unless its merchant says otherwise.
pub(crate) fn usual_place(directory: &Path, app: &AppId, code: u32) -> PathBuf {
    directory.join(format!("target/souk/{app}-{code}.souk"))
}

fn read_manifest(app: &Path) -> Result<(String, Manifest), CliError> {
    let path = app.join("miniapp.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| {
        CliError::new(format!("{} cannot be read", path.display()))
            .because(error)
            .hint("Name the directory of a mini-app: `souk build DIR`")
    })?;
    let manifest = Manifest::parse(&text).map_err(|error| {
        CliError::new(format!("{} has a mistake", path.display())).because(error)
    })?;
    Ok((text, manifest))
}

fn build_component(app: &Path, manifest: &Manifest) -> Result<(), CliError> {
    let command = &manifest.build.command;
    let built = Command::new("sh")
        .args(["-c", command])
        .current_dir(app)
        .stdout(std::io::stderr())
        .status();
    match built {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(CliError::new(format!("`{command}` ended with {status}"))
            .hint("Its own words are above")),
        Err(error) => Err(CliError::new(format!("`{command}` cannot be run")).because(error)),
    }
}

/// Returns the files directly in a directory, which may be missing.
fn assets(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let unreadable =
        |error| CliError::new(format!("{} cannot be read", dir.display())).because(error);
    let mut assets = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            assets.push((format!("assets/{name}"), read(&path, "it is an asset")?));
        }
    }
    assets.sort();
    Ok(assets)
}

pub(crate) fn read(path: &Path, why: &str) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| {
        CliError::new(format!("{} cannot be read", path.display()))
            .because(error)
            .hint(format!("Look there: {why}"))
    })
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| {
            CliError::new(format!("{} cannot be written", path.display())).because(error)
        })
}
