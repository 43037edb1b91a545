//! A way to Redis that may be gone at any time. Each command has a time limit, none is tried twice behind one's back, and a
//! connection on which one failed is given up for a new one.

use std::str::FromStr;
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSub};
use redis::{AsyncConnectionConfig, Client, ConnectionInfo, IntoConnectionInfo, RedisError};
use tokio::time::timeout;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// How long to wait before connecting again: doubled from the first to the last.
const AGAIN: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];

/// Where Redis is, as an operator writes it: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`.
#[derive(Clone)]
pub struct RedisUrl(ConnectionInfo);

/// The password is in it.
impl std::fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RedisUrl({})", self.0.addr())
    }
}

/// The text is no address of a Redis.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it should be like redis://HOST:6379, with redis://USER:PASSWORD@HOST:6379 where one is needed")]
pub struct BadUrl;

impl FromStr for RedisUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        text.into_connection_info().map(Self).map_err(|_| BadUrl)
    }
}

/// One user's way to Redis.
pub(crate) struct Link {
    client: Result<Client, String>,
    config: AsyncConnectionConfig,
    open: Option<MultiplexedConnection>,
    wait: Duration,
}

impl Link {
    /// A way on which nothing is answered later than `patience`.
    pub(crate) fn new(to: &RedisUrl, patience: Duration) -> Self {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(patience));
        let client = Client::open(to.0.clone()).map_err(|error| error.to_string());
        Self { client, config, open: None, wait: AGAIN[0] }
    }

    /// The connection; a new one when there is none. Waits longer from failure to failure.
    pub(crate) async fn connection(&mut self) -> Result<MultiplexedConnection, Trouble> {
        if let Some(open) = &self.open {
            return Ok(open.clone());
        }
        let client = self.client.as_ref().map_err(|error| Trouble(error.clone()))?;
        match client.get_multiplexed_async_connection_with_config(&self.config).await {
            Ok(open) => {
                self.wait = AGAIN[0];
                Ok(self.open.insert(open).clone())
            }
            Err(error) => {
                tokio::time::sleep(self.wait).await;
                self.wait = (self.wait * 2).min(AGAIN[1]);
                Err(error.into())
            }
        }
    }

    /// A connection for what is told to all. It is the caller's, who gives it up by dropping it; until the next one there is a
    /// wait, longer from failure to failure.
    pub(crate) async fn subscriptions(&mut self) -> Result<PubSub, Trouble> {
        let client = self.client.as_ref().map_err(|error| Trouble(error.clone()))?;
        let opened = timeout(CONNECT, client.get_async_pubsub()).await;
        match opened.map_err(|_| Trouble("no connection in time".to_owned())).and_then(|done| Ok(done?)) {
            Ok(open) => {
                self.wait = AGAIN[0];
                Ok(open)
            }
            Err(error) => {
                tokio::time::sleep(self.wait).await;
                self.wait = (self.wait * 2).min(AGAIN[1]);
                Err(error)
            }
        }
    }

    /// A command on it has failed.
    pub(crate) fn give_up(&mut self) {
        self.open = None;
    }
}

/// Redis does not do what it is asked, for now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Redis: {0}")]
pub(crate) struct Trouble(pub(crate) String);

impl From<RedisError> for Trouble {
    fn from(error: RedisError) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_its_password_is_not_shown() {
        let url: RedisUrl = "redis://me:secret@db.example:7000/2".parse().unwrap();
        assert_eq!(format!("{url:?}"), "RedisUrl(db.example:7000)");
        assert_eq!("http://example.org".parse::<RedisUrl>().map(|_| ()), Err(BadUrl));
        assert_eq!("".parse::<RedisUrl>().map(|_| ()), Err(BadUrl));
    }
}
