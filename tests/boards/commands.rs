//! `starfray boards …`: what is exported and imported is the same board, a copy is one too, and a check finds damage.

use crate::world::{folder, life, now, ok, start};
use e2e::process::binary;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::tempdir;

fn boards(folder: &Path, command: &[&str], input: Option<&Path>) -> Output {
    let stdin = input.map_or(Stdio::null(), |path| fs::File::open(path).unwrap().into());
    let mut starfray = Command::new(binary("starfray"));
    starfray.arg("boards").args(command).arg("--data-dir").arg(folder).stdin(stdin);
    starfray.output().unwrap()
}

#[tokio::test]
async fn an_export_imported_elsewhere_is_the_same_board() {
    let data = folder((0..50).map(|n| life(n, n / 2, now())));
    let server = start(data.path()).await;
    let exported = boards(data.path(), &["export"], None);
    assert!(exported.status.success(), "{exported:?}");
    let before = ok(&server, "/api/boards/all").await;
    server.stop().await;
    let (elsewhere, lines) = (tempdir().unwrap(), tempdir().unwrap());
    let file = lines.path().join("standings.jsonl");
    fs::write(&file, &exported.stdout).unwrap();
    let target = elsewhere.path().join("new");
    let imported = boards(&target, &["import"], Some(&file));
    assert!(imported.status.success() && imported.stdout.is_empty(), "{imported:?}");
    let again = boards(&target, &["import"], Some(&file));
    assert!(String::from_utf8_lossy(&again.stderr).contains("50 lives that were there already"), "{again:?}");
    assert_eq!(boards(&target, &["export"], None).stdout, exported.stdout);
    let server = start(&target).await;
    let after = ok(&server, "/api/boards/all").await;
    assert_eq!((&after["entries"], &after["total"]), (&before["entries"], &before["total"]));
    server.stop().await;
}

#[tokio::test]
async fn a_copy_made_while_the_server_runs_serves_as_well() {
    let data = folder((0..50).map(|n| life(n, n, now())));
    let server = start(data.path()).await;
    let restored = tempdir().unwrap();
    let to = standings::file(restored.path());
    let copied = boards(data.path(), &["backup", to.to_str().unwrap()], None);
    assert!(copied.status.success(), "{copied:?}");
    assert!(
        !boards(data.path(), &["backup", to.to_str().unwrap()], None).status.success(),
        "nothing is overwritten"
    );
    let before = ok(&server, "/api/boards/week").await;
    server.stop().await;
    let server = start(restored.path()).await;
    assert_eq!(ok(&server, "/api/boards/week").await["entries"], before["entries"]);
    server.stop().await;
}

#[test]
fn a_check_tells_whole_standings_from_damaged_ones() {
    let data = folder((0..50).map(|n| life(n, n, now())));
    assert!(boards(data.path(), &["check"], None).status.success());
    let file = standings::file(data.path());
    let mut bytes = fs::read(&file).unwrap();
    let length = bytes.len();
    bytes[length / 4..length / 2].fill(0xaa);
    fs::write(&file, bytes).unwrap();
    let damaged = boards(data.path(), &["check"], None);
    assert!(!damaged.status.success() && !damaged.stderr.is_empty(), "{damaged:?}");
}

#[test]
fn what_can_not_be_done_is_said_and_nothing_is_made() {
    let empty = tempdir().unwrap();
    for command in [&["export"][..], &["check"], &["backup", "/proc/nowhere"]] {
        let refused = boards(empty.path(), command, None);
        assert!(!refused.status.success(), "{command:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--data-dir"), "{refused:?}");
    }
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
    let lines = tempdir().unwrap();
    let file = lines.path().join("lines");
    fs::write(&file, "{\"kind\":\"standings\",\"format\":1}\nnot a line\n").unwrap();
    let refused = boards(empty.path(), &["import"], Some(&file));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line 2"), "{refused:?}");
}
