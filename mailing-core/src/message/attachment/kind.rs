//! The media type of a file.

/// For whatever is not known.
const UNKNOWN: &str = "application/octet-stream";

/// Endings of what a system runs or opens with the rights of whoever clicks on it, and of what a
/// browser would run as a page of somebody's.
const REFUSED: &[&str] = &[
    "ade",
    "adp",
    "apk",
    "app",
    "appref-ms",
    "appx",
    "bas",
    "bat",
    "chm",
    "cmd",
    "com",
    "cpl",
    "deb",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "exe",
    "gadget",
    "hta",
    "htm",
    "html",
    "img",
    "inf",
    "ins",
    "iso",
    "isp",
    "jar",
    "js",
    "jse",
    "lib",
    "lnk",
    "mde",
    "mht",
    "mhtml",
    "msc",
    "msi",
    "msix",
    "msp",
    "mst",
    "nsh",
    "one",
    "pif",
    "pkg",
    "pptm",
    "ps1",
    "psm1",
    "py",
    "reg",
    "rpm",
    "run",
    "scf",
    "scr",
    "sct",
    "sh",
    "shb",
    "svg",
    "svgz",
    "swf",
    "sys",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "vxd",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xht",
    "xhtml",
    "xll",
    "xlsm",
    "xml",
    "xsl",
];

/// Endings with their types and what such a file begins with.
const BY_CONTENT: &[(&str, &str, &[u8])] = &[
    ("pdf", "application/pdf", b"%PDF-"),
    ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", "image/jpeg", b"\xff\xd8\xff"),
    ("jpeg", "image/jpeg", b"\xff\xd8\xff"),
    ("gif", "image/gif", b"GIF8"),
    ("webp", "image/webp", b"RIFF"),
    ("zip", "application/zip", b"PK"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK",
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"PK",
    ),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        b"PK",
    ),
    ("odt", "application/vnd.oasis.opendocument.text", b"PK"),
    (
        "ods",
        "application/vnd.oasis.opendocument.spreadsheet",
        b"PK",
    ),
    (
        "odp",
        "application/vnd.oasis.opendocument.presentation",
        b"PK",
    ),
    ("epub", "application/epub+zip", b"PK"),
    ("rtf", "application/rtf", b"{\\rtf"),
    ("mp3", "audio/mpeg", b"ID3"),
];

/// Text in UTF-8.
const TEXTS: &[(&str, &str)] = &[
    ("txt", "text/plain; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("ics", "text/calendar; charset=utf-8"),
    ("vcf", "text/vcard; charset=utf-8"),
];

/// What programs and pages begin with, whatever they are called.
const PROGRAMS: &[&[u8]] = &[
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",
];
/// The same for pages, in lower case.
const PAGES: &[&[u8]] = &[b"<!doctype html", b"<html", b"<svg", b"<script", b"<?xml"];

/// The type of a file with this ending (lower case, without its dot) and content; `None` when it is
/// refused.
pub(super) fn of(ending: &str, data: &[u8]) -> Option<&'static str> {
    if REFUSED.contains(&ending) || PROGRAMS.iter().any(|begin| data.starts_with(begin)) {
        return None;
    }
    if is_page(data) {
        return None;
    }
    let by_content = BY_CONTENT.iter().find(|(known, ..)| *known == ending);
    if let Some((_, kind, begin)) = by_content {
        return Some(if data.starts_with(begin) {
            kind
        } else {
            UNKNOWN
        });
    }
    let text = TEXTS.iter().find(|(known, _)| *known == ending);
    match text {
        Some((_, kind)) if std::str::from_utf8(data).is_ok() => Some(kind),
        _ => Some(UNKNOWN),
    }
}

/// True for what a browser takes for a page, past a byte order mark and white space.
fn is_page(data: &[u8]) -> bool {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let start = data.trim_ascii_start();
    PAGES.iter().any(|begin| {
        let here = start.get(..begin.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(begin))
    })
}
