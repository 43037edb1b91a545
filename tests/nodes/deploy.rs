//! What is shipped for operators is read by the programs that it is for, as far as they are here. HAProxy's configuration is
//! run by the tests beside this one.

use e2e::process::root;
use std::path::Path;
use std::process::Command;

fn shipped(name: &str) -> String {
    root().join("assets/deploy").join(name).to_str().unwrap().to_owned()
}

#[test]
fn nginx_reads_its_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let conf = folder.path().join("nginx.conf");
    let (at, include) = (folder.path().display(), shipped("nginx.conf"));
    let text = format!(
        "pid {at}/pid;\nerror_log {at}/errors;\nevents {{}}\nhttp {{ access_log off; include {include}; }}\n"
    );
    std::fs::write(&conf, text).unwrap();
    let tested = Command::new("nginx").arg("-t").arg("-c").arg(&conf).output();
    let tested = tested.expect("tests/run installs nginx");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
}

#[test]
fn the_unit_names_only_options_that_the_server_has() {
    let unit = std::fs::read_to_string(shipped("starfray.service")).unwrap();
    let start =
        unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/starfray ")).unwrap();
    let start = start.replace("${STARFRAY_URL}", "https://two.example.org");
    assert_options(start.split(' ').chain(["--redis", "redis://10.0.0.2:6379"]));
}

#[test]
fn the_containers_are_started_with_options_that_the_server_has() {
    let compose = std::fs::read_to_string(shipped("compose.yaml")).unwrap();
    let commands: Vec<Vec<String>> = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("command: "))
        .map(|list| serde_json::from_str(list).unwrap())
        .collect();
    let ours: Vec<_> = commands.iter().filter(|command| command[0].starts_with("--")).collect();
    assert_eq!(ours.len(), 2);
    for command in ours {
        assert_options(command.iter().map(String::as_str).chain(["--redis", "redis://redis:6379"]));
    }
    let image = std::fs::read_to_string(shipped("Dockerfile")).unwrap();
    let entry = image.lines().find_map(|line| line.strip_prefix("ENTRYPOINT ")).unwrap();
    let entry: Vec<String> = serde_json::from_str(entry).unwrap();
    assert_options(entry[1..].iter().map(String::as_str));
}

#[test]
fn the_consumer_of_events_is_a_program() {
    let consumer = shipped("events.py");
    assert!(Path::new(&consumer).exists());
    let folder = tempfile::tempdir().unwrap();
    let compiled = folder.path().join("events.pyc");
    let script = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)";
    let checked = Command::new("python3").args(["-c", script, &consumer]).arg(&compiled).status();
    assert!(checked.expect("python3 is there").success());
}

/// The server takes these.
fn assert_options<'a>(options: impl Iterator<Item = &'a str>) {
    use clap::Parser;
    let words: Vec<&str> = std::iter::once("starfray").chain(options).collect();
    let parsed = server::args::CommandLine::try_parse_from(&words);
    assert!(parsed.is_ok(), "{words:?}: {}", parsed.err().unwrap());
}
