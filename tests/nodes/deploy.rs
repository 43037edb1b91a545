//! What is shipped for operators is read by the programs that it is for, as far as they are here. HAProxy's configuration is
//! run by the tests beside this one, too.

use e2e::balancer::Balancer;
use e2e::nginx::Nginx;
use e2e::process::root;
use e2e::server::Server;
use std::net::IpAddr;
use std::path::Path;
use std::process::Command;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

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

/// Asks for a WebSocket as a browser's page of the balancer's own site does, from an address of this machine. Gives the
/// status.
async fn browse(from: &str, balancer: &str, path: &str) -> (TcpStream, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from.parse::<IpAddr>().unwrap(), 0).into()).unwrap();
    let mut stream = socket.connect(balancer.parse().unwrap()).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {balancer}\r\nOrigin: http://{balancer}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.unwrap();
    (stream, String::from_utf8_lossy(&line[9..]).into_owned())
}

/// The balancer's connections come from 127.0.0.1, its clients' from elsewhere: each of those may have one.
const ONE_EACH: [&str; 6] = ["--drones", "0", "--trusted-proxy", "127.0.0.1/32", "--max-per-address", "1"];

async fn players_keep_their_host_and_their_addresses(balancer: &str) {
    let mut inside = Vec::new();
    for (from, path, wanted) in [
        ("127.0.0.2", "/ws", "101"),
        ("127.0.0.2", "/ws", "429"),
        ("127.0.0.3", "/ws", "101"),
        ("127.0.0.4", "/ws/1", "101"),
        ("127.0.0.4", "/ws/1", "429"),
    ] {
        let (stream, status) = browse(from, balancer, path).await;
        assert_eq!(status, wanted, "{path} from {from}");
        inside.push(stream);
    }
}

#[tokio::test]
async fn behind_nginx_pages_may_connect_and_players_addresses_count() {
    let server = Server::start(&ONE_EACH).await;
    let nginx = Nginx::start(server.address()).await;
    players_keep_their_host_and_their_addresses(nginx.address()).await;
    server.stop().await;
}

#[tokio::test]
async fn behind_haproxy_pages_may_connect_and_players_addresses_count() {
    let server = Server::start(&ONE_EACH).await;
    let haproxy = Balancer::start([server.address(); 3]).await;
    players_keep_their_host_and_their_addresses(haproxy.address()).await;
    server.stop().await;
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
