//! From the client's sources to a WASM module with its JavaScript glue.
//!
//! Enters: the workspace and a target directory of our own. Leaves: `client.js` and `client_bg.wasm`. It asks rustup for
//! the wasm32 target when that is missing, and must never let the outer build's flags and wrappers (clippy's, a
//! coverage tool's) reach the nested one.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::Problem;

const TARGET: &str = "wasm32-unknown-unknown";

/// The cargo profile of the client, in the root `Cargo.toml`.
const PROFILE: &str = "web";

/// Makes sure that the standard library for WASM is installed, by rustup where it is not.
pub fn ensure_wasm_target() -> Result<(), Problem> {
    let library = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    println!("cargo::warning=installing the {TARGET} target with rustup, once");
    let added = Command::new("rustup").args(["target", "add", TARGET]).output();
    match added {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(missing_target(String::from_utf8_lossy(&output.stderr).trim())),
        Err(problem) => Err(missing_target(&format!("rustup could not be started: {problem}"))),
    }
}

fn missing_target(why: &str) -> Problem {
    let why = why.replace('\n', "; ");
    format!(
        "the web client needs Rust's {TARGET} target: run `rustup target add {TARGET}`, or install your \
         distribution's package of the standard library for it, and build again ({why})"
    )
}

fn sysroot() -> Result<PathBuf, Problem> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let output = Command::new(&rustc)
        .args(["--print", "sysroot"])
        .output()
        .map_err(|problem| format!("{} could not be started: {problem}", rustc.to_string_lossy()))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Builds `client-web` into `target`, and returns the path of the WASM module.
pub fn client(workspace: &Path, target: &Path) -> Result<PathBuf, Problem> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(workspace).args(["build", "--package", "client-web", "--lib", "--target", TARGET]);
    command.args(["--profile", PROFILE, "--target-dir"]).arg(target);
    shed_outer_build(&mut command);
    let output = command.output().map_err(|problem| format!("cargo could not be started: {problem}"))?;
    if output.status.success() {
        return Ok(target.join(TARGET).join(PROFILE).join("client_web.wasm"));
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    Err("the web client does not compile: its errors are below".to_owned())
}

/// Removes what the outer cargo, or clippy above it, set for its own use. The jobserver stays, so that both builds
/// together keep to one number of jobs, and so do the settings of the network and of cargo's home.
fn shed_outer_build(command: &mut Command) {
    const KEPT: [&str; 6] =
        ["CARGO_HOME", "CARGO_MAKEFLAGS", "CARGO_NET_", "CARGO_HTTP_", "CARGO_REGISTR", "CARGO_TERM_"];
    const SHED: [&str; 9] = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "RUSTC",
        "RUSTDOC",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_LINKER",
        "CLIPPY_ARGS",
        "TARGET",
    ];
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        let cargos = name.starts_with("CARGO_") && !KEPT.iter().any(|kept| name.starts_with(kept));
        if cargos || SHED.contains(&name.as_str()) {
            command.env_remove(name);
        }
    }
}

/// Writes `client.js` and `client_bg.wasm`, as a browser loads them, into `folder`.
pub fn bind(wasm: &Path, folder: &Path) -> Result<(), Problem> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("client").typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|problem| format!("wasm-bindgen refused the web client: {problem:#}"))
}
