//! A conversation as the page shows it.

use serde_json::{Value, json};

use crate::api::error::ApiResult;
use crate::api::handle::ApiState;
use crate::api::response::respond;
use crate::by_hand::{ConversationPath, conversation_id};
use crate::state::State;
use crate::state::model::{Message, MessageKind, Sender};

/// The conversation with all of its messages, and whether something receives the events of the account.
pub(crate) async fn show(api: ApiState, path: ConversationPath) -> ApiResult {
    let id = conversation_id(&path);
    let state = api.state();
    let conversation = state.conversation(id)?;
    let visitor = state.contacts.get(&conversation.contact);
    let mut webhooks = state.webhooks.iter();
    let messages = conversation.messages.iter();
    let messages = messages.filter(|message| message.kind != MessageKind::Activity);
    Ok(respond(&json!({
        "status": conversation.status.as_str(),
        "is_connected": webhooks.any(|webhook| webhook.account == id.account),
        "visitor": visitor.map(|visitor| &visitor.profile.name),
        "messages": messages.map(|message| view(&state, message)).collect::<Vec<_>>(),
    })))
}

fn view(state: &State, message: &Message) -> Value {
    let (from, name) = match message.sender {
        Some(Sender::Contact(id)) => {
            let contact = state.contacts.get(&id);
            ("visitor", contact.map(|contact| &contact.profile.name))
        }
        Some(Sender::Agent(id)) => ("teammate", state.agents.get(&id).map(|agent| &agent.name)),
        Some(Sender::Bot(id)) => ("bot", state.bots.get(&id).map(|bot| &bot.name)),
        None => ("server", None),
    };
    let attribute = |name: &str| message.attributes.get(name);
    json!({
        "id": message.id.0,
        "from": from,
        "name": name,
        "text": message.content,
        "is_private": message.is_private,
        "choices": attribute("items"),
        "chosen": attribute("submitted_values").and_then(|values| values.pointer("/0/value")),
    })
}
