//! What `starfray announce …` does: asks a running server to tell everyone who plays. Must never: show the key.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde::Deserialize;

use crate::http::read_key;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer at most.
const ANSWER: u64 = 4096;

/// Says something to everyone who plays, on every server of the game.
#[derive(Debug, Clone, Args)]
pub struct AnnounceCommand {
    /// What to say, 200 characters at most
    pub text: String,

    /// A running server of the game: any one of several
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,

    /// The file that the server has as --operator-key
    #[arg(long, value_name = "FILE")]
    pub operator_key: PathBuf,
}

/// Why nobody, or not everybody, was told.
#[derive(Debug, thiserror::Error)]
pub enum AnnounceError {
    /// The key can't be read.
    #[error("the operator's key can't be used: {0}")]
    Key(#[from] io::Error),
    /// There is no way to the server.
    #[error("{0} can't be reached: {1}. Name a running server with --url")]
    Unreachable(String, String),
    /// It does not do it.
    #[error("the server says: {0}")]
    Refused(String),
}

#[derive(Debug, Deserialize)]
struct Told {
    servers: u64,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    hint: Option<String>,
}

impl AnnounceCommand {
    /// Does it. What is to be said about it goes to standard error.
    ///
    /// # Errors
    /// Why not.
    pub fn run(self) -> Result<(), AnnounceError> {
        let key = read_key(&self.operator_key)?;
        let unreachable =
            |error: ureq::Error| AnnounceError::Unreachable(self.url.clone(), error.to_string());
        // The key goes to the server that was named, and nowhere else.
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false);
        let asked = ureq::Agent::new_with_config(config.build())
            .post(format!("{}/api/announce", self.url.trim_end_matches('/')))
            .query("text", &self.text)
            .header("Authorization", &format!("Bearer {key}"))
            .send_empty();
        let mut answer = asked.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.body_mut().with_config().limit(ANSWER).read_to_string().map_err(unreachable)?;
        match serde_json::from_str::<Told>(&body).ok().filter(|_| status.is_success()) {
            Some(Told { servers }) => {
                eprintln!("told the players of {servers} server{}", if servers == 1 { "" } else { "s" });
                Ok(())
            }
            None => Err(AnnounceError::Refused(refusal(status.as_u16(), &body))),
        }
    }
}

fn refusal(status: u16, body: &str) -> String {
    match serde_json::from_str::<Refusal>(body) {
        Ok(Refusal { error, hint }) => hint.map_or_else(|| error.clone(), |hint| format!("{error}: {hint}")),
        Err(_) => format!("status {status}"),
    }
}
