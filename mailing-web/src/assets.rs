//! The stylesheet and the icon: inside the binary, addressed by their content.
//!
//! The address holds a hash, so browsers keep a file for a year and ask for a new one as soon as it
//! changes.

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use poem::http::{StatusCode, header};
use poem::{Request, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// Bytes of the hash that stand in an address.
const HASH_LENGTH: usize = 6;

fn hash(file: &rust_embed::EmbeddedFile) -> String {
    HEXLOWER.encode(&file.metadata.sha256_hash()[..HASH_LENGTH])
}

/// The address of an asset: `/assets/style.css?1f2e3d4c5b6a`.
pub(crate) fn url(name: &str) -> String {
    Files::get(name).map_or_else(
        || format!("/assets/{name}"),
        |file| format!("/assets/{name}?{}", hash(&file)),
    )
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// Answers for `/assets/{name}`: 304 when the browser has it, a year of cache when the address names
/// the present content, none when it names another.
pub(crate) fn serve(req: &Request, name: &str) -> Option<Response> {
    let file = Files::get(name)?;
    let hash = hash(&file);
    let etag = format!("\"{hash}\"");
    let current = req.uri().query() == Some(hash.as_str());
    let cache = if current {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = req
        .header(header::IF_NONE_MATCH)
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag));
    let response = Response::builder()
        .header(header::ETAG, etag)
        .header(header::CACHE_CONTROL, cache);
    if known {
        return Some(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    let response = response.content_type(content_type(name));
    Some(match file.data {
        Cow::Borrowed(bytes) => response.body(bytes),
        Cow::Owned(bytes) => response.body(bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changes_with_the_content_only() {
        assert!(url("style.css").starts_with("/assets/style.css?"));
        assert_eq!(url("style.css"), url("style.css"));
        assert_ne!(
            url("style.css").split('?').nth(1),
            url("favicon.svg").split('?').nth(1)
        );
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let address = url("style.css");
        let hash = address.split('?').nth(1).unwrap();
        let request = |tag: &str| {
            Request::builder()
                .uri_str(&address)
                .header(header::IF_NONE_MATCH, tag)
                .finish()
        };
        let known = serve(&request(&format!("\"x\", \"{hash}\"")), "style.css").unwrap();
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        let other = serve(&request("\"x\""), "style.css").unwrap();
        assert_eq!(other.status(), StatusCode::OK);
        assert_eq!(
            other.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
    }

    #[test]
    fn a_stale_address_is_not_cached_and_a_foreign_name_is_not_found() {
        let stale = Request::builder().uri_str("/assets/style.css?old").finish();
        let response = serve(&stale, "style.css").unwrap();
        assert_eq!(response.header("cache-control"), Some("no-cache"));
        for name in [
            "",
            "../Cargo.toml",
            "..%2fCargo.toml",
            "style.css\0",
            "/etc/passwd",
        ] {
            assert!(serve(&stale, name).is_none(), "{name}");
        }
    }

    /// Every colour, icon and rule fits into the promised size (gzip packs it to a quarter).
    #[test]
    fn the_stylesheet_stays_small() {
        let size = Files::get("style.css").unwrap().data.len();
        assert!(size <= 30_000, "{size} bytes");
    }

    /// All scripts together: packed they are a third of that.
    #[test]
    fn the_scripts_stay_small() {
        let scripts = Files::iter().filter(|name| name.ends_with(".js"));
        let size: usize = scripts
            .map(|name| Files::get(&name).unwrap().data.len())
            .sum();
        assert!(size <= 16_000, "{size} bytes");
    }
}
