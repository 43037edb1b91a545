//! Where the programs under test are: beside the test's own, built with the same profile.

use std::path::{Path, PathBuf};

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
