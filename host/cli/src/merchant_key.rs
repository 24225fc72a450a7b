//! The merchant's signing key: made at first use, kept in one file.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};

use crate::CliError;
use crate::ui::Ui;

/// Returns where the key is kept unless the person says otherwise.
fn usual_place() -> Result<PathBuf, CliError> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".config"));
    let config = config.or_else(home).ok_or_else(|| {
        CliError::new("there is no home directory to keep a signing key in")
            .hint("Name a file with --key")
    })?;
    Ok(config.join("souk/signing-key.pem"))
}

/// Returns where the key is.
fn place(path: Option<&Path>) -> Result<PathBuf, CliError> {
    path.map_or_else(usual_place, |path| Ok(path.to_owned()))
}

/// Reads the signing key, or makes one and says so.
pub(crate) fn load_or_create(ui: &mut Ui, path: Option<&Path>) -> Result<SigningKey, CliError> {
    let path = place(path)?;
    if !path.exists() {
        create(&path)?;
        ui.status(format_args!(
            "Made a signing key in {}. Keep it: only with it can you publish new versions of your \
             apps.",
            path.display()
        ));
    }
    load(Some(&path))
}

/// Reads the signing key.
pub(crate) fn load(path: Option<&Path>) -> Result<SigningKey, CliError> {
    let path = place(path)?;
    let pem = std::fs::read_to_string(&path).map_err(|error| {
        CliError::new(format!("{} cannot be read", path.display())).because(error)
    })?;
    SigningKey::from_pkcs8_pem(&pem).map_err(|error| {
        CliError::new(format!("{} is not a signing key", path.display()))
            .because(error)
            .hint("It must be an Ed25519 key in PKCS #8 PEM; name another file with --key")
    })
}

fn create(path: &Path) -> Result<(), CliError> {
    let mut secret = [0; 32];
    let failed = || {
        CliError::new(format!(
            "a signing key could not be made in {}",
            path.display()
        ))
    };
    getrandom::fill(&mut secret).map_err(|error| failed().because(error))?;
    let pem = SigningKey::from_bytes(&secret).to_pkcs8_pem(LineEnding::LF);
    let pem = pem.map_err(|error| failed().because(error))?;
    let written = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| {
            // Nobody else may read it, from the first byte on.
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(pem.as_bytes())?;
            file.sync_all()
        });
    written.map_err(|error| failed().because(error))
}
