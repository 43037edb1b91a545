//! What we are built on comes from crates.io and has a licence that `deny.toml` allows, also where `cargo deny`, which says
//! it better and knows of advisories, is not installed. And nothing of ours is `unsafe` but what is named here.

use super::{Walls, files_naming};
use std::collections::BTreeSet;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The quoted words between a line and the next that begins with a bracket.
fn words_of<'a>(text: &'a str, begin: &str) -> BTreeSet<&'a str> {
    let lines =
        text.lines().skip_while(|line| *line != begin).skip(1).take_while(|line| !line.starts_with(']'));
    lines.filter_map(|line| line.split('"').nth(1)).collect()
}

/// One of the alternatives of an SPDX expression, all of whose parts are allowed.
fn is_allowed(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let plain = licence.replace(['(', ')'], " ").replace('/', " OR ");
    let mut alternatives = plain.split(" OR ");
    alternatives.any(|all| all.split(" AND ").all(|one| allowed.contains(one.trim())))
}

#[test]
fn everything_we_are_built_on_comes_from_crates_io_under_a_licence_that_is_allowed() {
    let walls = Walls::on(super::NATIVE);
    let deny = std::fs::read_to_string(walls.0.workspace_root.join("deny.toml")).expect("it is in the root");
    let allowed = words_of(&deny, "allow = [");
    let excepted = deny.lines().skip_while(|line| *line != "exceptions = [").filter_map(|line| {
        let entry = line.trim().strip_prefix("{ crate = \"")?;
        entry.split_once('"').filter(|(_, rest)| rest.contains("allow = ")).map(|(name, _)| name)
    });
    let excepted: BTreeSet<&str> = excepted.collect();
    assert!(allowed.contains("MIT") && !excepted.is_empty());
    for package in &walls.0.packages {
        let Some(source) = &package.source else { continue };
        assert_eq!(source.repr, CRATES_IO, "{}", package.name);
        let licence = package.license.as_deref().unwrap_or_default();
        let fine = is_allowed(licence, &allowed) || excepted.contains(package.name.as_str());
        assert!(fine, "{} is under {licence:?}", package.name);
    }
}

#[test]
fn nothing_that_deny_toml_forbids_is_among_what_we_are_built_on() {
    for platform in [super::NATIVE, super::WEB] {
        let walls = Walls::on(platform);
        let deny =
            std::fs::read_to_string(walls.0.workspace_root.join("deny.toml")).expect("it is in the root");
        let forbidden = words_of(&deny, "deny = [");
        assert!(forbidden.contains("openssl-sys"), "{forbidden:?}");
        for package in &walls.0.packages {
            assert!(!forbidden.contains(package.name.as_str()), "{} is forbidden", package.name);
        }
    }
}

/// Where code of ours is `unsafe`: a call that asks the allocator to give back what is free, which has no safe form.
const UNSAFE: [&str; 1] = ["ebb.rs"];

#[test]
fn no_code_of_ours_is_unsafe_but_where_it_is_named_here() {
    let walls = Walls::on(super::NATIVE);
    let root = std::fs::read_to_string(walls.0.workspace_root.join("Cargo.toml")).expect("it is in the root");
    assert!(root.contains(concat!("\nunsafe", "_code = \"deny\"\n")));
    for package in walls.0.workspace_packages() {
        let manifest = std::fs::read_to_string(&package.manifest_path).expect("every package has one");
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{} takes the workspace's lints",
            package.name
        );
    }
    let excepted = ["client-web", "server", "shared", "tests"].map(|folder| {
        files_naming(walls.0.workspace_root.join(folder).as_std_path(), concat!("unsafe", "_code"))
    });
    assert_eq!(excepted.concat(), UNSAFE);
}
