//! `GET /v1/conversations/{conversation_id}`: returns a conversation for the inbox, with its
//! thread, its rating, its transcripts and the actions of the sidebar. All parts are read
//! concurrently.

mod actions;
mod cursor;
mod page_builder;
mod read;
mod reading;
mod thread;
mod transcripts;

use std::ops::Not;

use aws::{Environment, EnvironmentError};
use domain::{AgentId, ChosenReasons, Comment, Score, Sentiment, Timestamp, VisitorAskInterval};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda::settings;
use serde::Serialize;
use serde_json::value::RawValue;
use store::{ConversationItem, ConversationSummary};

use crate::actions::Actions;
use crate::read::read_parts;
use crate::reading::Reading;

/// Reads conversations for the inbox.
#[derive(Clone, Debug)]
pub struct ReadConversation {
    table: Table,
    tenants: TenantResolver,
    visitor_interval: VisitorAskInterval,
}

/// The response body: a conversation for the inbox.
#[derive(Serialize)]
struct ReadingBody<'a> {
    conversation: ConversationSummary,
    rating: Option<RatingBody<'a>>,
    thread: ThreadBody,
    transcripts: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Not::not")]
    has_more_transcripts: bool,
    actions: Actions<'a>,
}

/// One page of the thread.
#[derive(Serialize)]
struct ThreadBody {
    entries: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The newest rating.
#[derive(Serialize)]
struct RatingBody<'a> {
    score: Score,
    sentiment: Sentiment,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a Comment>,
    #[serde(skip_serializing_if = "ChosenReasons::is_empty")]
    reasons: &'a ChosenReasons,
    rated_at: Timestamp,
    agent_id: &'a AgentId,
}

impl ReadConversation {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            visitor_interval: settings::visitor_ask_interval(environment)?,
        })
    }
}

impl HttpHandler for ReadConversation {
    type Route = ();

    const ROUTES: &'static [(&'static str, ())] =
        &[("GET /v1/conversations/{conversation_id}", ())];

    async fn handle(&self, (): (), request: HttpRequest) -> Result<HttpResponse, Failure> {
        let reading = Reading::decode(&request, &self.tenants)?;
        let parts = read_parts(&self.table, self.visitor_interval, &reading).await?;
        let conversation = parts
            .conversation
            .ok_or_else(Refusal::conversation_not_found)?;
        let actions = Actions::offered(
            &conversation,
            &parts.cooldowns,
            &parts.quota,
            &parts.senders,
            reading.now,
        )?;
        Ok(HttpResponse::ok(ReadingBody {
            conversation: ConversationSummary::new(reading.conversation, &conversation),
            rating: describe_rating(&conversation),
            thread: ThreadBody {
                entries: parts.thread.entries,
                next_cursor: parts.thread.next.map(|next| next.to_string()),
            },
            transcripts: parts.transcripts.transcripts,
            has_more_transcripts: parts.transcripts.has_more,
            actions,
        }))
    }
}

fn describe_rating(conversation: &ConversationItem) -> Option<RatingBody<'_>> {
    let rating = conversation.rating.as_ref()?;
    Some(RatingBody {
        score: rating.score,
        sentiment: rating.score.sentiment(),
        comment: rating.comment.as_ref(),
        reasons: &rating.reasons,
        rated_at: rating.rated_at,
        agent_id: conversation.rating_agent_id.as_ref()?,
    })
}
