//! The list of the site's files, and the table of them that the library embeds.
//!
//! Enters: pages, icons and the client's glue, by the names listed here. Leaves: a gzipped copy of each and a Rust table
//! with address, type and content hash. A file that is not listed is never embedded.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};

use crate::Problem;
use crate::words::Words;

/// Where a file of the site comes from.
#[derive(Clone, Copy)]
enum Source {
    /// `client-web/pages`: can be served from disk instead, while it is being worked on.
    Page,
    /// `assets`.
    Asset,
    /// Made by this build.
    Glue,
}

/// Address, file name, source and MIME type of every file of the site.
const SITE: [(&str, &str, Source, &str); 20] = [
    ("/", "index.html", Source::Page, HTML),
    ("/leaderboard", "leaderboard.html", Source::Page, HTML),
    ("/leaderboard/embed", "embed.html", Source::Page, HTML),
    ("/base.css", "base.css", Source::Page, CSS),
    ("/play.css", "play.css", Source::Page, CSS),
    ("/hud.css", "hud.css", Source::Page, CSS),
    ("/talk.css", "talk.css", Source::Page, CSS),
    ("/settings.css", "settings.css", Source::Page, CSS),
    ("/board.css", "board.css", Source::Page, CSS),
    ("/controls.css", "controls.css", Source::Page, CSS),
    ("/embed.css", "embed.css", Source::Page, CSS),
    ("/boot.js", "boot.js", Source::Page, JS),
    ("/client.js", "client.js", Source::Glue, JS),
    ("/client_bg.wasm", "client_bg.wasm", Source::Glue, "application/wasm"),
    ("/logo.svg", "logo.svg", Source::Asset, SVG),
    ("/icon.svg", "icon.svg", Source::Asset, SVG),
    ("/icon-192.png", "icon-192.png", Source::Asset, PNG),
    ("/icon-512.png", "icon-512.png", Source::Asset, PNG),
    ("/icon-maskable-512.png", "icon-maskable-512.png", Source::Asset, PNG),
    ("/manifest.webmanifest", "manifest.webmanifest", Source::Page, "application/manifest+json"),
];

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

/// Writes the gzipped copies and the table `site.rs` into `out`.
pub fn lay_out(workspace: &Path, glue: &Path, out: &Path) -> Result<(), Problem> {
    let words = Words::read(&workspace.join("client-web/words/en.txt"))?;
    let folder = out.join("site");
    fs::create_dir_all(&folder).map_err(|problem| format!("{}: {problem}", folder.display()))?;
    let mut table = format!("static FILES: [WebFile; {}] = [\n", SITE.len());
    for (address, name, source, mime) in SITE {
        let path = origin(workspace, glue, source).join(name);
        let mut bytes = fs::read(&path).map_err(|problem| format!("{}: {problem}", path.display()))?;
        if mime == HTML {
            bytes = words.put_into(&path, &bytes)?;
        }
        write(&folder.join(name), &bytes)?;
        write(&folder.join(format!("{name}.gz")), &gzip(&bytes)?)?;
        row(&mut table, address, name, source, mime, &bytes);
    }
    table.push_str("];\n");
    write(&out.join("site.rs"), table.as_bytes())
}

fn origin(workspace: &Path, glue: &Path, source: Source) -> PathBuf {
    match source {
        Source::Page => workspace.join("client-web/pages"),
        Source::Asset => workspace.join("assets"),
        Source::Glue => glue.to_path_buf(),
    }
}

fn row(table: &mut String, address: &str, name: &str, source: Source, mime: &str, bytes: &[u8]) {
    let page = match source {
        Source::Page => format!("Some({name:?})"),
        Source::Asset | Source::Glue => "None".to_owned(),
    };
    let etag = format!("\"{:016x}\"", fnv1a(bytes));
    // Writing to a String cannot fail.
    let _ = writeln!(
        table,
        "    WebFile {{ path: {address:?}, mime: {mime:?}, page: {page}, etag: {etag:?},\n        \
         bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/site/{name}\")),\n        \
         gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/site/{name}.gz\")) }},"
    );
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    // No time stamp: the same sources give the same bytes.
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|problem| format!("gzip: {problem}"))
}

/// Tells two versions of a file apart for a browser's cache; it is no defence against anyone.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    fs::write(path, bytes).map_err(|problem| format!("{}: {problem}", path.display()))
}
