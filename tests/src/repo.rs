//! The repository as the laws see it: its files, its manifests, and code without its comments.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are not written by hand.
const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "vendor", "bindings"];

/// A text file of the repository.
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// A crate of the repository.
pub struct Crate {
    /// Its folder from the root.
    pub folder: String,
    /// Its manifest.
    pub manifest: toml::Table,
}

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ has a parent")
        .to_owned()
}

/// Tells whether something is there, by its path from the root.
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Reads a file by its path from the root; empty when it is not there.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Reads a file that need not be text; empty when it is not there.
pub fn bytes(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_default()
}

/// Returns the paths of all files under a folder, in order.
pub fn paths(under: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(under), &mut |path| found.push(relative(path)));
    found.sort();
    found
}

/// Returns the names of the folders in a folder, in order.
pub fn folders(path: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(path)) else {
        return Vec::new();
    };
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Returns the files under a folder whose names end like this, in order.
pub fn files(under: &str, ends: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    collect(&root().join(under), &mut |path| {
        let name = path.to_string_lossy();
        let wanted = ends.iter().any(|end| name.ends_with(end));
        let text = wanted.then(|| fs::read_to_string(path).ok()).flatten();
        found.extend(text.map(|text| File {
            path: relative(path),
            text,
        }));
    });
    found.sort_by(|one, next| one.path.cmp(&next.path));
    found
}

/// Returns the crates in these folders.
pub fn crates(under: &[&str]) -> Vec<Crate> {
    let manifests = under
        .iter()
        .flat_map(|under| files(under, &["/Cargo.toml"]));
    let read = |file: File| {
        let folder = file
            .path
            .trim_end_matches("Cargo.toml")
            .trim_end_matches('/')
            .to_owned();
        let manifest = file
            .text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", file.path));
        Crate { folder, manifest }
    };
    manifests.map(read).collect()
}

impl File {
    /// Tells whether the whole file is test code.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/")
            || self
                .path
                .split('/')
                .any(|part| part == "tests" || part == "benches")
            || name == "tests.rs"
            || name == "testing.rs"
    }

    /// Returns the code before the file's tests; nothing when all of it is test code.
    pub fn production(&self) -> &str {
        if self.is_test() {
            return "";
        }
        let tests = self.text.find("#[cfg(test)]\nmod tests {");
        &self.text[..tests.unwrap_or(self.text.len())]
    }
}

impl Crate {
    /// Returns the crate's name.
    pub fn name(&self) -> &str {
        let package = self.manifest.get("package").and_then(toml::Value::as_table);
        package
            .and_then(|package| package.get("name")?.as_str())
            .unwrap_or_default()
    }

    /// Returns the dependencies in these tables, and how each is written.
    pub fn dependencies(&self, tables: &[&str]) -> Vec<(&str, &toml::Value)> {
        let tables = tables
            .iter()
            .filter_map(|name| self.manifest.get(*name)?.as_table());
        tables
            .flatten()
            .map(|(name, how)| (name.as_str(), how))
            .collect()
    }

    /// Tells whether the crate names another, its tests included.
    pub fn names(&self, other: &str) -> bool {
        self.dependencies(&ALL)
            .iter()
            .any(|(name, _)| *name == other)
    }
}

/// Every table of dependencies a manifest can have.
pub const ALL: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

/// Returns code without comments and the insides of texts, line for line.
pub fn bare(code: &str) -> String {
    let mut bare = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let (skipped, kept) = token(rest);
        let end = skipped.unwrap_or(first.len_utf8());
        match kept {
            Some(mark) => {
                bare.push_str(mark);
                bare.extend(rest[..end].chars().filter(|letter| *letter == '\n'));
                bare.push_str(mark);
            }
            None => bare.push(first),
        }
        rest = &rest[end..];
    }
    bare
}

/// The length of the comment or text that starts here, and what is left of it.
fn token(rest: &str) -> (Option<usize>, Option<&'static str>) {
    let until = |start: usize, end: &str| {
        rest[start..]
            .find(end)
            .map_or(rest.len(), |found| start + found + end.len())
    };
    if rest.starts_with("//") {
        return (
            Some(until(0, "\n") - usize::from(rest.contains('\n'))),
            Some(""),
        );
    }
    if rest.starts_with("/*") {
        return (Some(until(2, "*/")), Some(""));
    }
    if rest.starts_with("r#\"") {
        return (Some(until(3, "\"#")), Some("\""));
    }
    if rest.starts_with("'\"'") || rest.starts_with("'\\''") || rest.starts_with("'\\\\'") {
        return (Some(until(2, "'")), Some("'"));
    }
    if rest.starts_with('"') {
        return (Some(text_end(rest)), Some("\""));
    }
    (None, None)
}

/// Where the text that starts here ends.
fn text_end(rest: &str) -> usize {
    let mut escaped = false;
    for (place, letter) in rest.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return place + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

fn collect(folder: &Path, found: &mut impl FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !SKIPPED.contains(&name.as_ref()) {
            collect(&path, found);
        } else if path.is_file() {
            found(&path);
        }
    }
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_code_has_neither_comments_nor_words() {
        let code =
            "let a = \"x // \\\" y\"; // why\nlet b = '\"'; /* no */ let c = r#\"\"z\"\n\"#;\n";
        assert_eq!(bare(code), "let a = \"\"; \nlet b = '';  let c = \"\n\";\n");
    }

    #[test]
    fn this_file_is_found() {
        let found = files("tests/src", &["repo.rs"]);
        assert_eq!(
            found
                .iter()
                .map(|file| file.path.as_str())
                .collect::<Vec<_>>(),
            ["tests/src/repo.rs"]
        );
        assert!(found[0].is_test() && exists("Cargo.toml") && !exists("nowhere"));
    }
}
