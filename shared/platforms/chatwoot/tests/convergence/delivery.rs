//! Handles events as `functions/receive-webhook` does.

mod reads;

use std::collections::BTreeSet;

use chatwoot::{
    Command, CommandKind, Connection, ConversationPrefix, EventMapping, decode_event, map_event,
};
use domain::{AgentId, MessageId, Timestamp};
use platform_recordings::PromptAnswer;
use serde_json::{Value, json};

pub(crate) use self::reads::{ReadBack, Target};
use crate::day::{Action, COMMANDS, Case, What};
use crate::records::Records;
use crate::requests::{ReadReason, Requests};
use crate::rules::BrokenRule;
use crate::server::{Event, OWN_BOT, Prompt, Server};

/// A delivery in progress, and its results.
pub(crate) struct Delivery {
    pub(crate) server: Server,
    connection: Connection,
    broken: Option<BrokenRule>,
    pub(crate) records: Records,
    pub(crate) requests: Requests,
    /// The ids of the notes whose commands were executed, in this order.
    pub(crate) executed: Vec<String>,
    /// The ids of the notes whose `message_created` was delivered with a command.
    pub(crate) delivered_commands: BTreeSet<String>,
    /// The conversations and agents of the delivered commands to ask that a person wrote.
    pub(crate) delivered_askers: BTreeSet<(String, String)>,
}

pub(crate) fn deliver_perfectly(case: &Case, broken: Option<BrokenRule>) -> Delivery {
    let mut delivery = Delivery::new(broken);
    for action in &case.actions {
        for event in delivery.apply(action) {
            let body = delivery.server.body(&event);
            let mut targets = delivery.receive(&body);
            while let Some(target) = targets.pop() {
                let read = delivery.read(target);
                targets.extend(delivery.record(&read));
            }
        }
    }
    delivery
}

impl Delivery {
    pub(crate) fn new(broken: Option<BrokenRule>) -> Self {
        Self {
            server: Server::new(),
            connection: Connection {
                prefix: ConversationPrefix::new("https://chat.example.com", 2),
                account_id: 2,
                bot_id: Some(OWN_BOT),
            },
            broken,
            records: Records::new(broken),
            requests: Requests::new(broken),
            executed: Vec::new(),
            delivered_commands: BTreeSet::new(),
            delivered_askers: BTreeSet::new(),
        }
    }

    /// The id of the conversation in a place.
    pub(crate) fn conversation_id(&self, place: usize) -> String {
        let number = u64::try_from(100 + place).unwrap();
        let id = self.connection.prefix.conversation_id(number);
        id.unwrap().to_string()
    }

    pub(crate) fn is_broken(&self, rule: BrokenRule) -> bool {
        self.broken == Some(rule)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_milliseconds(self.server.now).unwrap()
    }

    fn map(&self, body: &Value) -> EventMapping {
        let event = decode_event(body.to_string().as_bytes()).unwrap();
        map_event(&self.connection, &event, self.now())
    }

    /// Applies an action and returns its events. What does not depend on events is recorded: this
    /// project's own posts, and ratings on the page.
    pub(crate) fn apply(&mut self, action: &Action) -> Vec<Event> {
        let place = action.conversation;
        let conversation = self.conversation_id(place);
        let events = self.server.apply(action);
        match &action.what {
            What::Prompt { is_response_lost } if !events.is_empty() => {
                let prompt = self.server.prompts.last().unwrap();
                let message_id = Some(prompt.message_id.to_string());
                let message_id = message_id.filter(|_| !is_response_lost);
                self.requests
                    .add_prompt(&conversation, &prompt.marker, message_id);
            }
            What::RateOnPage { position, face } => {
                let now = self.now();
                if let Some(prompt) = self.server.prompt_for_page(place, *position) {
                    let (marker, score) = (prompt.marker.clone(), face.to_string());
                    let is_accepted =
                        self.requests
                            .rate_on_page(&conversation, &marker, &score, now);
                    self.server.note_page(&marker, *face, is_accepted);
                }
            }
            _ => {}
        }
        events
    }

    /// Receives the body of an event. Returns what must be read because of it.
    pub(crate) fn receive(&mut self, body: &Value) -> Vec<Target> {
        self.note_delivered_command(body);
        let mut mapping = self.map(body);
        let place = body.get("conversation").unwrap_or(body)["id"].as_u64();
        let place = usize::try_from(place.unwrap() - 100).unwrap();
        let recording = mapping.conversation.as_ref().unwrap();
        let id = recording.conversation_id.to_string();
        let mut targets = self.record_state(place, &id, &json!(recording.change), true);
        let is_edit = (mapping.read_back.as_ref()).is_some_and(|it| it.answered_prompt.is_none());
        if is_edit && self.is_broken(BrokenRule::TextOfEditFromEvent) {
            mapping.read_back = None;
            let mut created = body.clone();
            created["event"] = json!("message_created");
            mapping.messages = self.map(&created).messages;
        }
        if let Some(command) = &mapping.command {
            let note = command.message_id.to_string();
            let is_repeated = self.executed.contains(&note);
            if !is_repeated || self.is_broken(BrokenRule::CommandsRepeated) {
                self.executed.push(note);
            }
            if !is_repeated || self.is_broken(BrokenRule::RequestsRepeated) {
                targets.extend(self.execute(place, &id, command));
            }
        }
        if let Some(read_back) = &mapping.read_back {
            let is_answer = read_back.answered_prompt.is_some();
            if is_answer && self.is_broken(BrokenRule::AnswerFromEvent) {
                let answer = answer_in_event(body);
                let (now, reason) = (self.now(), ReadReason::Event);
                self.requests.record_answer(&id, &answer, now, reason);
            } else if !is_answer || !self.is_broken(BrokenRule::AnswersNotReadBack) {
                targets.push(Target::Message(place, read_back.id));
            }
        }
        if let Some(messages) = self.messages_of(body, &mapping) {
            self.records.record_messages(&id, &messages);
        }
        targets
    }

    /// The messages in an event that are recorded without being read back.
    fn messages_of(&self, body: &Value, mapping: &EventMapping) -> Option<Value> {
        let mut messages = json!(mapping.messages.as_ref()?);
        if let Some(rule) = self.broken {
            rule.break_event(body, &mut messages["messages"][0], self.now());
        }
        Some(messages)
    }

    /// The version of a message that an event would record without being read back.
    pub(crate) fn version_in(&self, body: &Value) -> Option<Value> {
        let messages = self.messages_of(body, &self.map(body))?;
        Some(messages["messages"][0].clone())
    }

    fn note_delivered_command(&mut self, body: &Value) {
        let content = body["content"].as_str().unwrap_or_default();
        let is_command = body["event"] == "message_created"
            && body["private"] == true
            && COMMANDS.contains(&content);
        if !is_command {
            return;
        }
        self.delivered_commands.insert(body["id"].to_string());
        if content == "/ask-rating" && !body["sender"].is_null() {
            let place = body["conversation"]["id"].as_u64().unwrap() - 100;
            let id = self.conversation_id(usize::try_from(place).unwrap());
            self.delivered_askers
                .insert((id, body["sender"]["id"].to_string()));
        }
    }

    /// Executes a command. Returns what must be read because of it.
    fn execute(&mut self, place: usize, conversation: &str, command: &Command) -> Vec<Target> {
        match command.kind {
            CommandKind::AskRating => self.ask(place, conversation, command),
            CommandKind::ReadConversation => vec![Target::Thread(place)],
            CommandKind::SendTranscript => Vec::new(),
        }
    }

    /// Reads the conversation, and makes the request of a task. Returns what must be read because of what was read.
    fn ask(&mut self, place: usize, conversation: &str, command: &Command) -> Vec<Target> {
        let mut targets = Vec::new();
        let task = command.message_id.as_str();
        if self.requests.was_asked(conversation, task) {
            return targets;
        }
        if !self.is_broken(BrokenRule::AskedWithoutRead) {
            let read = self.read(Target::Thread(place));
            targets = self.record(&read);
        }
        let agent = &command.agent.id;
        let assignee = self.records.assignee(conversation);
        let agent = match assignee.filter(|_| *agent == AgentId::automatic()) {
            Some(assignee) => assignee.to_owned(),
            None => agent.to_string(),
        };
        if self.requests.ask(conversation, task, &agent) {
            self.server.note_asked_after_read(place);
        }
        targets
    }

    /// Records the state of a conversation. The thread is read if the conversation was resolved, and if
    /// the first event of the conversation is received.
    fn record_state(
        &mut self,
        place: usize,
        id: &str,
        change: &Value,
        is_event: bool,
    ) -> Vec<Target> {
        let change = self.records.record_conversation(id, change);
        if change.is_reopened {
            self.requests.withdraw(id);
        }
        if change.is_resolved || (change.is_new && is_event) {
            vec![Target::Thread(place)]
        } else {
            Vec::new()
        }
    }

    /// The score that is recorded for the request of a prompt.
    pub(crate) fn score(&self, prompt: &Prompt) -> Option<&str> {
        let id = self.conversation_id(prompt.place);
        self.requests.score(&id, &prompt.marker)
    }

    /// Whether the request of a prompt was withdrawn.
    pub(crate) fn is_withdrawn(&self, prompt: &Prompt) -> bool {
        let id = self.conversation_id(prompt.place);
        self.requests.is_withdrawn(&id, &prompt.marker)
    }
}

/// The answer that an event shows.
fn answer_in_event(body: &Value) -> PromptAnswer {
    let attributes = &body["content_attributes"];
    let value = &attributes["submitted_values"][0]["value"];
    PromptAnswer {
        message_id: MessageId::parse(&body["id"].to_string()).unwrap(),
        prompt: attributes["afterchat"].as_str().unwrap().to_owned(),
        values: vec![value.as_str().unwrap().to_owned()],
        is_of_bot: body["sender"]["id"] == OWN_BOT,
    }
}
