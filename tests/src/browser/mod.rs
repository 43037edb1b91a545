//! A real browser: Chromium, driven through chromedriver.
//!
//! [`Driver`] is the driver's process; each [`Page`] is a browser of its own with a profile of its own, so no page is a
//! hidden tab that the browser slows down. What a page knows is read from `window.starfray.state` ([`state`]), never
//! guessed from pixels.

mod commands;
mod driver;
mod flight;
mod page;
pub mod state;

pub use driver::Driver;
pub use flight::{fly, join};
pub use page::{HANDY, PHONE, Page, Size, WIDE};
