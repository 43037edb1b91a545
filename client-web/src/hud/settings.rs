//! The settings' panel: a dialog with a field for each.
//!
//! Owns: the dialog and its fields. Enters: settings to show. Leaves: settings as the fields have them. It opens over anything,
//! is closed by its button, by Escape or beside it, and must never keep a change for itself: every one counts at once.

use wasm_bindgen::JsValue;
use web_sys::{Event, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::dom;
use crate::settings::Settings;
use crate::settings::choice::{self, Choice};
use crate::words::{self, language::LANGUAGES, language::Language};

/// The panel.
#[derive(Debug)]
pub struct Panel {
    dialog: HtmlDialogElement,
    volume: HtmlInputElement,
    muted: HtmlInputElement,
    left: HtmlInputElement,
    hush: HtmlInputElement,
    unmute: HtmlElement,
    colours: HtmlSelectElement,
    motion: HtmlSelectElement,
    flashes: HtmlSelectElement,
    text: HtmlSelectElement,
    language: HtmlSelectElement,
}

impl Panel {
    /// Finds the panel on the page and fills its lists.
    pub fn new() -> Result<Self, JsValue> {
        let panel = Self {
            dialog: dom::by_id("settings")?,
            volume: dom::by_id("set-volume")?,
            muted: dom::by_id("set-muted")?,
            left: dom::by_id("set-left")?,
            hush: dom::by_id("set-hush")?,
            unmute: dom::by_id("unmute")?,
            colours: dom::by_id("set-colours")?,
            motion: dom::by_id("set-motion")?,
            flashes: dom::by_id("set-flashes")?,
            text: dom::by_id("set-text")?,
            language: dom::by_id("set-language")?,
        };
        options::<choice::Colours>(&panel.colours)?;
        options::<choice::Amount>(&panel.motion)?;
        options::<choice::Amount>(&panel.flashes)?;
        options::<choice::TextSize>(&panel.text)?;
        option(&panel.language, "", "choice.system")?;
        for language in LANGUAGES {
            let item = dom::child(&panel.language, "option", "", language.own_name())?;
            dom::set_attribute(&item, "value", language.tag());
            dom::set_attribute(&item, "lang", language.tag());
        }
        Ok(panel)
    }

    /// The dialog, in which every change of a field is an event.
    pub fn dialog(&self) -> &HtmlDialogElement {
        &self.dialog
    }

    /// Opens the panel with `settings` in its fields.
    pub fn open(&self, settings: &Settings) {
        self.show(settings);
        if !self.dialog.open()
            && let Err(problem) = self.dialog.show_modal()
        {
            dom::complain("the settings cannot be opened", &problem);
        }
    }

    /// Is it open?
    pub fn is_open(&self) -> bool {
        self.dialog.open()
    }

    fn show(&self, settings: &Settings) {
        self.volume.set_value(&settings.volume.to_string());
        self.muted.set_checked(settings.muted);
        self.left.set_checked(settings.left_handed);
        self.hush.set_checked(settings.hush);
        self.colours.set_value(settings.colours.name());
        self.motion.set_value(settings.motion.name());
        self.flashes.set_value(settings.flashes.name());
        self.text.set_value(settings.text.name());
        self.language.set_value(settings.language.map_or("", Language::tag));
    }

    /// The settings as the fields have them.
    pub fn read(&self) -> Settings {
        Settings {
            volume: self.volume.value().parse().unwrap_or_default(),
            muted: self.muted.checked(),
            left_handed: self.left.checked(),
            hush: self.hush.checked(),
            colours: choice::named(&self.colours.value()),
            motion: choice::named(&self.motion.value()),
            flashes: choice::named(&self.flashes.value()),
            text: choice::named(&self.text.value()),
            language: Language::tagged(&self.language.value()),
        }
    }

    /// Says how many players are muted, on the button that lets them be heard again.
    pub fn show_muted(&self, count: usize) {
        self.unmute.set_hidden(count == 0);
        self.unmute.set_text_content(Some(&words::fill("settings.unmute", &[("n", &count.to_string())])));
    }

    /// Closes the panel when the page is touched beside it.
    pub fn close_beside(&self) {
        let dialog = self.dialog.clone();
        dom::listen(&self.dialog, "click", move |event: Event| {
            // What is in the dialog is the target itself; beside it the dialog is.
            let beside = event.target().is_some_and(|target| js_sys::Object::is(&target, &dialog));
            if beside {
                dialog.close();
            }
        });
    }
}

fn options<C: Choice>(list: &HtmlElement) -> Result<(), JsValue> {
    C::ALL.iter().try_for_each(|choice| option(list, choice.name(), choice.word()))
}

fn option(list: &HtmlElement, value: &str, key: &str) -> Result<(), JsValue> {
    let item = words::child(list, "option", "", key)?;
    dom::set_attribute(&item, "value", value);
    Ok(())
}
