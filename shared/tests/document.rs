//! The examples in PROTOCOL.md are the golden files, byte by byte.

#![allow(clippy::unwrap_used, reason = "tests may")]

use std::path::Path;

/// The fenced blocks of the document whose language is the name of a golden file, with the bytes of their lines.
fn examples(document: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = language.starts_with("frame-") || language.starts_with("client-");
            if inside {
                found.push((language.to_owned(), Vec::new()));
            }
        } else if inside && let Some((_, bytes)) = found.last_mut() {
            let hex = line.split("  ").next().unwrap_or_default();
            bytes.extend(hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()));
        }
    }
    found
}

#[test]
fn every_example_of_the_document_is_the_golden_file_of_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("PROTOCOL.md")).unwrap();
    let examples = examples(&document);
    for (name, bytes) in &examples {
        let golden = std::fs::read(root.join(format!("tests/golden/{name}.bin"))).unwrap();
        assert_eq!(*bytes, golden, "{name}");
    }
    let names: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    for kind in ["frame-idle", "frame-reset", "frame-delta", "frame-arrival"] {
        assert!(names.contains(&kind), "an example of {kind}");
    }
}
