//! Builds the web client to WASM and lays out every file the server embeds.
//!
//! Enters: the sources of `client-web` and `shared`, the pages and the icons. Leaves: `OUT_DIR/site/` with each file as it
//! is and gzipped, and `OUT_DIR/site.rs`, the table of them that `src/lib.rs` includes. It must never share a target
//! directory with the cargo that runs it, whose lock is held until this script ends.

#[path = "build/compile.rs"]
mod compile;
#[path = "build/site.rs"]
mod site;
#[path = "build/words.rs"]
mod words;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

/// One clear sentence for whoever started the build.
type Problem = String;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("cargo::error={problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Problem> {
    let places = Places::of_this_build()?;
    places.watch();
    compile::ensure_wasm_target()?;
    let wasm = compile::client(&places.workspace, &places.web_target)?;
    let glue = places.out.join("glue");
    compile::bind(&wasm, &glue)?;
    site::lay_out(&places.workspace, &glue, &places.out)
}

/// The directories this build reads and writes.
struct Places {
    /// The workspace's root.
    workspace: PathBuf,
    /// `OUT_DIR`.
    out: PathBuf,
    /// The target directory of the nested build.
    web_target: PathBuf,
}

impl Places {
    fn of_this_build() -> Result<Self, Problem> {
        let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
        let out = PathBuf::from(variable("OUT_DIR")?);
        let workspace = manifest.ancestors().nth(2).ok_or("client-web/bundle is not inside the workspace")?;
        let web_target = outer_target(&out)?.join("web-client");
        Ok(Self { workspace: workspace.to_path_buf(), web_target, out })
    }

    /// Tells cargo what to watch: everything that ends up in the site, and nothing else.
    fn watch(&self) {
        let watched = [
            "client-web/src",
            "client-web/pages",
            "client-web/words",
            "client-web/Cargo.toml",
            "client-web/bundle/build.rs",
            "client-web/bundle/build",
            "shared/src",
            "shared/Cargo.toml",
            "assets",
            "Cargo.toml",
        ];
        for path in watched {
            println!("cargo::rerun-if-changed={}", self.workspace.join(path).display());
        }
    }
}

/// The target directory of the cargo that runs this script, so that debug, release and clippy builds of the workspace
/// share one build of the client. Cargo marks it with a cache tag; its depth above `OUT_DIR` is not promised.
fn outer_target(out: &std::path::Path) -> Result<PathBuf, Problem> {
    out.ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .or_else(|| out.ancestors().nth(4))
        .map(std::path::Path::to_path_buf)
        .ok_or_else(|| format!("{} is not inside a target directory", out.display()))
}

fn variable(name: &str) -> Result<String, Problem> {
    env::var(name).map_err(|problem| format!("cargo did not set {name}: {problem}"))
}
