//! One question over HTTP, answered as JSON or not at all.
//!
//! Enters: a method, an address on the page's own host, a time limit. Leaves: an [`Answer`], once, unless the request was
//! dropped before. It must never look into what the JSON means.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{XmlHttpRequest, XmlHttpRequestResponseType};

use crate::dom;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status; 0 when the server could not be reached or did not answer in time.
    pub status: u16,
    /// The body, when it is JSON; else null.
    pub json: JsValue,
}

impl Answer {
    /// Is the body what was asked for?
    pub fn good(&self) -> bool {
        self.status == 200 && self.json.is_object()
    }
}

/// A question that is on its way. Dropped, it is given up and nobody is called.
#[derive(Debug)]
pub struct Request {
    request: XmlHttpRequest,
    _done: Closure<dyn FnMut()>,
}

impl Request {
    /// GET `path`; within `limit_ms` milliseconds `done` is called.
    pub fn get(path: &str, limit_ms: u32, done: impl FnMut(Answer) + 'static) -> Option<Self> {
        Self::send("GET", path, None, limit_ms, done)
    }

    /// Asks as the player whose identity has this text; see [`Request::get`].
    pub fn as_player(
        method: &str,
        path: &str,
        identity: &str,
        limit_ms: u32,
        done: impl FnMut(Answer) + 'static,
    ) -> Option<Self> {
        Self::send(method, path, Some(identity), limit_ms, done)
    }

    fn send(
        method: &str,
        path: &str,
        identity: Option<&str>,
        limit_ms: u32,
        done: impl FnMut(Answer) + 'static,
    ) -> Option<Self> {
        match Self::try_send(method, path, identity, limit_ms, done) {
            Ok(request) => Some(request),
            Err(problem) => {
                dom::complain("a request could not be made", &problem);
                None
            }
        }
    }

    fn try_send(
        method: &str,
        path: &str,
        identity: Option<&str>,
        limit_ms: u32,
        mut done: impl FnMut(Answer) + 'static,
    ) -> Result<Self, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open(method, path)?;
        request.set_response_type(XmlHttpRequestResponseType::Json);
        request.set_timeout(limit_ms);
        if let Some(identity) = identity {
            request.set_request_header("authorization", &format!("Bearer {identity}"))?;
        }
        let asked = request.clone();
        let done = Closure::<dyn FnMut()>::new(move || {
            let json = asked.response().unwrap_or(JsValue::NULL);
            done(Answer { status: asked.status().unwrap_or(0), json });
        });
        request.set_onloadend(Some(done.as_ref().unchecked_ref()));
        request.send()?;
        Ok(Self { request, _done: done })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        // First, as giving up calls it at once.
        self.request.set_onloadend(None);
        // Fails for no request that was made.
        let _ = self.request.abort();
    }
}
