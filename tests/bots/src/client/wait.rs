//! Waiting for something to be so, with a deadline. Nothing in here sleeps: each wait is a loop over what is heard.
//! Scripted players use it; a bot of a fleet takes events as they come and waits for none.

use super::{Client, ClientError, Event, Farewell};
use shared::name::PlayerName;
use shared::protocol::{Refusal, Role, ServerMessage, Welcome};
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// How the server answered a Join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinAnswer {
    /// The ship flies, under this name.
    Joined(PlayerName),
    /// It does not.
    Refused(Refusal),
}

impl Client {
    /// Says Hello and waits for Welcome, at most `limit`.
    pub async fn hello(&mut self, role: Role, limit: Duration) -> Result<Welcome, ClientError> {
        self.say_hello(role).await?;
        self.wait_for(limit, |event| match event {
            Event::Message { message: ServerMessage::Welcome(welcome), .. } => Some(*welcome),
            Event::Message { .. } | Event::Frame { .. } | Event::Skipped { .. } | Event::Fault { .. } => None,
        })
        .await
    }

    /// Asks for a ship and waits for the answer, at most `limit`.
    pub async fn join(&mut self, name: &str, limit: Duration) -> Result<JoinAnswer, ClientError> {
        self.say_join(name).await?;
        self.wait_for_message(limit, |message| match message {
            ServerMessage::Joined { name, .. } => Some(JoinAnswer::Joined(name.clone())),
            ServerMessage::Refused(refusal) => Some(JoinAnswer::Refused(*refusal)),
            ServerMessage::Welcome(_)
            | ServerMessage::Died { .. }
            | ServerMessage::Kill { .. }
            | ServerMessage::Top { .. }
            | ServerMessage::Names(_)
            | ServerMessage::Pong { .. }
            | ServerMessage::Board { .. }
            | ServerMessage::BoardDelta(_)
            | ServerMessage::Recorded(_)
            | ServerMessage::Around { .. }
            | ServerMessage::Bounty { .. }
            | ServerMessage::Powers(_)
            | ServerMessage::News(_)
            | ServerMessage::Unsaid(_)
            | ServerMessage::Mode(_)
            | ServerMessage::Totals(_)
            | ServerMessage::Round(_)
            | ServerMessage::Podium(_)
            | ServerMessage::Moved { .. }
            | ServerMessage::Closing { .. }
            | ServerMessage::Announced(_) => None,
        })
        .await
    }

    /// Takes what is heard until `so` holds of this client, at most `limit`.
    pub async fn wait_until(
        &mut self,
        limit: Duration,
        so: impl Fn(&Self) -> bool,
    ) -> Result<(), ClientError> {
        in_time(limit, async {
            while !so(self) {
                self.next().await?;
            }
            Ok(())
        })
        .await
    }

    /// Takes what is heard until `pick` finds what it looks for in an event, at most `limit`.
    pub async fn wait_for<T>(
        &mut self,
        limit: Duration,
        pick: impl Fn(&Event) -> Option<T>,
    ) -> Result<T, ClientError> {
        in_time(limit, async {
            loop {
                if let Some(found) = pick(&self.next().await?) {
                    return Ok(found);
                }
            }
        })
        .await
    }

    /// [`Client::wait_for`], of messages only.
    pub async fn wait_for_message<T>(
        &mut self,
        limit: Duration,
        pick: impl Fn(&ServerMessage) -> Option<T>,
    ) -> Result<T, ClientError> {
        self.wait_for(limit, |event| match event {
            Event::Message { message, .. } => pick(message),
            Event::Frame { .. } | Event::Skipped { .. } | Event::Fault { .. } => None,
        })
        .await
    }

    /// Takes what is heard until the server says goodbye, at most `limit`.
    pub async fn wait_for_close(&mut self, limit: Duration) -> Result<Farewell, ClientError> {
        in_time(limit, async {
            loop {
                match self.next().await {
                    Ok(_) => {}
                    Err(ClientError::Closed(farewell)) => return Ok(farewell),
                    Err(other) => return Err(other),
                }
            }
        })
        .await
    }
}

async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, ClientError>>,
) -> Result<T, ClientError> {
    timeout(limit, work).await.unwrap_or(Err(ClientError::TimedOut))
}
