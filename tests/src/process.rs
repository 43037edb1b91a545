//! Where the programs under test are: beside the test's own, built with the same profile.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The program `name` of the profile that this test was built with.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let profile = own.ancestors().nth(2).expect("cargo puts tests in a folder of the profile's");
    let path = profile.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.exists(), "{} is missing: run tests/run, which builds it", path.display());
    path
}

/// The workspace's root folder.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package is in a folder of the workspace")
}

/// The folder for what tests leave for people to look at. It is made.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn output() -> PathBuf {
    let folder = root().join("test-output");
    std::fs::create_dir_all(&folder).expect("the output folder can be made");
    folder
}

/// What has a program believe that it is later by so many seconds, or earlier: variables of its environment.
///
/// # Panics
/// When there is no libfaketime: `tests/run` installs it.
#[must_use]
pub fn clock(ahead: i32) -> Vec<(&'static str, String)> {
    // The wrapper knows where its library is.
    let told = Command::new("faketime").args(["-f", "+0s", "printenv", "LD_PRELOAD"]).output();
    let told = told.expect("faketime can be started");
    let library = String::from_utf8(told.stdout).expect("a path is text").trim().to_owned();
    assert!(!library.is_empty(), "faketime names its library");
    let only_the_day = ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned());
    vec![("LD_PRELOAD", library), ("FAKETIME", format!("{ahead:+}s")), only_the_day]
}
