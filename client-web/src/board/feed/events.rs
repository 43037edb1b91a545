//! The event stream. The browser opens it again by itself, and says which event it had last.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use super::{News, Tell};
use crate::board::entry::Page;
use crate::board::heard::Transport;
use crate::dom;

/// How soon a browser opens a lost stream again, in milliseconds; the server says so at its beginning.
const RETRY_MS: f64 = 2000.0;

/// An open stream. Dropped, it is closed.
pub struct Events {
    source: EventSource,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Events {
    /// Opens the stream at `address`; none where the browser has no such thing.
    pub fn open(address: &str, tell: Tell) -> Option<Self> {
        let source = EventSource::new(address).ok()?;
        let failed = tell.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let page = js_sys::JSON::parse(&text).ok().and_then(|json| Page::read(&json));
            match page {
                Some(page) => tell(News::Page(Transport::Events, page)),
                None => dom::complain("an event is no page of a board", &event.data()),
            }
        });
        let error = Closure::<dyn FnMut(Event)>::new(move |_: Event| {
            failed(News::Failed(Transport::Events, dom::now_ms() + RETRY_MS));
        });
        source.set_onmessage(Some(message.as_ref().unchecked_ref()));
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        Some(Self { source, _message: message, _error: error })
    }

    /// Has the browser given it up?
    pub fn is_closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
