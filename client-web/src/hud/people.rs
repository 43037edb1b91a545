//! The list of people in the chat, each with a button that mutes, or hears again.
//!
//! Owns: the elements. Enters: who is here, and who of them is muted. Leaves: whose button was pressed. A line stays the same
//! person's as long as it is there, so that nobody presses another's button when someone comes or goes. Names go in as text.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, HtmlDetailsElement, HtmlElement, Node};

use crate::dom::{self, TextSlot};
use crate::words;

/// Lines at most.
const MOST: usize = 24;

/// Someone who is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The number in the arena.
    pub player: u32,
    /// The name.
    pub name: String,
    /// Is that one muted?
    pub muted: bool,
}

#[derive(Debug)]
struct Line {
    person: Person,
    row: HtmlElement,
    name: TextSlot,
    button: HtmlElement,
}

/// The list.
#[derive(Debug)]
pub struct People {
    frame: HtmlDetailsElement,
    list: HtmlElement,
    nobody: HtmlElement,
    lines: Vec<Line>,
}

impl People {
    /// Finds it on the page.
    pub fn new() -> Result<Self, JsValue> {
        let (frame, list) = (dom::by_id("people")?, dom::by_id("people-list")?);
        Ok(Self { frame, list, nobody: dom::by_id("people-none")?, lines: Vec::new() })
    }

    /// Is it unfolded?
    pub fn is_open(&self) -> bool {
        self.frame.open()
    }

    /// The list, in which clicks are on the buttons.
    pub fn list(&self) -> &HtmlElement {
        &self.list
    }

    /// Shows who is here; those who were here before keep their places.
    pub fn show(&mut self, people: &[Person]) {
        self.lines.retain(|line| {
            let here = people.iter().any(|person| person.player == line.person.player);
            if !here {
                line.row.remove();
            }
            here
        });
        for person in people {
            let known = self.lines.iter().position(|line| line.person.player == person.player);
            match known {
                Some(at) => self.lines[at].show(person),
                None if self.lines.len() < MOST => match Line::new(&self.list, person) {
                    Ok(line) => self.lines.push(line),
                    Err(problem) => dom::complain("someone cannot be listed", &problem),
                },
                None => {}
            }
        }
        self.nobody.set_hidden(!self.lines.is_empty());
    }

    /// Whose button `target` is.
    pub fn pressed(&self, target: &EventTarget) -> Option<Person> {
        let node = target.dyn_ref::<Node>()?;
        self.lines.iter().find(|line| line.button.contains(Some(node))).map(|line| line.person.clone())
    }
}

impl Line {
    fn new(list: &HtmlElement, person: &Person) -> Result<Self, JsValue> {
        let row = dom::child(list, "li", "person", "")?;
        let name = TextSlot::of(dom::child(&row, "span", "name", "")?);
        let button = dom::child(&row, "button", "person-mute", "")?;
        dom::set_attribute(&button, "type", "button");
        let unknown = Person { player: person.player, name: String::new(), muted: !person.muted };
        let mut line = Self { person: unknown, row, name, button };
        line.show(person);
        Ok(line)
    }

    fn show(&mut self, person: &Person) {
        if self.person == *person {
            return;
        }
        self.person = person.clone();
        self.name.set(&person.name);
        let (word, label) =
            if person.muted { ("people.hear", "people.hear.who") } else { ("talk.mute", "talk.mute.who") };
        dom::set_attribute(&self.button, "data-word", word);
        self.button.set_text_content(Some(words::say(word)));
        dom::set_attribute(&self.button, "aria-label", &words::fill(label, &[("name", &person.name)]));
        dom::set_attribute(&self.row, "data-muted", if person.muted { "yes" } else { "no" });
    }
}
