//! The examples in PROTOCOL.md are the golden files, byte by byte, and its numbers of hulls and energy those of the game.

#![allow(clippy::unwrap_used, reason = "tests may")]

use shared::balance::{
    BOOST_COST, BOOST_PERCENT, HULLS, HullRow, RAPID_PERCENT, REFILL, REST_PERCENT, SHIELD_COST,
};
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

#[test]
fn the_documents_table_of_hulls_is_the_one_that_the_game_is_played_by() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("PROTOCOL.md")).unwrap();
    let row = |label: &str, of: fn(&HullRow) -> u32| {
        let numbers = HULLS.iter().map(|row| of(row).to_string()).collect::<Vec<_>>().join(" | ");
        let line = format!("| {label} | {numbers} |");
        assert!(document.contains(&line), "PROTOCOL.md should say {line}");
    };
    row("hull points", |row| row.points.into());
    row("thrust", |row| row.thrust.cast_unsigned());
    row("turn", |row| row.turn_milli.cast_unsigned());
    row("shot speed", |row| row.shot_speed.cast_unsigned());
    row("shot life, ms", |row| row.shot_life_ms);
    row("cooldown, ms", |row| row.cooldown_ms);
    row("shot energy, tenths", |row| row.shot_energy_tenths.into());
    assert!(HULLS.iter().all(|row| row.drag_milli == 1400), "the drag is stated once for all hulls");
    let energy =
        format!("refill R of {REFILL}, boost cost B of {BOOST_COST}, shield cost S of {SHIELD_COST}");
    let parts = [
        format!("* {BOOST_PERCENT} / 100"),
        format!("* {REST_PERCENT} / 100"),
        format!("* {RAPID_PERCENT} / 100"),
    ];
    for part in [&[energy][..], &parts].concat() {
        assert!(document.contains(&part), "PROTOCOL.md should say {part}");
    }
}
