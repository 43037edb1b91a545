//! What reaches the page from its parts: network, controls, timers.
//!
//! A part posts and is done; the page opens its mail when the handler that posted has ended. So no part is ever changed or
//! dropped while it runs.

use std::rc::Rc;

use super::feed::News;
use super::remote::Asked;
use crate::net::link::LinkEvent;
use crate::net::request::Answer;

/// A letter to the page.
#[derive(Debug)]
pub enum Letter {
    /// Of the WebSocket of visit number so and so; a visit is the time for which one board is shown.
    Link(u32, LinkEvent),
    /// Of the feed.
    News(u32, News),
    /// An answer about the board.
    Answer(u32, Asked, Answer),
    /// An answer to a search for a name.
    Found(u32, Answer),
    /// The list of boards.
    Boards(Answer),
    /// Who is in which arena.
    Lobby(Answer),
    /// What is stored about the visitor, or that it is removed.
    Mine(Answer),
    /// It was removed.
    Removed(Answer),
    /// The visitor wants something.
    Wish(Wish),
    /// The visitor went back or forth, so the address is another one.
    Moved,
    /// The list was scrolled or has another size.
    Scrolled,
    /// It is time to draw.
    Draw,
    /// It is time to look at what is due.
    Pulse,
}

/// What a visitor may want.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// The board of this id, or `past` for the newest past one.
    Board(String),
    /// The live board of the arena of this name.
    Arena(String),
    /// To see the line of this index.
    Line(u64),
    /// To see his own line.
    Own,
    /// To see who is called so.
    Name(String),
    /// To go to the first who is called so.
    First,
    /// To see what is stored about him.
    Mine,
    /// To have it removed; first to be asked whether he means it.
    Remove,
    /// He means it.
    RemoveSurely,
    /// He does not, or is done.
    Close,
}

/// Takes letters.
pub type Mail = Rc<dyn Fn(Letter)>;
