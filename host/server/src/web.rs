//! The first web page: a few files, embedded, under a policy that lets nothing else in.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::Embed;

use crate::extract::Address;
use crate::problem::{Problem, Slip};

/// Scripts, styles and images from this origin only. The named policies are those the vendored
/// card renderer creates when it loads (`web/vendor/README.md`).
pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
    base-uri 'none'; require-trusted-types-for 'script'; \
    trusted-types adaptivecards#deprecatedExportedFunctionPolicy \
    adaptivecards#markdownPassthroughPolicy adaptivecards#restoreContentsPolicy html \
    'allow-duplicates'";

#[derive(Embed)]
#[folder = "web/"]
struct Files;

/// The page.
pub(crate) async fn page() -> Result<Html<Vec<u8>>, Problem> {
    let file = Files::get("index.html").ok_or(Slip::NoSuchAddress)?;
    Ok(Html(file.data.into_owned()))
}

/// A file of the page.
pub(crate) async fn file(Address(name): Address<String>) -> Result<Response, Problem> {
    let file = Files::get(&name).ok_or(Slip::NoSuchAddress)?;
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some(_) | None => "text/plain; charset=utf-8",
    };
    Ok(([(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response())
}

/// Says that the host answers.
pub(crate) async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}
