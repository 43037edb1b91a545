//! The web client and its pages, embedded, so that one binary is the whole game.
//!
//! Owns: the table of the site's files that the build script made. Enters: the address a browser asked for. Leaves: the
//! file's bytes, plain and gzipped, with its type and content hash. It knows no HTTP. It must never turn an address into
//! a path on disk: addresses are only ever compared with the names in the table.

use std::path::Path;
use std::{fs, io};

/// One file of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebFile {
    /// The address it answers to, such as `/leaderboard`.
    pub path: &'static str,
    /// The value for `Content-Type`.
    pub mime: &'static str,
    /// The content.
    pub bytes: &'static [u8],
    /// The content, gzipped.
    pub gzip: &'static [u8],
    /// The value for `ETag`, with its quotes: a hash of the content.
    pub etag: &'static str,
    /// The file's name in `client-web/pages`, for a page, style or script that can also be served from disk.
    page: Option<&'static str>,
}

/// A file read from the operator's `--web-dir` just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskFile {
    /// The value for `Content-Type`.
    pub mime: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
}

include!(concat!(env!("OUT_DIR"), "/site.rs"));

/// Every file of the site.
pub fn files() -> &'static [WebFile] {
    &FILES
}

/// The file that answers to `path`, an address without query, such as `/` or `/client.js`.
pub fn find(path: &str) -> Option<&'static WebFile> {
    FILES.iter().find(|file| file.path == path)
}

/// The page, style or script at `path`, read from `web_dir` (a folder like `client-web/pages`) instead of from the
/// binary. `None` where the embedded file is the answer: no such address, or one that is made by the build.
pub fn find_on_disk(web_dir: &Path, path: &str) -> Option<io::Result<DiskFile>> {
    let file = find(path)?;
    let name = file.page?;
    Some(fs::read(web_dir.join(name)).map(|bytes| DiskFile { mime: file.mime, bytes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../pages");

    #[test]
    fn all_pages_the_module_and_its_glue_are_embedded() {
        for path in ["/", "/leaderboard", "/leaderboard/embed", "/client.js", "/client_bg.wasm"] {
            assert!(find(path).is_some_and(|file| !file.bytes.is_empty()), "{path}");
        }
    }

    #[test]
    fn the_module_is_wasm_and_its_type_lets_a_browser_compile_while_it_loads() {
        let module = find("/client_bg.wasm").unwrap();
        assert_eq!(&module.bytes[..4], b"\0asm");
        assert_eq!(module.mime, "application/wasm");
    }

    #[test]
    fn every_file_has_its_own_address_and_a_quoted_hash() {
        for (index, file) in files().iter().enumerate() {
            assert!(files()[index + 1..].iter().all(|other| other.path != file.path), "{}", file.path);
            assert!(file.etag.len() == 18 && file.etag.starts_with('"') && file.etag.ends_with('"'));
        }
    }

    #[test]
    fn gzipped_copies_are_gzip_and_smaller_for_text_and_code() {
        for file in files() {
            assert_eq!(&file.gzip[..2], &[0x1f, 0x8b], "{}", file.path);
            println!("{:>8} raw {:>8} gzip  {}", file.bytes.len(), file.gzip.len(), file.path);
        }
        let module = find("/client_bg.wasm").unwrap();
        assert!(module.gzip.len() < module.bytes.len());
    }

    #[test]
    fn styles_on_disk_are_those_of_the_checkout() {
        let style = find_on_disk(Path::new(PAGES), "/board.css").unwrap().unwrap();
        assert_eq!(style.bytes, find("/board.css").unwrap().bytes);
    }

    #[test]
    fn all_that_a_player_loads_is_less_than_600_kb_compressed() {
        let loaded = files().iter().filter(|file| !file.path.starts_with("/leaderboard"));
        let bytes: usize = loaded.map(|file| file.gzip.len()).sum();
        println!("{bytes} bytes compressed");
        assert!(bytes < 600_000, "{bytes} bytes");
    }

    /// What is between the tags of a page, scripts and styles aside: the pages have neither inside.
    fn texts(page: &str) -> impl Iterator<Item = &str> {
        page.split('<').skip(1).filter_map(|part| part.split_once('>').map(|(_, text)| text.trim()))
    }

    /// Is it a word that people would translate? Names of keys and of the game, signs and numbers are not.
    fn is_word(text: &str) -> bool {
        let named = matches!(text, "Starfray" | "Enter" | "– ms" | "0 s");
        !named && text.chars().any(char::is_alphabetic)
    }

    #[test]
    fn pages_hold_no_words_but_those_of_the_words_files() {
        for name in ["index.html", "leaderboard.html", "embed.html"] {
            let page = fs::read_to_string(Path::new(PAGES).join(name)).unwrap();
            let texts: Vec<_> = texts(&page).filter(|text| is_word(text)).collect();
            assert_eq!(texts, Vec::<&str>::new(), "{name}");
            for attribute in [" aria-label=\"", " placeholder=\"", " title=\""] {
                assert!(!page.contains(attribute), "{name}: {attribute}");
            }
        }
    }

    #[test]
    fn pages_are_served_with_english_words_in_them() {
        let page = std::str::from_utf8(find("/").unwrap().bytes).unwrap();
        assert!(
            page.contains(">One arena. Everyone in it.</p>") && page.contains("aria-label=\"The arena\"")
        );
        assert!(texts(page).filter(|text| is_word(text)).count() > 30);
    }

    #[test]
    fn pages_have_no_style_or_script_in_them() {
        for file in files().iter().filter(|file| file.mime.starts_with("text/html")) {
            let page = std::str::from_utf8(file.bytes).unwrap();
            for part in [" style=", "<style", " onclick=", " onload=", "<script>"] {
                assert!(!page.contains(part), "{}: {part}", file.path);
            }
        }
    }

    #[test]
    fn the_page_installs_as_an_app_with_icons_that_are_there() {
        let manifest = std::str::from_utf8(find("/manifest.webmanifest").unwrap().bytes).unwrap();
        let icons: Vec<_> =
            manifest.split("\"src\": \"").skip(1).filter_map(|part| part.split('"').next()).collect();
        assert!(icons.len() >= 3);
        for (icon, side) in icons
            .iter()
            .filter(|icon| icon.ends_with(".png"))
            .map(|icon| (find(icon).unwrap(), if icon.contains("192") { 192u32 } else { 512 }))
        {
            // A PNG says its width and height in its first chunk.
            assert_eq!(
                icon.bytes[16..24],
                [side.to_be_bytes(), side.to_be_bytes()].concat(),
                "{}",
                icon.path
            );
        }
    }

    #[test]
    fn what_the_build_makes_is_never_read_from_disk() {
        for path in ["/client.js", "/client_bg.wasm", "/icon.svg"] {
            assert!(find_on_disk(Path::new(PAGES), path).is_none(), "{path}");
        }
    }

    #[test]
    fn no_address_leaves_the_list_of_known_names() {
        for path in [
            "/../Cargo.toml",
            "/index.html",
            "//",
            "",
            "/base.css/",
            "/./base.css",
            "/%2e%2e/Cargo.toml",
            "/../pages/base.css",
            "/etc/passwd",
            "..\\Cargo.toml",
            "/base.css\0",
        ] {
            assert!(find(path).is_none(), "{path}");
            assert!(find_on_disk(Path::new(PAGES), path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_page_missing_from_the_folder_is_an_error_not_another_page() {
        let empty = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(find_on_disk(&empty, "/").unwrap().is_err());
    }
}
