//! Where the registry keeps what.

use souk_core::AppId;
use souk_store::Key;

/// All apps.
pub(crate) fn apps() -> Key {
    Key::room("registry").with("app")
}

/// One app.
pub(crate) fn app(app: &AppId) -> Key {
    apps().with(app)
}

/// One version of an app.
pub(crate) fn version(app: &AppId, code: u32) -> Key {
    Key::room("registry")
        .with("version")
        .with(app)
        .with(u64::from(code))
}

/// The manifest of a version.
pub(crate) fn manifest(app: &AppId, code: u32) -> Key {
    Key::room("registry")
        .with("manifest")
        .with(app)
        .with(u64::from(code))
}

/// Whose a command is.
pub(crate) fn command(name: &str) -> Key {
    Key::room("registry").with("command").with(name)
}

/// All that is set for an app.
pub(crate) fn settings(app: &AppId) -> Key {
    Key::room("registry").with("setting").with(app)
}

/// What is set for an app under a name.
pub(crate) fn setting(app: &AppId, name: &str) -> Key {
    settings(app).with(name)
}

/// How much is set for an app.
pub(crate) fn settings_count(app: &AppId) -> Key {
    Key::room("registry").with("setting-count").with(app)
}
