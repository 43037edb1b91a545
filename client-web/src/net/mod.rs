//! The connection to the server, for both pages.
//!
//! `link` owns the WebSocket and opens it again when it is lost, `backoff` says after how long, `pings` measures the way
//! there and back, `join_token` lets one in where not everyone may. `request` asks over HTTP. Messages enter and leave whole; what they mean is the pages' matter.

pub mod backoff;
pub mod join_token;
pub mod link;
pub mod pings;
pub mod request;
