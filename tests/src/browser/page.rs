//! One browser with one page.

use super::commands::{browser_log, devtools};
use super::driver::{Driver, chromium};
use super::state::{Board, Play};
use crate::patience::{LATER, until};
use crate::process::output;
use fantoccini::actions::{
    Actions, InputSource, KeyAction, KeyActions, MouseActions, PointerAction, TouchActions,
};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// The size of a window's inside, in CSS pixels, and what screen it is on.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Touch.
    pub phone: bool,
    /// The screen's pixels to each of these.
    pub density: f64,
}

/// A small laptop.
pub const WIDE: Size = Size { width: 1366, height: 768, phone: false, density: 1.0 };
/// So few pixels that a machine that draws in software draws often: what a page is played in that nobody looks at.
pub const HANDY: Size = Size { width: 800, height: 600, phone: false, density: 0.5 };
/// A phone held upright.
pub const PHONE: Size = Size { width: 390, height: 844, phone: true, density: 2.0 };

/// One browser with one page.
#[derive(Debug)]
pub struct Page {
    browser: Client,
    size: Size,
}

impl Page {
    /// Starts a browser of `size` and opens `url`.
    ///
    /// # Panics
    /// When the browser does not start or the page does not load.
    pub async fn open(driver: &Driver, url: &str, size: Size) -> Self {
        Self::open_after("", driver, url, size).await
    }

    /// The same, with `script` run in every document before any of its own.
    ///
    /// # Panics
    /// When the browser does not start or the page does not load.
    pub async fn open_after(script: &str, driver: &Driver, url: &str, size: Size) -> Self {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let wanted = capabilities(&driver.profile());
        builder.capabilities(wanted.as_object().cloned().unwrap_or_default());
        let browser = builder.connect(driver.url()).await.expect("the browser starts");
        let page = Self { browser, size };
        page.resize(size).await;
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await;
        page.browser.goto(url).await.expect("the page loads");
        page
    }

    /// Opens another address in the same browser.
    ///
    /// # Panics
    /// When the page does not load.
    pub async fn go(&self, url: &str) {
        self.browser.goto(url).await.expect("the page loads");
    }

    /// Ends the browser.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn close(self) {
        self.browser.close().await.expect("the browser ends");
    }

    /// Opens another tab over the page, which is hidden from then on, while `meanwhile` goes on.
    ///
    /// # Panics
    /// When the browser does not switch.
    pub async fn behind_another_tab(&self, meanwhile: impl Future<Output = ()>) {
        let here = self.browser.window().await.expect("the page has a tab");
        let other = self.browser.new_window(true).await.expect("a tab can be opened").handle;
        self.browser.switch_to_window(other).await.expect("the browser switches");
        meanwhile.await;
        self.browser.close_window().await.expect("the tab can be closed");
        self.browser.switch_to_window(here).await.expect("the browser switches back");
    }

    /// Runs `script` in the page and gives what it returns.
    ///
    /// # Panics
    /// When the script throws.
    pub async fn run(&self, script: &str) -> Value {
        self.browser.execute(script, vec![]).await.expect("the script runs")
    }

    /// Runs `script` in the page, waits until it calls its only argument, and gives what it calls it with.
    ///
    /// # Panics
    /// When the script throws or never does.
    pub async fn run_async(&self, script: &str) -> Value {
        self.browser.execute_async(script, vec![]).await.expect("the script comes to its end")
    }

    /// The text of the first element that `selector` finds; nothing when there is none.
    pub async fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector({selector:?})?.innerText ?? ''");
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Reads the game's state until `pick` finds what it looks for.
    ///
    /// # Panics
    /// With `what`, when it does not in time.
    pub async fn play<T>(&self, what: &str, pick: impl Fn(&Play) -> Option<T>) -> T {
        until(what, LATER, async || self.state().await.as_ref().and_then(&pick)).await
    }

    /// Reads the board's state until `pick` finds what it looks for.
    ///
    /// # Panics
    /// With `what`, when it does not in time.
    pub async fn board<T>(&self, what: &str, pick: impl Fn(&Board) -> Option<T>) -> T {
        until(what, LATER, async || self.state().await.as_ref().and_then(&pick)).await
    }

    /// The page's state, once it has one.
    ///
    /// # Panics
    /// When it is not of the documented form.
    pub async fn state<T: DeserializeOwned>(&self) -> Option<T> {
        let state = self.run("return window.starfray ? window.starfray.state : null").await;
        if state.is_null() {
            None
        } else {
            Some(serde_json::from_value(state).expect("the state is as documented"))
        }
    }

    /// Clicks the first element that `selector` finds.
    ///
    /// # Panics
    /// When there is none that can be clicked.
    pub async fn click(&self, selector: &str) {
        let element = self.browser.find(fantoccini::Locator::Css(selector)).await.expect("there is one");
        element.click().await.expect("it can be clicked");
    }

    /// Types `keys` into the first element that `selector` finds.
    ///
    /// # Panics
    /// When there is none that can be typed into.
    pub async fn type_into(&self, selector: &str, keys: &str) {
        let element = self.browser.find(fantoccini::Locator::Css(selector)).await.expect("there is one");
        element.send_keys(keys).await.expect("it can be typed into");
    }

    /// Types `name` into the title screen and presses Enter.
    ///
    /// # Panics
    /// When there is no name field.
    pub async fn enter_name(&self, name: &str) {
        let field = fantoccini::Locator::Id("name");
        let field = self.browser.find(field).await.expect("the title screen has a name field");
        field.clear().await.expect("the field can be cleared");
        field.send_keys(&format!("{name}\u{e007}")).await.expect("the field can be typed into");
    }

    /// Presses a key and holds it.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn press(&self, key: char) {
        let keys = KeyActions::new("keys".to_owned()).then(KeyAction::Down { value: key });
        self.browser.perform_actions(keys).await.expect("a key can be pressed");
    }

    /// Two thumbs at once: the left one comes down at `from` and is dragged to `to`, the right one comes down at `fire`.
    /// Both stay. Places are in CSS pixels.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn thumbs(&self, from: (f64, f64), to: (f64, f64), fire: (f64, f64)) {
        let at = |(x, y): (f64, f64), ms| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(ms)),
            x,
            y,
        };
        let down = PointerAction::Down { button: 0 };
        let left =
            TouchActions::new("left".to_owned()).then(at(from, 0)).then(down.clone()).then(at(to, 120));
        let right = TouchActions::new("right".to_owned())
            .then(at(fire, 0))
            .pause(Duration::from_millis(60))
            .then(down);
        self.browser.perform_actions(Actions::from(left).and(right)).await.expect("thumbs can touch");
    }

    /// Lets every key and button go.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn let_go(&self) {
        self.browser.release_actions().await.expect("keys can be let go");
    }

    /// Moves the mouse to a place given from the window's middle, in CSS pixels.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn point(&self, right: f64, down: f64) {
        let (x, y) = (f64::from(self.size.width) / 2.0 + right, f64::from(self.size.height) / 2.0 + down);
        let to = PointerAction::MoveTo { duration: None, x: x.round(), y: y.round() };
        let mouse = MouseActions::new("mouse".to_owned()).then(to);
        self.browser.perform_actions(mouse).await.expect("the mouse can be moved");
    }

    /// Gives the window's inside another size.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn resize(&self, size: Size) {
        let metrics = json!({
            "width": size.width,
            "height": size.height,
            "deviceScaleFactor": size.density,
            "mobile": size.phone,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": size.phone})).await;
    }

    /// Gives it back the size it was opened with, which is what [`Page::point`] goes by.
    ///
    /// # Panics
    /// When the browser does not take it.
    pub async fn resize_back(&self) {
        self.resize(self.size).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        self.browser.issue_cmd(devtools(command, parameters)).await.expect("the browser knows the command");
    }

    /// Saves a picture of the page as `name`.png in the output folder.
    ///
    /// # Panics
    /// When it cannot be taken or written.
    pub async fn save_picture(&self, name: &str) {
        let picture = self.browser.screenshot().await.expect("a picture can be taken");
        std::fs::write(output().join(name).with_extension("png"), picture).expect("a picture can be written");
    }

    /// What the page complained about since the last time this was asked.
    ///
    /// # Panics
    /// When the browser does not tell.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.browser.issue_cmd(browser_log()).await.expect("the browser tells its log");
        let entries = log.as_array().cloned().unwrap_or_default();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].to_string()).collect()
    }
}

/// A browser without a window that draws in software, keeps to this machine, and starts afresh.
fn capabilities(profile: &Path) -> Value {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
    ];
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments: Vec<&str> = arguments.into_iter().chain([profile.as_str()]).collect();
    json!({
        "goog:chromeOptions": { "binary": chromium(), "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}
