//! The WebSocket: opened, lost, and opened again by itself.
//!
//! Owns: the socket and its handlers, the count of failures, the wait before the next attempt. Enters: bytes to send.
//! Leaves: [`LinkEvent`]s, through the one callback it was made with. It must never look into a message, and gives up only
//! where the server said that trying again with this page is useless.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Math, Uint8Array};
use shared::protocol::CloseReason;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::{backoff, join_token};
use crate::dom;
use crate::words;

/// The close code of a socket that nobody closed.
pub const NO_CODE: u16 = 1006;

/// What happened to the link.
#[derive(Debug)]
pub enum LinkEvent {
    /// The socket is open: time for Hello.
    Opened,
    /// A binary message came.
    Message(Vec<u8>),
    /// The socket is gone.
    Closed(Closing),
}

/// How the socket went.
#[derive(Debug, Clone, PartialEq)]
pub struct Closing {
    /// The WebSocket close code; [`NO_CODE`] when there was none.
    pub code: u16,
    /// The server's word for it, may be empty.
    pub label: String,
    /// When the next attempt is made, on the page's clock in milliseconds; none when there will be none.
    pub retry_at_ms: Option<f64>,
}

/// The handlers of one socket; dropping them silences it.
struct Handlers {
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

struct Inner {
    address: String,
    on_event: Rc<dyn Fn(LinkEvent)>,
    socket: Option<WebSocket>,
    /// Those of the last two sockets: a handler must not be dropped while it runs.
    handlers: [Option<Handlers>; 2],
    failures: u32,
    /// An attempt is planned: its number.
    planned: Option<u32>,
    attempts: u32,
    /// Why the last socket that was open was closed. Attempts that fail after it say nothing new.
    reason: Option<(u16, String)>,
    /// Nobody wants it any more.
    ended: bool,
    /// The server has named another one, and what lets one in there: the next attempt goes there, and those after it begin at
    /// home again.
    elsewhere: Option<(String, String)>,
}

/// The link; clones are the same link.
#[derive(Clone)]
pub struct Link(Rc<RefCell<Inner>>);

impl Link {
    /// A link to `/ws` on the page's own host; when an arena is named, at an address from which a balancer knows it. Call
    /// [`Link::open`] to begin.
    pub fn new(arena: Option<&str>, on_event: impl Fn(LinkEvent) + 'static) -> Self {
        // Names of arenas need no escaping; what is none is for Hello to ask for.
        let plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let path = arena.filter(plain).filter(|name| !name.is_empty()).map(|name| format!("/ws/{name}"));
        Self(Rc::new(RefCell::new(Inner {
            address: dom::socket_address(path.as_deref().unwrap_or("/ws")),
            on_event: Rc::new(on_event),
            socket: None,
            handlers: [None, None],
            failures: 0,
            planned: None,
            attempts: 0,
            reason: None,
            ended: false,
            elsewhere: None,
        })))
    }

    /// Tries to open the socket.
    pub fn open(&self) {
        if self.0.borrow().ended {
            return;
        }
        let elsewhere = self.0.borrow_mut().elsewhere.take();
        let made = match &elsewhere {
            Some((address, ticket)) => made(address, Some(ticket)),
            None => made(&self.0.borrow().address, None),
        };
        let Ok(socket) = made else { return self.not_made() };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let handlers = self.handlers(&socket);
        let mut inner = self.0.borrow_mut();
        inner.socket = Some(socket);
        inner.handlers.swap(0, 1);
        inner.handlers[0] = Some(handlers);
    }

    /// The server says that its place is at `url`, the address of a game: once this socket is closed, the next one is opened
    /// there, with the ticket that lets one in.
    pub fn go_to(&self, url: &str, ticket: &str) {
        let socket = url.strip_prefix("http").map(|rest| format!("ws{}/ws", rest.trim_end_matches('/')));
        let socket = socket.map(|socket| (socket, ticket.to_owned()));
        let mut inner = self.0.borrow_mut();
        (inner.elsewhere, inner.failures) = (socket, 0);
    }

    /// Closes the socket and silences it for good. Must not be called from the callback.
    pub fn end(&self) {
        let mut inner = self.0.borrow_mut();
        inner.ended = true;
        if let Some(socket) = inner.socket.take() {
            socket.set_onopen(None);
            socket.set_onmessage(None);
            socket.set_onclose(None);
            // Fails for close codes of our own alone.
            let _ = socket.close();
        }
        inner.handlers = [None, None];
    }

    /// A browser that has no WebSocket, or forbids it, is treated as one that could not connect.
    fn not_made(&self) {
        let link = self.clone();
        dom::after_ms(0.0, move || {
            if !link.0.borrow().ended {
                let retry_at_ms = Some(link.retry());
                link.tell(LinkEvent::Closed(Closing { code: NO_CODE, label: String::new(), retry_at_ms }));
            }
        });
    }

    /// Sends a message, or drops it when the socket is not open: what it said is stale by the time it is open again.
    pub fn send(&self, bytes: &[u8]) {
        let inner = self.0.borrow();
        if let Some(socket) = inner.socket.as_ref().filter(|socket| socket.ready_state() == WebSocket::OPEN)
            && let Err(problem) = socket.send_with_u8_array(bytes)
        {
            dom::complain("a message could not be sent", &problem);
        }
    }

    /// There may be a way again: an attempt that waits is made at once.
    pub fn hurry(&self) {
        let planned = self.0.borrow().planned;
        planned.into_iter().for_each(|attempt| self.attempt(attempt));
    }

    /// Makes the attempt of that number, unless it was made.
    fn attempt(&self, number: u32) {
        if self.0.borrow_mut().planned.take_if(|planned| *planned == number).is_some() {
            self.open();
        }
    }

    /// The server has answered: the next loss starts with short waits again.
    pub fn settled(&self) {
        self.0.borrow_mut().failures = 0;
    }

    fn tell(&self, event: LinkEvent) {
        let on_event = Rc::clone(&self.0.borrow().on_event);
        on_event(event);
    }

    fn handlers(&self, socket: &WebSocket) -> Handlers {
        let (opening, hearing, closing) = (self.clone(), self.clone(), self.clone());
        let open = Closure::<dyn FnMut()>::new(move || opening.tell(LinkEvent::Opened));
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                hearing.tell(LinkEvent::Message(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| closing.lost(&event));
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Handlers { _open: open, _message: message, _close: close }
    }

    fn lost(&self, event: &CloseEvent) {
        let (code, label) = self.reason(event);
        let useless = CloseReason::from_code(code).is_some_and(CloseReason::is_final);
        let retry_at_ms = (!useless).then(|| self.retry());
        self.tell(LinkEvent::Closed(Closing { code, label, retry_at_ms }));
    }

    /// The code and word to show: those of the socket that was open last, as long as no other one was.
    fn reason(&self, event: &CloseEvent) -> (u16, String) {
        let mut inner = self.0.borrow_mut();
        let said = (event.code(), event.reason());
        if inner.failures == 0 || event.was_clean() {
            inner.reason = Some(said.clone());
        }
        inner.reason.clone().unwrap_or(said)
    }

    /// Plans the next attempt, and returns its time.
    fn retry(&self) -> f64 {
        let (wait_ms, number) = {
            let mut inner = self.0.borrow_mut();
            inner.socket = None;
            inner.failures += 1;
            inner.attempts += 1;
            inner.planned = Some(inner.attempts);
            let wait_ms = match inner.elsewhere {
                Some(_) => backoff::moved_ms(Math::random()),
                None => backoff::wait_ms(inner.failures - 1, Math::random()),
            };
            (wait_ms, inner.attempts)
        };
        let link = self.clone();
        dom::after_ms(wait_ms, move || link.attempt(number));
        dom::now_ms() + wait_ms
    }
}

impl Closing {
    /// A sentence for the player.
    pub fn sentence(&self) -> &'static str {
        words::say(CloseReason::from_code(self.code).map_or("close.lost", key))
    }
}

/// A socket, with a join token if there is one, and a ticket.
fn made(address: &str, ticket: Option<&str>) -> Result<WebSocket, JsValue> {
    match join_token::protocols(ticket) {
        Some(protocols) => WebSocket::new_with_str_sequence(address, &protocols),
        None => WebSocket::new(address),
    }
}

/// The key of what the page says when a session ended so.
fn key(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Left => "close.left",
        CloseReason::BadWebSocket
        | CloseReason::TextMessage
        | CloseReason::BadText
        | CloseReason::TooLong
        | CloseReason::Malformed
        | CloseReason::OutOfOrder => "close.misunderstood",
        CloseReason::Internal => "close.internal",
        CloseReason::Restart => "close.restart",
        CloseReason::Version => "close.version",
        CloseReason::Flooding => "close.flooding",
        CloseReason::Idle => "close.idle",
        CloseReason::TooSlow => "close.slow",
        CloseReason::Full => "close.full",
        CloseReason::NoHello => "close.hello",
        CloseReason::NoArena => "close.arena",
        CloseReason::Replaced => "close.replaced",
        CloseReason::PrivateFull => "private.none",
    }
}
