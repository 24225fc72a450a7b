//! Where a card may point to.

use souk_core::limits::LINK_BYTES_MAX;
use souk_core::manifest::is_asset_name;

/// Tells whether a text is a link that a person may be offered: `https` to a public host by name.
/// No user name, because people read what stands before the `@`; nothing but plain characters,
/// because others look like them.
pub(super) fn is_link(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    text.len() <= LINK_BYTES_MAX && text.bytes().all(plain) && is_authority(authority)
}

fn is_authority(text: &str) -> bool {
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(text),
    }
}

/// A domain name of two labels or more. The last one starts with a letter: addresses of machines
/// are numbers, in whatever way they are written.
fn is_host(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let label = |label: &str| {
        let edges = label.starts_with('-') || label.ends_with('-');
        (1..=63).contains(&label.len()) && !edges && label.bytes().all(inner)
    };
    let last = text.rsplit_once('.').map(|(_, last)| last);
    let named =
        last.is_some_and(|last| last.starts_with(|first: char| first.is_ascii_alphabetic()));
    text.len() <= 253 && named && text.split('.').all(label)
}

fn is_port(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Tells whether a text names a picture that the host itself serves: an asset of the app's package
/// or a path of the host's own. Whoever looks at a card is seen by nobody.
pub(super) fn is_picture(text: &str) -> bool {
    match (text.strip_prefix("asset:"), text.strip_prefix("/v1/")) {
        (Some(name), _) => is_asset_name(name),
        (None, Some(path)) => text.len() <= LINK_BYTES_MAX && is_path(path),
        (None, None) => false,
    }
}

/// Plain names with slashes between them; none that means another folder.
fn is_path(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let name = |name: &str| !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain);
    text.split('/').all(name)
}

#[cfg(test)]
mod tests {
    use souk_core::limits::ASSET_NAME_BYTES_MAX;

    use super::*;

    #[test]
    fn links_go_to_public_hosts_by_https() {
        for good in [
            "https://example.com",
            "https://example.com/a?b=c&d=%20#e",
            "https://Shop.Example.com:8443/@ana",
            "https://xn--80ak6aa92e.com/",
            "https://example.com?next=https://example.org",
        ] {
            assert!(is_link(good), "{good}");
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        let long = format!("https://example.com/{}", "x".repeat(LINK_BYTES_MAX));
        for bad in [
            "",
            "https://",
            "https:example.com",
            "https:///example.com",
            "http://example.com",
            "HTTPS://example.com",
            " https://example.com",
            "https://example.com ",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "//example.com",
            "/v1/chats",
            "mailto:ana@example.com",
            "https://example.com@evil.com",
            "https://ana:pw@example.com/",
            "https://@evil.com",
            "https://example.com\\@evil.com",
            "https://ex\nample.com",
            "https://ex\u{202e}ample.com",
            "https://\u{430}pple.com",
            "https://localhost",
            "https://localhost/",
            "https://127.0.0.1",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://[::1]/",
            "https://10.0.0.0x1",
            "https://example.com:",
            "https://example.com:0",
            "https://example.com:65536",
            "https://example.com:80:80",
            "https://example.com:+80",
            "https://-a.com",
            "https://a..com",
            "https://.com",
            "https://example.com.",
            "https://exa%6dple.com",
            "https://a_b.com",
            long.as_str(),
        ] {
            assert!(!is_link(bad), "{bad:?}");
        }
    }

    #[test]
    fn pictures_come_from_the_host_alone() {
        for good in [
            "asset:cup.png",
            "asset:img/cup-2_b.webp",
            "/v1/uploads/abc.png",
        ] {
            assert!(is_picture(good), "{good}");
        }
        let long = format!("asset:{}", "x".repeat(ASSET_NAME_BYTES_MAX + 1));
        for bad in [
            "",
            "asset:",
            "asset:/cup.png",
            "asset:../cup.png",
            "asset:a/../b",
            "asset:a//b",
            "asset:.hidden",
            "asset:a/",
            "asset:cup.png?x=1",
            "Asset:cup.png",
            "/v1/",
            "/v1",
            "/v1/../admin",
            "/v1/%2e%2e/admin",
            "/v1/a?b",
            "/v1/a#b",
            "/v1\\a",
            "//v1/a",
            "/v2/a",
            "https://example.com/cup.png",
            "http://example.com/cup.png",
            "data:image/png;base64,AA",
            "blob:x",
            "cup.png",
            "asset:c\u{fc}p.png",
            "asset:a b",
            long.as_str(),
        ] {
            assert!(!is_picture(bad), "{bad:?}");
        }
    }
}
