//! The page's document, clock and timers, behind a handful of words.
//!
//! Owns nothing. Every text goes in as text: there is no function here that takes HTML, and there must never be one. A
//! missing element is a mistake in our own page; it is said on the console, and the rest goes on.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, MediaQueryList, UrlSearchParams, Window};

/// The window.
pub fn window() -> Window {
    web_sys::window().expect("the client runs in a page")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("a page has a document")
}

/// Milliseconds since the page began to load, with a fraction.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Says on the console that something of ours went wrong.
pub fn complain(what: &str, detail: &JsValue) {
    web_sys::console::error_2(&JsValue::from_str(what), detail);
}

/// The element with this id.
pub fn by_id<T: JsCast>(id: &str) -> Result<T, JsValue> {
    let missing = || JsValue::from_str(&format!("the page has no fitting #{id}"));
    document().get_element_by_id(id).and_then(|element| element.dyn_into::<T>().ok()).ok_or_else(missing)
}

/// A new element with a class and a text, not yet in the document.
pub fn element(tag: &str, class: &str, text: &str) -> Result<HtmlElement, JsValue> {
    let element: HtmlElement = document().create_element(tag)?.dyn_into()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Ok(element)
}

/// A new element with a class and a text, at the end of `parent`.
pub fn child(parent: &HtmlElement, tag: &str, class: &str, text: &str) -> Result<HtmlElement, JsValue> {
    let child = element(tag, class, text)?;
    parent.append_child(&child)?;
    Ok(child)
}

/// Sets an attribute; only when it changes, as the browser would restyle the page for nothing.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // Fails for names that are no attribute names; ours are literals.
        let _ = element.set_attribute(name, value);
    }
}

/// Sets a style property through the object model, which a strict content security policy allows.
pub fn set_style(element: &HtmlElement, property: &str, value: &str) {
    // Fails on read-only declarations alone.
    let _ = element.style().set_property(property, value);
}

/// Does the visitor's system or device match this media query?
pub fn matches_media(query: &str) -> bool {
    media(query).is_some_and(|list| list.matches())
}

/// This media query, which tells of its changes.
pub fn media(query: &str) -> Option<MediaQueryList> {
    window().match_media(query).ok().flatten()
}

/// Calls `act` at every such event, as long as the page lives. Events that the page cancels must not be passive.
pub fn listen<E: JsCast>(target: &EventTarget, event: &str, mut act: impl FnMut(E) + 'static) {
    let handler = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Ok(event) = event.dyn_into::<E>() {
            act(event);
        }
    });
    let options = web_sys::AddEventListenerOptions::new();
    options.set_passive(false);
    let function = handler.as_ref().unchecked_ref();
    if let Err(problem) =
        target.add_event_listener_with_callback_and_add_event_listener_options(event, function, &options)
    {
        complain("an event cannot be listened to", &problem);
    }
    handler.forget();
}

/// Calls `act` once, as soon as the page's handlers that run now are done.
pub fn soon(act: impl FnOnce() + 'static) {
    window().queue_microtask(Closure::once_into_js(act).unchecked_ref());
}

/// Calls `act` once, in `ms` milliseconds.
pub fn after_ms(ms: f64, act: impl FnOnce() + 'static) {
    let function = Closure::once_into_js(act);
    if let Err(problem) =
        window().set_timeout_with_callback_and_timeout_and_arguments_0(function.unchecked_ref(), ms as i32)
    {
        complain("a timer cannot be set", &problem);
    }
}

/// Calls `act` every `ms` milliseconds, as long as the page lives.
pub fn every_ms(ms: i32, act: impl FnMut() + 'static) {
    let handler = Closure::<dyn FnMut()>::new(act);
    let function = handler.as_ref().unchecked_ref();
    if let Err(problem) = window().set_interval_with_callback_and_timeout_and_arguments_0(function, ms) {
        complain("a timer cannot be set", &problem);
    }
    handler.forget();
}

/// Calls `act` with the time in milliseconds before every repaint of the page, as long as it lives.
pub fn every_repaint(mut act: impl FnMut(f64) + 'static) {
    use std::cell::RefCell;
    use std::rc::Rc;
    type Handler = Closure<dyn FnMut(f64)>;
    let slot: Rc<RefCell<Option<Handler>>> = Rc::new(RefCell::new(None));
    let again = Rc::clone(&slot);
    *slot.borrow_mut() = Some(Closure::new(move |ms| {
        act(ms);
        request_repaint(again.borrow().as_ref());
    }));
    request_repaint(slot.borrow().as_ref());
}

/// Calls `act` once, before the next repaint of the page.
pub fn at_repaint(act: impl FnOnce() + 'static) {
    let function = Closure::once_into_js(act);
    if let Err(problem) = window().request_animation_frame(function.unchecked_ref()) {
        complain("no repaint can be had", &problem);
    }
}

fn request_repaint(handler: Option<&Closure<dyn FnMut(f64)>>) {
    if let Some(handler) = handler
        && let Err(problem) = window().request_animation_frame(handler.as_ref().unchecked_ref())
    {
        complain("no repaint can be had", &problem);
    }
}

/// The address of a WebSocket at `path` on the page's own host.
pub fn socket_address(path: &str) -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let scheme = if secure { "wss" } else { "ws" };
    format!("{scheme}://{}{path}", location.host().unwrap_or_default())
}

/// The value of `key` in the page's own address, as in `/?arena=2`.
pub fn query_value(key: &str) -> Option<String> {
    let query = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&query).ok()?.get(key)
}

/// The fragment of the page's own address, without its `#`.
pub fn fragment() -> Option<String> {
    let fragment = window().location().hash().ok()?;
    fragment.strip_prefix('#').map(str::to_owned)
}

/// Takes the fragment off the page's address, and out of the tab's history.
pub fn remove_fragment() {
    let location = window().location();
    let (path, query) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    let there = format!("{path}{query}");
    let replaced = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&there)));
    if let Err(problem) = replaced {
        complain("the address cannot be changed", &problem);
    }
}

/// Is a dialog open?
pub fn has_open_dialog() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Sets a flag of the document's body, which the styles follow.
pub fn flag_body(name: &str, value: &str) {
    if let Some(body) = document().body() {
        set_attribute(&body, name, value);
    }
}

/// Sets a style property of the whole document.
pub fn set_root_style(property: &str, value: &str) {
    if let Some(root) = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        set_style(&root, property, value);
    }
}

/// The languages that the browser prefers, best first.
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Makes this browser forget what it keeps under `key`.
pub fn forget(key: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(key);
    }
}

/// What this browser remembers under `key`, if it remembers anything at all.
pub fn remembered(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Makes this browser remember `value` under `key`. A browser that refuses is left in peace.
pub fn remember(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// What this tab keeps under `key`, over reloads of the page.
pub fn kept_in_tab(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Makes this tab keep `value` under `key`. A browser that refuses is left in peace.
pub fn keep_in_tab(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// An element whose text is written only when it changes.
#[derive(Debug)]
pub struct TextSlot {
    element: HtmlElement,
    text: String,
}

impl TextSlot {
    /// The slot in the element with this id.
    pub fn by_id(id: &str) -> Result<Self, JsValue> {
        Ok(Self::of(by_id(id)?))
    }

    /// The slot in `element`.
    pub fn of(element: HtmlElement) -> Self {
        let text = element.text_content().unwrap_or_default();
        Self { element, text }
    }

    /// Shows `text`; returns whether that is a change.
    pub fn set(&mut self, text: &str) -> bool {
        if self.text == text {
            return false;
        }
        text.clone_into(&mut self.text);
        self.element.set_text_content(Some(text));
        true
    }

    /// The element.
    pub fn element(&self) -> &HtmlElement {
        &self.element
    }
}
