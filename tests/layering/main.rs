//! The walls between the crates, as cargo sees them: `shared` <- `sim` <- `server`; `shared` <- `client-web`, `bots`.
//! Development dependencies do not count; what counts is what
//! is built on the platforms we ship for.

mod supply;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn shared_reaches_no_runtime_no_ecs_and_nothing_else_of_ours() {
    let walls = Walls::on(NATIVE);
    assert_eq!(walls.ours_beneath("shared"), names([]));
    walls.assert_not_beneath("shared", &["tokio", "bevy_ecs", "axum", "rand", "web-sys"]);
}

#[test]
fn the_simulation_reaches_no_sockets_and_of_ours_only_shared() {
    let walls = Walls::on(NATIVE);
    assert_eq!(walls.ours_beneath("sim"), names(["shared"]));
    walls.assert_not_beneath("sim", &["tokio", "tokio-tungstenite", "axum", "hyper", "mio", "socket2"]);
}

#[test]
fn the_standings_reach_no_sockets_no_ecs_and_of_ours_only_shared() {
    let walls = Walls::on(NATIVE);
    assert_eq!(walls.ours_beneath("standings"), names(["shared"]));
    walls.assert_not_beneath("standings", &["tokio", "axum", "hyper", "mio", "socket2", "bevy_ecs"]);
}

#[test]
fn what_servers_share_reaches_no_world_and_no_players_socket() {
    let walls = Walls::on(NATIVE);
    assert_eq!(walls.ours_beneath("cluster"), names(["shared", "standings"]));
    walls.assert_not_beneath("cluster", &["bevy_ecs", "axum", "hyper", "tokio-tungstenite"]);
}

#[test]
fn only_what_servers_share_names_redis() {
    let walls = Walls::on(NATIVE);
    for package in &walls.0.workspace_members {
        let name = walls.name(package).to_owned();
        let may = ["cluster", "bench", "e2e"].contains(&name.as_str());
        assert!(may || !walls.direct(&name).contains("redis"), "{name}");
    }
}

#[test]
fn the_server_does_not_name_the_ecs() {
    let walls = Walls::on(NATIVE);
    assert!(!walls.direct("server").contains("bevy_ecs"), "the world belongs to sim");
    assert!(walls.direct("server").contains("sim"));
    assert!(!walls.ours_beneath("server").contains("client-web"), "the client is embedded, not linked");
}

#[test]
fn the_clients_reach_of_ours_only_shared() {
    let walls = Walls::on(NATIVE);
    assert_eq!(walls.ours_beneath("bots"), names(["shared"]));
    walls.assert_not_beneath("bots", &["bevy_ecs", "axum"]);
    let walls = Walls::on(WEB);
    assert_eq!(walls.ours_beneath("client-web"), names(["shared"]));
    walls.assert_not_beneath("client-web", &["bevy_ecs", "axum", "tokio", "tungstenite"]);
}

#[test]
fn only_the_codec_names_bincode() {
    let walls = Walls::on(NATIVE);
    for package in &walls.0.workspace_members {
        let name = walls.name(package).to_owned();
        assert_eq!(walls.direct(&name).contains("bincode"), name == "shared", "{name}");
    }
    let source = walls.0.workspace_root.join("shared/src");
    assert_eq!(files_naming(source.as_std_path(), "bincode::"), ["codec.rs"]);
}

/// Where the server and the bots run. Another native platform has the same walls.
const NATIVE: &str = "x86_64-unknown-linux-gnu";
/// Where the web client runs.
const WEB: &str = "wasm32-unknown-unknown";

struct Walls(Metadata);

impl Walls {
    fn on(platform: &str) -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let mut command = MetadataCommand::new();
        command.manifest_path(manifest).other_options(["--filter-platform".to_owned(), platform.to_owned()]);
        Self(command.exec().expect("cargo metadata works here"))
    }

    fn name(&self, id: &PackageId) -> &str {
        &self.0[id].name
    }

    /// The packages that `of` lists, but for tests.
    fn direct(&self, of: &str) -> BTreeSet<String> {
        self.edges(self.ours(of)).map(|id| self.name(id).to_owned()).collect()
    }

    /// The packages of this workspace that `of` is built upon, directly or not.
    fn ours_beneath(&self, of: &str) -> BTreeSet<String> {
        let ours = self.beneath(of).into_iter().filter(|id| self.0.workspace_members.contains(id));
        ours.map(|id| self.name(id).to_owned()).collect()
    }

    fn assert_not_beneath(&self, of: &str, forbidden: &[&str]) {
        let beneath: BTreeSet<&str> = self.beneath(of).into_iter().map(|id| self.name(id)).collect();
        for name in forbidden {
            assert!(!beneath.contains(name), "{of} reaches {name}");
        }
    }

    fn ours(&self, name: &str) -> &PackageId {
        let ours = self.0.workspace_packages();
        &ours.iter().find(|package| package.name == name).expect("the package is in the workspace").id
    }

    fn beneath(&self, of: &str) -> BTreeSet<&PackageId> {
        let (mut seen, mut ahead) = (BTreeSet::new(), vec![self.ours(of)]);
        while let Some(id) = ahead.pop() {
            ahead.extend(self.edges(id).filter(|next| seen.insert(*next)));
        }
        seen
    }

    fn edges<'a>(&'a self, of: &PackageId) -> impl Iterator<Item = &'a PackageId> + use<'a> {
        let nodes = &self.0.resolve.as_ref().expect("the dependencies are resolved").nodes;
        let node = nodes.iter().find(|node| node.id == *of).expect("every package has a node");
        let normal = |kind: &cargo_metadata::DepKindInfo| kind.kind == DependencyKind::Normal;
        node.deps.iter().filter(move |dep| dep.dep_kinds.iter().any(normal)).map(|dep| &dep.pkg)
    }
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// The names of the files beneath `folder` that hold `text`.
fn files_naming(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files_naming(&path, text));
        } else if std::fs::read_to_string(&path).is_ok_and(|source| source.contains(text)) {
            found.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    found
}
