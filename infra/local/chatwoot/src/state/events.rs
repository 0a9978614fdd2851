//! The events of a server, which become pending hooks.

use serde_json::{Value, json};

use crate::hooks::{PendingHook, Subject};
use crate::ids::{AccountId, ConversationId, MessageId};
use crate::state::State;

/// The events that a webhook can subscribe to.
pub(crate) const EVENTS: [&str; 12] = [
    "conversation_status_changed",
    "conversation_updated",
    "conversation_created",
    "contact_created",
    "contact_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
    "inbox_created",
    "inbox_updated",
    "conversation_typing_on",
    "conversation_typing_off",
];

/// One element of `changed_attributes`.
pub(crate) fn change(attribute: &str, previous: Value, current: Value) -> Value {
    json!({attribute: {"previous_value": previous, "current_value": current}})
}

/// The member `changed_attributes` for one attribute.
pub(crate) fn changed(attribute: &str, previous: Value, current: Value) -> Value {
    json!([change(attribute, previous, current)])
}

impl State {
    /// Adds a pending hook for each webhook of the account that subscribes to the event.
    pub(crate) fn emit(
        &mut self,
        account: AccountId,
        event: &'static str,
        subject: Subject,
        changed_attributes: Option<Value>,
    ) {
        let subscribed = self.webhooks.iter().filter(|webhook| {
            webhook.account == account && webhook.subscriptions.iter().any(|it| it == event)
        });
        let signs = self.options.version.signs_webhooks;
        let receivers: Vec<_> = subscribed
            .map(|webhook| (webhook.url.clone(), signs.then(|| webhook.secret.clone())))
            .collect();
        for (url, secret) in receivers {
            self.push_hook(
                event,
                url,
                secret,
                subject.clone(),
                changed_attributes.clone(),
            );
        }
    }

    pub(crate) fn push_hook(
        &mut self,
        event: &str,
        url: String,
        secret: Option<String>,
        subject: Subject,
        changed_attributes: Option<Value>,
    ) {
        let number = self.next_id("hook");
        self.pending.push(PendingHook {
            number,
            event: event.to_owned(),
            url,
            secret,
            subject,
            changed_attributes,
        });
        self.changes.send_replace(());
    }

    pub(crate) fn emit_conversation(
        &mut self,
        id: ConversationId,
        event: &'static str,
        changed_attributes: Option<Value>,
    ) {
        self.emit(
            id.account,
            event,
            Subject::Conversation(id),
            changed_attributes,
        );
    }

    pub(crate) fn emit_message(
        &mut self,
        id: ConversationId,
        message: MessageId,
        event: &'static str,
    ) {
        self.emit(id.account, event, Subject::Message(id, message), None);
    }
}
