//! What chromedriver understands beyond the WebDriver standard: DevTools commands, and the browser's own log.

use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::Method;
use serde_json::{Value, json};

/// A command below the session's address, with a body.
#[derive(Debug)]
pub(super) struct Vendor {
    path: &'static str,
    body: Value,
}

/// A DevTools command.
pub(super) fn devtools(command: &str, parameters: Value) -> Vendor {
    Vendor { path: "goog/cdp/execute", body: json!({"cmd": command, "params": parameters}) }
}

/// What the browser logged since the last time this was asked.
pub(super) fn browser_log() -> Vendor {
    Vendor { path: "se/log", body: json!({"type": "browser"}) }
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
