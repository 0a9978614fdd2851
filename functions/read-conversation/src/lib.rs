//! `GET /v1/conversations/{conversation_id}`: returns a conversation for the inbox, with its
//! thread, its rating, its transcripts and the actions of the sidebar. All parts are read
//! concurrently.

mod actions;
mod cursor;
mod read;
mod thread;
mod transcripts;

use std::ops::Not;

use aws::{Environment, EnvironmentError};
use domain::{
    AgentId, Comment, ConversationId, InvalidValue, OrganisationId, Score, Sentiment, Timestamp,
    VisitorAskInterval,
};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpHandler, HttpRequest, HttpResponse, TenantResolver};
use lambda::settings;
use serde::Serialize;
use serde_json::value::RawValue;
use store::{ConversationBody, ConversationItem};

use crate::actions::Actions;
use crate::cursor::Cursor;

/// The `read-conversation` function.
#[derive(Clone, Debug)]
pub struct ReadConversation {
    table: Table,
    tenants: TenantResolver,
    visitor_interval: VisitorAskInterval,
}

/// A decoded request of the inbox.
#[derive(Debug)]
struct Reading {
    organisation: OrganisationId,
    conversation: ConversationId,
    agent: AgentId,
    cursor: Option<Cursor>,
    limit: u16,
    now: Timestamp,
}

/// The response body: a conversation for the inbox.
#[derive(Serialize)]
struct ReadingBody<'a> {
    conversation: ConversationBody,
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
    rated_at: Timestamp,
    agent_id: &'a AgentId,
}

impl ReadConversation {
    /// Creates the function from environment variables.
    ///
    /// # Errors
    /// If a variable is missing or invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            visitor_interval: settings::visitor_ask_interval(environment)?,
        })
    }

    fn decode(&self, request: &HttpRequest) -> Result<Reading, Refusal> {
        let caller = self.tenants.agent_caller(request)?;
        Ok(Reading {
            conversation: request.path_parameter("conversation_id", ConversationId::parse)?,
            agent: caller.own().id.clone(),
            organisation: caller.organisation,
            cursor: request.query_parameter("cursor", Cursor::parse)?,
            limit: request.query_parameter("limit", read_limit)?.unwrap_or(100),
            now: request.now(),
        })
    }
}

impl HttpHandler for ReadConversation {
    type Route = ();

    const ROUTES: &'static [(&'static str, ())] =
        &[("GET /v1/conversations/{conversation_id}", ())];

    async fn handle(&self, (): (), request: HttpRequest) -> Result<HttpResponse, Failure> {
        let reading = self.decode(&request)?;
        let parts = self.read(&reading).await?;
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
            conversation: ConversationBody::new(reading.conversation, &conversation),
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

fn read_limit(text: &str) -> Result<u16, InvalidValue> {
    text.parse()
        .ok()
        .filter(|limit| (1..=500).contains(limit))
        .ok_or_else(|| InvalidValue::new("must be a whole number from 1 to 500"))
}

fn describe_rating(conversation: &ConversationItem) -> Option<RatingBody<'_>> {
    let rating = conversation.rating.as_ref()?;
    Some(RatingBody {
        score: rating.score,
        sentiment: rating.score.sentiment(),
        comment: rating.comment.as_ref(),
        rated_at: rating.rated_at,
        agent_id: conversation.rating_agent_id.as_ref()?,
    })
}
