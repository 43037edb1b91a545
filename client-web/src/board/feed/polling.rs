//! Long polling: each answer is followed by the next question, each failure by a wait that grows.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Math;

use super::{News, Tell};
use crate::board::entry::Page;
use crate::board::heard::Transport;
use crate::dom;
use crate::net::backoff;
use crate::net::request::{Answer, Request};

/// How long the server may keep a question, in seconds.
pub const WAIT_S: &str = "25";

/// How long an answer may take, in milliseconds: a little longer than the server keeps a question.
const LIMIT_MS: u32 = 31_000;

/// The longest wait after a failure, in milliseconds.
const LONGEST_MS: f64 = 8_000.0;

/// The address to ask, given the version that is known.
type Address = Box<dyn Fn(Option<f64>) -> String>;

struct Inner {
    address: Address,
    tell: Tell,
    once: bool,
    since: Option<f64>,
    failures: u32,
    request: Option<Request>,
}

/// A row of questions. Dropped, it ends.
pub struct Polling(Rc<RefCell<Inner>>);

impl Polling {
    /// Asks until it is dropped.
    pub fn endless(address: impl Fn(Option<f64>) -> String + 'static, tell: Tell) -> Self {
        Self::begin(Box::new(address), tell, false)
    }

    /// Asks until there is an answer.
    pub fn once(address: String, tell: Tell) -> Self {
        Self::begin(Box::new(move |_| address.clone()), tell, true)
    }

    fn begin(address: Address, tell: Tell, once: bool) -> Self {
        let inner = Inner { address, tell, once, since: None, failures: 0, request: None };
        let polling = Self(Rc::new(RefCell::new(inner)));
        ask(&polling.0);
        polling
    }
}

fn ask(inner: &Rc<RefCell<Inner>>) {
    let weak = Rc::downgrade(inner);
    let mut inner = inner.borrow_mut();
    let address = (inner.address)(inner.since);
    inner.request = Request::get(&address, LIMIT_MS, move |answer| answered(&weak, &answer));
}

fn answered(weak: &Weak<RefCell<Inner>>, answer: &Answer) {
    let Some(inner) = weak.upgrade() else { return };
    let (news, wait_ms) = inner.borrow_mut().judge(answer);
    let tell = Rc::clone(&inner.borrow().tell);
    if let Some(wait_ms) = wait_ms {
        let weak = weak.clone();
        dom::after_ms(wait_ms, move || {
            if let Some(inner) = weak.upgrade() {
                ask(&inner);
            }
        });
    }
    tell(news);
}

impl Inner {
    /// What an answer means, and in how many milliseconds to ask again, if at all.
    fn judge(&mut self, answer: &Answer) -> (News, Option<f64>) {
        let way = if self.once { Transport::Final } else { Transport::Polling };
        let page = answer.good().then(|| Page::read(&answer.json)).flatten();
        let again = (!self.once).then_some(0.0);
        match (page, answer.status) {
            (Some(page), _) => {
                (self.failures, self.since) = (0, Some(page.version));
                (News::Page(way, page), again)
            }
            (None, 304) => {
                self.failures = 0;
                (News::Same(way), again)
            }
            (None, 404) => (News::Missing, None),
            (None, _) => {
                let wait_ms = backoff::wait_ms(self.failures, Math::random()).clamp(250.0, LONGEST_MS);
                (self.failures, self.since) = (self.failures + 1, None);
                (News::Failed(way, dom::now_ms() + wait_ms), Some(wait_ms))
            }
        }
    }
}
