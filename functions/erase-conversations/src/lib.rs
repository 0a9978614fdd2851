//! `DELETE /v1/conversations/{conversation_id}` erases a conversation. `POST /v1/visitors/erase`
//! and `DELETE /v1/visitors/{email}` erase the conversations of a visitor.
//!
//! Erasure has three steps:
//!
//! 1. Replace the conversation with a tombstone. Every write checks for it, so a late write cannot
//!    bring data back.
//! 2. Remove everything that belongs to the conversation, except the data that rating counts are
//!    based on.
//! 3. Remove the links from visitors to the conversation.
//!
//! Each step can be repeated. A request can stop at any point, and the next request continues.

mod conversation;
mod progress;
mod removal;
mod visitor;
mod visitor_links;

use aws::{Environment, EnvironmentError};
use domain::{ConversationId, EmailAddress, VisitorHash};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{Fields, HttpHandler, HttpRequest, HttpResponse, TenantResolver, text};
use serde_json::{Value, json};
use store::ConversationRef;

use crate::conversation::{Erased, erase_conversation};
use crate::progress::Progress;
use crate::visitor::erase_visitor;

/// The maximum number of kept conversations in a response. One request cannot check that many.
const KEPT_AT_MOST: usize = 20_000;

/// Erases conversations, one by one or all of a visitor.
#[derive(Clone, Debug)]
pub struct EraseConversations {
    table: Table,
    tenants: TenantResolver,
}

impl EraseConversations {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
        })
    }

    async fn erase_one(&self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let organisation = self.tenants.organisation(request)?;
        let conversation = request.path_parameter("conversation_id", ConversationId::parse)?;
        let at = ConversationRef::new(&organisation, &conversation, request.now());
        let mut progress = Progress::within(request.time_left());
        let is_done = match erase_conversation(&self.table, at, None, &mut progress).await? {
            Erased::Whole => true,
            Erased::Partly | Erased::InFlight | Erased::NotOfVisitor => false,
            Erased::Absent => return Err(Refusal::conversation_not_found().into()),
        };
        Ok(describe(is_done, &progress, &[]))
    }

    async fn erase_of_visitor(
        &self,
        request: &HttpRequest,
        email: impl FnOnce(&HttpRequest) -> Result<EmailAddress, Refusal>,
    ) -> Result<HttpResponse, Failure> {
        let organisation = self.tenants.organisation(request)?;
        let email = email(request)?;
        let mut progress = Progress::within(request.time_left());
        let visitor = VisitorHash::of(&email);
        let erased = erase_visitor(
            &self.table,
            &organisation,
            &visitor,
            request.now(),
            &mut progress,
        )
        .await?;
        Ok(describe(erased.is_done, &progress, &erased.kept))
    }
}

/// The routes of this function.
#[derive(Clone, Copy, Debug)]
pub enum Route {
    /// Erases one conversation.
    Conversation,
    /// Erases the conversations of the visitor whose address is in the body.
    VisitorInBody,
    /// Erases the conversations of the visitor whose address is in the path.
    VisitorInPath,
}

impl HttpHandler for EraseConversations {
    type Route = Route;

    const ROUTES: &'static [(&'static str, Route)] = &[
        (
            "DELETE /v1/conversations/{conversation_id}",
            Route::Conversation,
        ),
        ("POST /v1/visitors/erase", Route::VisitorInBody),
        ("DELETE /v1/visitors/{email}", Route::VisitorInPath),
    ];

    async fn handle(&self, route: Route, request: HttpRequest) -> Result<HttpResponse, Failure> {
        match route {
            Route::Conversation => self.erase_one(&request).await,
            Route::VisitorInBody => self.erase_of_visitor(&request, email_in_body).await,
            Route::VisitorInPath => self.erase_of_visitor(&request, email_in_path).await,
        }
    }
}

fn email_in_path(request: &HttpRequest) -> Result<EmailAddress, Refusal> {
    request.path_parameter("email", EmailAddress::parse)
}

fn email_in_body(request: &HttpRequest) -> Result<EmailAddress, Refusal> {
    let mut body = Fields::of_body(request.body())?;
    let email = body.required("email", text(EmailAddress::parse))?;
    body.finish()?;
    Ok(email)
}

/// Describes what the request did. `kept` contains conversations that now name another visitor.
fn describe(is_done: bool, progress: &Progress, kept: &[ConversationId]) -> HttpResponse {
    let mut body = json!({ "done": is_done, "removed": progress.removed() });
    if let (Some(body), false) = (body.as_object_mut(), kept.is_empty()) {
        body.insert(
            "kept".to_owned(),
            Value::from_iter(kept.iter().take(KEPT_AT_MOST).map(ConversationId::as_str)),
        );
    }
    if is_done {
        HttpResponse::ok(body)
    } else {
        HttpResponse::accepted(body)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use lambda::http::ResponseBudget;

    use super::*;

    #[test]
    fn any_number_of_kept_conversations_fits_into_a_response() {
        let kept = ConversationId::parse(&"x".repeat(128)).unwrap();
        let kept = vec![kept; 2 * KEPT_AT_MOST];
        let response = describe(true, &Progress::within(Duration::ZERO), &kept);
        assert!(ResponseBudget::of_body().take(response.body_text()));
        assert_eq!(response.body_text().matches("xx\"").count(), KEPT_AT_MOST);
    }
}
