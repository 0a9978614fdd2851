//! Macros and automation rules.

use serde_json::{Map, json};

use crate::error::ActionError;
use crate::hooks::Subject;
use crate::ids::{AgentId, ConversationId, RuleId};
use crate::state::State;
use crate::state::messages::Draft;
use crate::state::model::{Action, Assignee, MessageKind, RuleEvent, Sender, Status};

/// Who executes actions.
#[derive(Clone, Copy, Debug)]
enum Executor {
    Macro(AgentId),
    Rule(RuleId, RuleEvent),
}

impl State {
    /// Executes the actions of a macro as an agent.
    pub(crate) fn run_macro(
        &mut self,
        id: ConversationId,
        actions: &[Action],
        agent: AgentId,
    ) -> Result<(), ActionError> {
        actions
            .iter()
            .try_for_each(|action| self.execute(id, action, Executor::Macro(agent)))
    }

    /// Executes the rules of the account for an event. What a rule does triggers no rule.
    pub(crate) fn run_rules(
        &mut self,
        id: ConversationId,
        event: RuleEvent,
    ) -> Result<(), ActionError> {
        if std::mem::replace(&mut self.is_running_rules, true) {
            return Ok(());
        }
        let rules = self.rules.iter();
        let rules = rules.filter(|rule| rule.account == id.account && rule.event == event);
        let rules: Vec<_> = rules.map(|rule| (rule.id, rule.actions.clone())).collect();
        let mut actions = rules.iter().flat_map(|(rule, actions)| {
            let executor = Executor::Rule(*rule, event);
            actions.iter().map(move |action| (action, executor))
        });
        let result = actions.try_for_each(|(action, executor)| self.execute(id, action, executor));
        self.is_running_rules = false;
        result
    }

    fn execute(
        &mut self,
        id: ConversationId,
        action: &Action,
        executor: Executor,
    ) -> Result<(), ActionError> {
        match action {
            Action::AddPrivateNote(text) => self.add_message(id, text, true, executor),
            Action::SendMessage(text) => self.add_message(id, text, false, executor),
            Action::AddLabel(label) => {
                let mut labels = self.conversation(id)?.labels.clone();
                if !labels.contains(label) {
                    labels.push(label.clone());
                }
                self.set_labels(id, labels)
            }
            Action::AssignAgent(agent) => {
                let agent = *agent;
                self.update_conversation(id, "assignee_id", |conversation| {
                    let previous = conversation.assignee;
                    conversation.assignee = Some(Assignee::Agent(agent));
                    (assignee_id(previous), json!(agent.0))
                })
            }
            Action::AssignTeam(team) => {
                let team = *team;
                self.update_conversation(id, "team_id", |conversation| {
                    let previous = conversation.team.replace(team);
                    (json!(previous.map(|it| it.0)), json!(team.0))
                })
            }
            Action::Resolve => {
                let agent = match executor {
                    Executor::Macro(agent) => Some(agent),
                    Executor::Rule(..) => None,
                };
                self.set_status(id, Status::Resolved, agent)
            }
            Action::SendWebhookEvent(url) => {
                let event = match executor {
                    Executor::Macro(_) => "macro.executed".to_owned(),
                    Executor::Rule(_, event) => format!("automation_event.{}", event.as_str()),
                };
                self.push_hook(&event, url.clone(), None, Subject::Conversation(id), None);
                Ok(())
            }
        }
    }

    fn add_message(
        &mut self,
        id: ConversationId,
        text: &str,
        is_private: bool,
        executor: Executor,
    ) -> Result<(), ActionError> {
        let mut attributes = Map::new();
        let sender = match executor {
            Executor::Macro(agent) => Some(Sender::Agent(agent)),
            Executor::Rule(rule, _) => {
                attributes.insert("automation_rule_id".to_owned(), json!(rule.0));
                None
            }
        };
        let draft = Draft {
            is_private,
            attributes,
            ..Draft::new(MessageKind::Outgoing, sender, text)
        };
        self.create_message(id, draft).map(|_| ())
    }
}

/// The value of `assignee_id` in `changed_attributes`.
pub(crate) fn assignee_id(assignee: Option<Assignee>) -> serde_json::Value {
    match assignee {
        Some(Assignee::Agent(agent)) => json!(agent.0),
        Some(Assignee::Bot(_)) | None => serde_json::Value::Null,
    }
}
