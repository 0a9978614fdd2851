use domain::AuthorKind;
use dynamodb::number;
use store::ConversationUpdate;

/// By how much a write changes the conversation's numbers of public messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MessageCounts {
    visitor: i64,
    agent: i64,
}

impl MessageCounts {
    /// Counts one more public message of `author`.
    pub(super) fn add(&mut self, author: AuthorKind) {
        self.change(author, 1);
    }

    /// Counts one public message of `author` less.
    pub(super) fn remove(&mut self, author: AuthorKind) {
        self.change(author, -1);
    }

    /// Adds the changes to `update`. A conversation that a former version recorded has no numbers. They
    /// then begin at zero.
    pub(super) fn add_to(self, mut update: ConversationUpdate) -> ConversationUpdate {
        if self == Self::default() {
            return update;
        }
        update = update.value(":zero", number(0));
        if self.visitor != 0 {
            update = update
                .set(
                    "visitor_messages = if_not_exists(visitor_messages, :zero) + :visitor_messages",
                )
                .value(":visitor_messages", number(self.visitor));
        }
        if self.agent != 0 {
            update = update
                .set("agent_messages = if_not_exists(agent_messages, :zero) + :agent_messages")
                .value(":agent_messages", number(self.agent));
        }
        update
    }

    fn change(&mut self, author: AuthorKind, by: i64) {
        match author {
            AuthorKind::Visitor => self.visitor += by,
            AuthorKind::Agent => self.agent += by,
            AuthorKind::Bot | AuthorKind::System => {}
        }
    }
}
