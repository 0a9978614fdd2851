//! The prompts of this project, and what the visitor chooses in them.

use serde_json::{Value, json};

use crate::server::{Event, Message, Server};

/// A prompt of this project, and the truth about its answers.
#[derive(Clone, Debug)]
pub(crate) struct Prompt {
    pub(crate) place: usize,
    pub(crate) marker: String,
    pub(crate) message_id: u64,
    /// What the visitor chose in the prompt, and what they rated on the page and was accepted, until the next request
    /// was made.
    pub(crate) choices: Vec<String>,
    pub(crate) is_rated_on_page: bool,
    /// The next request, if one was made.
    next: Option<NextRequest>,
}

/// How the next request of the conversation was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NextRequest {
    /// The conversation was read before, and the prompt was not deleted.
    AfterRead,
    /// The last answer may not have been read before.
    Unread,
}

impl Server {
    pub(super) fn post_prompt(&mut self, place: usize, bot: Value) -> Vec<Event> {
        if !self.conversations[place].exists {
            return Vec::new();
        }
        self.end_choices(place, NextRequest::Unread);
        let marker = format!("rr-{}", self.prompts.len());
        self.prompts.push(Prompt {
            place,
            marker: marker.clone(),
            message_id: self.next_message,
            choices: Vec::new(),
            is_rated_on_page: false,
            next: None,
        });
        self.write(place, 1, false, bot, question(), attributes(&marker))
    }

    /// An agent posts a prompt again, with its marker.
    pub(super) fn copy_prompt(
        &mut self,
        place: usize,
        position: usize,
        agent: Value,
    ) -> Vec<Event> {
        let prompts: Vec<_> = self.prompts.iter().filter(|it| it.place == place).collect();
        let Some(prompt) = prompts.get(position % prompts.len().max(1)) else {
            return Vec::new();
        };
        let attributes = attributes(&prompt.marker);
        self.write(place, 1, false, agent, question(), attributes)
    }

    /// The visitor chooses a face in a prompt or in a copy. Copies have the same chance as prompts.
    pub(super) fn choose_face(&mut self, place: usize, position: usize, face: u8) -> Vec<Event> {
        let is_shown = |message: &&Message| message.attributes.get("items").is_some();
        let shown = self.conversations[place].messages.iter().filter(is_shown);
        let shown: Vec<_> = shown.map(|message| message.id).collect();
        // The newest one is the first.
        let Some(id) = shown.iter().rev().nth(position % shown.len().max(1)) else {
            return Vec::new();
        };
        if let Some(prompt) = self.prompts.iter_mut().find(|it| it.message_id == *id) {
            if prompt.is_rated_on_page {
                return Vec::new();
            }
            prompt.note_choice(face);
        }
        let answer = json!([{"title": format!("Face {face}"), "value": face.to_string()}]);
        self.change_message(
            place,
            |message| message.id == *id,
            |message| message.attributes["submitted_values"] = answer,
        )
    }

    /// The prompt that the visitor rates on the page: the newest one, or else an earlier one.
    pub(crate) fn prompt_for_page(&self, place: usize, position: usize) -> Option<&Prompt> {
        let prompts: Vec<_> = self.prompts.iter().filter(|it| it.place == place).collect();
        let index = position % prompts.len().max(1);
        prompts.into_iter().rev().nth(index)
    }

    /// Notes that the visitor rated a prompt on the page.
    pub(crate) fn note_page(&mut self, marker: &str, face: u8, is_accepted: bool) {
        let prompt = self.prompts.iter_mut().find(|it| it.marker == marker);
        let prompt = prompt.unwrap();
        prompt.is_rated_on_page = true;
        if is_accepted {
            prompt.note_choice(face);
        }
    }

    /// Notes that a command makes the next request, after the conversation was read.
    pub(crate) fn note_asked_after_read(&mut self, place: usize) {
        self.end_choices(place, NextRequest::AfterRead);
    }

    /// Ends the choices that count in the newest prompt.
    fn end_choices(&mut self, place: usize, next: NextRequest) {
        let newest = self.prompts.iter().rposition(|it| it.place == place);
        let Some(newest) = newest else {
            return;
        };
        let is_deleted = self.is_deleted(&self.prompts[newest]);
        let next = if is_deleted {
            NextRequest::Unread
        } else {
            next
        };
        self.prompts[newest].next.get_or_insert(next);
    }

    /// Whether the last of the choices must be recorded.
    pub(crate) fn is_guaranteed(&self, prompt: &Prompt) -> bool {
        match prompt.next {
            Some(next) => next == NextRequest::AfterRead,
            None => !self.is_deleted(prompt),
        }
    }

    fn is_deleted(&self, prompt: &Prompt) -> bool {
        let mut messages = self.conversations[prompt.place].messages.iter();
        let message = messages.find(|it| it.id == prompt.message_id).unwrap();
        message.attributes.get("deleted").is_some()
    }
}

impl Prompt {
    /// Notes a choice, unless the next request was made.
    fn note_choice(&mut self, face: u8) {
        if self.next.is_none() {
            self.choices.push(face.to_string());
        }
    }
}

fn question() -> String {
    "How was it?".to_owned()
}

fn attributes(marker: &str) -> Value {
    let items =
        (1..=5).map(|face| json!({"title": format!("Face {face}"), "value": face.to_string()}));
    json!({"afterchat": marker, "items": items.collect::<Vec<_>>()})
}
