//! https and wss on one port: a new certificate is taken without dropping anyone, and who comes in the clear is sent on.

use super::raw::{BINARY, FIN, Raw, masked};
use e2e::patience::{SOON, until};
use e2e::server::Server;
use rustix::process::Signal;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use shared::protocol::codec::encode_client;
use shared::protocol::{ClientMessage, Role};
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Puts a new certificate and its key into `folder`; gives the certificate.
fn certify(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.pem()
}

async fn start(folder: &Path) -> Server {
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    Server::start(&["--drones", "0", "--tls-cert", &file("cert.pem"), "--tls-key", &file("key.pem")]).await
}

/// Connects, and believes in nobody but `trusted`.
async fn connect(server: &Server, trusted: &str) -> std::io::Result<Raw<TlsStream<TcpStream>>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(server.address()).await?;
    let name = ServerName::try_from("localhost").unwrap();
    Ok(Raw(TlsConnector::from(Arc::new(config)).connect(name, stream).await?))
}

/// A player over wss, welcomed.
async fn play(server: &Server, trusted: &str) -> Raw<TlsStream<TcpStream>> {
    let mut raw = connect(server, trusted).await.unwrap();
    let answer = raw.shake_hands(server.address(), "/ws", "").await;
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    let hello = encode_client(&ClientMessage::hello(Role::Play, None, None));
    raw.send(&masked(FIN | BINARY, &hello)).await;
    goes_on(&mut raw).await;
    raw
}

async fn goes_on(raw: &mut Raw<TlsStream<TcpStream>>) {
    for _ in 0..30 {
        assert_eq!(raw.frame().await.expect("frames keep coming").first, FIN | BINARY);
    }
}

#[tokio::test]
async fn pages_and_the_game_come_encrypted_and_who_comes_in_the_clear_is_sent_on() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certify(folder.path());
    let server = start(folder.path()).await;
    let request = format!(
        "GET /leaderboard?board=day HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.address()
    );
    let mut page = connect(&server, &trusted).await.unwrap();
    page.send(request.as_bytes()).await;
    let head = page.answer().await;
    assert!(
        head.starts_with("HTTP/1.1 200 ") && head.contains("strict-transport-security: max-age="),
        "{head}"
    );
    let mut body = String::new();
    page.0.read_to_string(&mut body).await.unwrap();
    assert!(body.contains("</html>"));
    let mut raw = play(&server, &trusted).await;
    let mut clear = Raw::connect(server.address()).await;
    clear.send(request.as_bytes()).await;
    let head = clear.answer().await;
    let there = format!("location: https://{}/leaderboard?board=day\r\n", server.address());
    assert!(head.starts_with("HTTP/1.1 308 ") && head.contains(&there), "{head}");
    assert!(!head.contains("strict-transport-security"), "{head}");
    // What is neither HTTP nor TLS harms nobody, and neither does a handshake that breaks off.
    for bytes in [&[0x16, 3, 1, 0xff, 0xff, 1][..], &[0x16; 500], &[0x80; 300]] {
        Raw::connect(server.address()).await.send(bytes).await;
    }
    goes_on(&mut raw).await;
    raw.send(&masked(FIN | 0x8, &1000_u16.to_be_bytes())).await;
    assert_eq!(raw.close_code().await, Some(1000));
    server.stop().await;
}

#[tokio::test]
async fn a_new_certificate_is_taken_on_sighup_and_by_itself_and_nobody_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let first = certify(folder.path());
    let server = start(folder.path()).await;
    let mut raw = play(&server, &first).await;
    let second = certify(folder.path());
    server.signal(Signal::HUP);
    until("the second is shown", SOON, async || connect(&server, &second).await.ok()).await;
    assert!(connect(&server, &first).await.is_err());
    // A key that does not belong to it changes nothing.
    std::fs::write(folder.path().join("key.pem"), "no key").unwrap();
    server.signal(Signal::HUP);
    goes_on(&mut raw).await;
    assert!(connect(&server, &second).await.is_ok());
    let third = certify(folder.path());
    until("the third is found", SOON, async || connect(&server, &third).await.ok()).await;
    goes_on(&mut raw).await;
    server.stop().await;
}

#[tokio::test]
async fn a_server_does_not_start_with_a_certificate_that_it_can_not_use() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    std::fs::write(folder.path().join("key.pem"), "no key").unwrap();
    let output = tokio::process::Command::new(e2e::process::binary("starfray"))
        .args(["--listen", "127.0.0.1:0", "--no-data", "--tls-cert"])
        .arg(folder.path().join("cert.pem"))
        .arg("--tls-key")
        .arg(folder.path().join("key.pem"))
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("key.pem"), "{output:?}");
}
