//! For people who try the server by hand: a page with the inbox of a teammate beside the widget of a visitor, and
//! the operations that it uses. Chatwoot has no such operations.

mod page;
mod teammate;
mod view;
mod visitor;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};

use crate::api::handle::Api;
use crate::api::request::read_id;
use crate::ids::{AccountId, ConversationId};

/// The page and its operations.
pub(crate) fn router() -> Router<Api> {
    let conversation = Router::new()
        .route("/", get(view::show))
        .route("/messages", post(visitor::write))
        .route("/answers", post(visitor::answer))
        .route("/replies", post(teammate::reply))
        .route("/notes", post(teammate::note))
        .route("/status", post(teammate::set_status));
    Router::new()
        .route("/", get(page::show))
        .route("/page/{file}", get(page::file))
        .route("/demo/dom.js", get(page::shared_file))
        .nest(
            "/dev/accounts/{account_id}/conversations/{id}",
            conversation,
        )
}

/// The account and the number of a conversation in a path.
type ConversationPath = Path<(String, String)>;

fn conversation_id(Path((account, id)): &ConversationPath) -> ConversationId {
    ConversationId {
        account: AccountId(read_id(account)),
        display_id: read_id(id),
    }
}
