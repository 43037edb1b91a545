//! News of a board over HTTP: an event stream where there can be one, else long polling.
//!
//! Enters: the addresses of a view. Leaves: [`News`], through a callback. A stream that failed twice in a row gives way to
//! polling; once polls are answered again, a stream that has worked before is tried again. Dropped, a feed is silent.

pub mod events;
pub mod polling;

use std::rc::Rc;

use super::address::View;
use super::entry::Page;
use super::heard::Transport;
use events::Events;
use polling::Polling;

/// Failures of an event stream in a row after which it is given up.
const FAILURES: u32 = 2;

/// What a feed says.
#[derive(Debug, Clone)]
pub enum News {
    /// The top of the board.
    Page(Transport, Page),
    /// The server answered that nothing has changed.
    Same(Transport),
    /// The server cannot be reached, or refuses; the next attempt is at this time of the page's clock, in milliseconds.
    Failed(Transport, f64),
    /// The server says that there is no such board.
    Missing,
}

/// Takes news.
pub type Tell = Rc<dyn Fn(News)>;

/// News of one board.
pub struct Feed {
    view: View,
    limit: String,
    tell: Tell,
    events: Option<Events>,
    polling: Option<Polling>,
    failures: u32,
    streamed: bool,
}

impl Feed {
    /// News of the first `limit` lines of the view's board. A final board is asked for once.
    pub fn new(view: &View, limit: u64, final_board: bool, tell: Tell) -> Self {
        let limit = limit.to_string();
        let mut feed = Self {
            view: view.clone(),
            limit,
            tell,
            events: None,
            polling: None,
            failures: 0,
            streamed: false,
        };
        if final_board {
            let tell = Rc::clone(&feed.tell);
            feed.polling = Some(Polling::once(view.page(&[("limit", &feed.limit)]), tell));
        } else {
            feed.stream();
        }
        feed
    }

    /// Looks at how the feed does by its own news; call it with each before anything else.
    pub fn note(&mut self, news: &News) {
        match news {
            News::Page(Transport::Events, _) => {
                (self.streamed, self.failures, self.polling) = (true, 0, None);
            }
            News::Page(Transport::Polling, _) | News::Same(Transport::Polling) => {
                if self.streamed && self.events.is_none() {
                    self.failures = 0;
                    self.stream();
                }
            }
            News::Failed(Transport::Events, _) => {
                self.failures += 1;
                let dead = self.events.as_ref().is_none_or(Events::is_closed);
                if dead || self.failures >= FAILURES {
                    self.poll();
                }
            }
            News::Page(..) | News::Same(_) | News::Failed(..) | News::Missing => {}
        }
    }

    fn stream(&mut self) {
        let address = self.view.events(&[("limit", &self.limit)]);
        self.events = Events::open(&address, Rc::clone(&self.tell));
        if self.events.is_none() {
            self.poll();
        }
    }

    fn poll(&mut self) {
        self.events = None;
        if self.polling.is_none() {
            let (view, limit) = (self.view.clone(), self.limit.clone());
            let address = move |since: Option<f64>| match since {
                None => view.page(&[("limit", &limit)]),
                Some(since) => {
                    view.page(&[("limit", &limit), ("wait", polling::WAIT_S), ("since", &since.to_string())])
                }
            };
            self.polling = Some(Polling::endless(address, Rc::clone(&self.tell)));
        }
    }
}
