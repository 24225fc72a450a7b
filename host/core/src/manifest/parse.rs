//! From text to [`Manifest`], field by field.

use toml::de::DeTable;

use super::error::{Fault, ManifestError};
use super::fields::{Fields, Value, Word, at_most, count, word};
use super::words::{self, fault};
use super::{Build, Command, Icon, Manifest, PLATFORM_CODE, PlatformVersion, Version, permission};
use crate::limits::{COMMANDS_MAX, ICONS_MAX, MANIFEST_BYTES_MAX, VERSION_NAME_CHARS_MAX};
use crate::{AppId, AppIdError};

/// What a manifest may say at its top.
// WHEN ADDING A FIELD: here, below in `read`, and in `sdk/miniapp.schema.json`.
const TOP: [&str; 10] = [
    "app_id",
    "name",
    "description",
    "version",
    "platform_version",
    "icons",
    "lang",
    "commands",
    "req_permissions",
    "build",
];

/// Reads a manifest; the first mistake has its line and column.
pub(super) fn manifest(text: &str) -> Result<Manifest, ManifestError> {
    read(text).map_err(|fault| fault.within(text))
}

fn read(text: &str) -> Result<Manifest, Fault> {
    if text.len() > MANIFEST_BYTES_MAX {
        let what = format!(
            "the manifest is {} bytes; at most {MANIFEST_BYTES_MAX}",
            text.len()
        );
        return Err(Fault::new(0..0, what));
    }
    let table = DeTable::parse(text)?;
    let top = Fields::open(table.get_ref(), 0..0, &TOP)?;
    Ok(Manifest {
        app_id: app_id(&word(top.required("app_id")?)?)?,
        name: words::name(&word(top.required("name")?)?)?,
        description: words::sentence(&word(top.required("description")?)?)?,
        version: version(top.required("version")?)?,
        platform_version: platform_version(&top)?,
        icons: icons(&top)?,
        lang: lang(&top)?,
        commands: commands(&top)?,
        req_permissions: permission::all(&top)?,
        build: build(top.required("build")?)?,
    })
}

fn app_id(word: &Word<'_>) -> Result<AppId, Fault> {
    word.text
        .parse()
        .map_err(|error: AppIdError| fault(word, error.to_string()))
}

fn lang(top: &Fields<'_>) -> Result<String, Fault> {
    let lang = top
        .optional("lang")
        .map(|lang| words::lang(&word(lang)?))
        .transpose()?;
    Ok(lang.unwrap_or_else(|| "en".to_owned()))
}

fn version(value: &Value<'_>) -> Result<Version, Fault> {
    let fields = Fields::of(value, &["code", "name"])?;
    let code = count(fields.required("code")?)?;
    let name = word(fields.required("name")?)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte);
    let chars = name.text.len();
    if chars == 0 || chars > VERSION_NAME_CHARS_MAX || !name.text.bytes().all(plain) {
        let what = format!("`{}` is not the name of a version", words::quoted(&name));
        return Err(fault(&name, what).hint("write it like `1.2.0`"));
    }
    Ok(Version {
        code,
        name: name.text.to_owned(),
    })
}

fn platform_version(top: &Fields<'_>) -> Result<PlatformVersion, Fault> {
    let Some(value) = top.optional("platform_version") else {
        return Ok(PlatformVersion {
            min_code: PLATFORM_CODE,
        });
    };
    let fields = Fields::of(value, &["min_code"])?;
    let asked = fields.required("min_code")?;
    let min_code = count(asked)?;
    if min_code > PLATFORM_CODE {
        let what = format!("the app needs platform {min_code}; this is platform {PLATFORM_CODE}");
        return Err(Fault::new(asked.span(), what).hint("use a newer souk"));
    }
    Ok(PlatformVersion { min_code })
}

fn icons(top: &Fields<'_>) -> Result<Vec<Icon>, Fault> {
    let icon = |value| {
        let fields = Fields::of(value, &["src", "sizes"])?;
        let src = words::path(&word(fields.required("src")?)?)?;
        let sizes = fields
            .optional("sizes")
            .map(|sizes| words::sizes(&word(sizes)?))
            .transpose()?;
        Ok(Icon {
            src,
            sizes: sizes.unwrap_or_default(),
        })
    };
    at_most(ICONS_MAX, "icons", top.list("icons")?)?
        .into_iter()
        .map(icon)
        .collect()
}

fn commands(top: &Fields<'_>) -> Result<Vec<Command>, Fault> {
    let mut commands: Vec<Command> = Vec::new();
    for value in at_most(COMMANDS_MAX, "commands", top.list("commands")?)? {
        let fields = Fields::of(value, &["name", "description"])?;
        let typed = word(fields.required("name")?)?;
        let name = words::command(&typed)?;
        if commands.iter().any(|before| before.name == name) {
            return Err(fault(
                &typed,
                format!("the command `{name}` is there twice"),
            ));
        }
        let description = words::sentence(&word(fields.required("description")?)?)?;
        commands.push(Command { name, description });
    }
    Ok(commands)
}

fn build(value: &Value<'_>) -> Result<Build, Fault> {
    let fields = Fields::of(value, &["command", "component", "watch"])?;
    let filled = |value| {
        let word = word(value)?;
        let empty = || fault(&word, "this must not be empty");
        if word.text.trim().is_empty() {
            Err(empty())
        } else {
            Ok(word.text.to_owned())
        }
    };
    Ok(Build {
        command: filled(fields.required("command")?)?,
        component: filled(fields.required("component")?)?,
        watch: fields
            .list("watch")?
            .into_iter()
            .map(filled)
            .collect::<Result<_, _>>()?,
    })
}
