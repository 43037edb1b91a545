//! Who may connect, over what, and how the server stops: what an operator says of the way in and out.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

/// The way in.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Access")]
pub struct Access {
    /// The certificate and its chain (PEM), to serve https and wss; read again when it changes and on SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Sites whose pages may open WebSockets here, such as `https://example.org`; `*` for all [default: our own]
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,

    /// Networks of proxies whose X-Forwarded-For and PROXY protocol count, such as 10.0.0.0/8
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpNet>,

    /// Only who has a join token may play: the key that signs them, an Ed25519 public key (PEM) or else at least 32 bytes
    /// of secret (HS256)
    #[arg(long, value_name = "FILE")]
    pub join_key: Option<PathBuf>,

    /// The `aud` that join tokens must have
    #[arg(long, value_name = "TEXT", default_value = "starfray", requires = "join_key")]
    pub join_audience: String,

    /// Who shows the key in this file may announce something to everyone who plays (`starfray announce`): one line of 32
    /// characters or more
    #[arg(long, value_name = "FILE")]
    pub operator_key: Option<PathBuf>,

    /// How long people may play on after SIGTERM; nobody new comes in meanwhile. Ctrl-C does not wait
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub drain_timeout: Duration,

    /// Sends every message of /echo back, so that a conformance suite can be run against this server's WebSockets
    #[arg(long, hide = true)]
    pub echo: bool,

    /// SIGUSR1 makes the first arena panic, and SIGUSR2 makes its ticks slow or quick again, to try what happens then
    #[arg(long, hide = true)]
    pub faults: bool,
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: u64 = text.parse().map_err(|_| format!("{text:?} is no number of seconds"))?;
    if seconds <= 86_400 { Ok(Duration::from_secs(seconds)) } else { Err("may be a day at most".into()) }
}
