//! `POST /v1/conversations/{conversation_id}/rating-requests` creates a rating request: an agent
//! asks the visitor for a rating. Each agent can do so at most once in 7 days in a conversation.

use aws::{Environment, EnvironmentError};
use domain::{ConversationId, ReportTimeZone, VisitorAskInterval};
use dynamodb::Table;
use errors::Failure;
use lambda::http::{
    Fields, HttpHandler, HttpRequest, HttpResponse, TenantResolver, named_agent,
    payload_fingerprint,
};
use lambda::metrics::{self, Counter};
use lambda::{random, settings};
use serde_json::json;
use store::RatingRequestSummary;
use store::rating_request_creation::{
    CreateOutcome, CreatedRequest, NewRatingRequest, create_rating_request,
};

/// Creates rating requests.
#[derive(Clone, Debug)]
pub struct AskRating {
    table: Table,
    tenants: TenantResolver,
    visitor_interval: VisitorAskInterval,
    report_time_zone: ReportTimeZone,
}

impl AskRating {
    /// Creates the handler from environment variables.
    ///
    /// # Errors
    /// If a required variable is missing or a variable is invalid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        Ok(Self {
            table: Table::from_environment(environment)?,
            tenants: TenantResolver::from_environment(environment)?,
            visitor_interval: settings::visitor_ask_interval(environment)?,
            report_time_zone: settings::report_time_zone(environment)?,
        })
    }

    fn decode(&self, request: &HttpRequest) -> Result<NewRatingRequest, Failure> {
        let caller = self.tenants.agent_caller(request)?;
        let conversation = request.path_parameter("conversation_id", ConversationId::parse)?;
        let key = request.idempotency_key()?;
        let mut body = Fields::of_optional_body(request.body())?;
        let named = named_agent(&mut body, "agent")?;
        body.finish()?;
        let payload_fingerprint = key
            .as_ref()
            .map(|_| payload_fingerprint(&named))
            .transpose()?;
        let agent = caller.agent(named)?;
        let id = key.map_or_else(random::unique_id, |key| {
            key.record_id(
                "rating-request",
                &caller.organisation,
                &conversation,
                &agent.id,
            )
        });
        Ok(NewRatingRequest {
            organisation: caller.organisation,
            conversation,
            agent,
            rating_request_id: id.into(),
            payload_fingerprint,
            link: None,
            visitor_interval: self.visitor_interval,
            report_time_zone: self.report_time_zone.clone(),
            snapshot: None,
            round: None,
            details: None,
            now: request.now(),
        })
    }
}

impl HttpHandler for AskRating {
    type Route = ();

    const ROUTES: &'static [(&'static str, ())] = &[(
        "POST /v1/conversations/{conversation_id}/rating-requests",
        (),
    )];

    async fn handle(&self, (): (), request: HttpRequest) -> Result<HttpResponse, Failure> {
        let new_request = self.decode(&request)?;
        let outcome = create_rating_request(&self.table, &new_request).await?;
        if matches!(outcome, CreateOutcome::Created(_)) {
            metrics::count(Counter::Asked);
        }
        let created = outcome.into_request(new_request.now)?;
        Ok(respond(new_request.conversation, &created))
    }
}

/// The response with the rating request. It is marked as a replay if an earlier request with the
/// same idempotency key created the rating request.
fn respond(conversation: ConversationId, created: &CreatedRequest) -> HttpResponse {
    let body = RatingRequestSummary::new(conversation, &created.request);
    let response = HttpResponse::created(json!({ "rating_request": body }));
    if created.is_replay {
        response.replayed()
    } else {
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_gets_the_same_rating_request_marked_as_a_replay() {
        let mut created = CreatedRequest {
            request: serde_json::from_value(json!({
                "request_id": "0a1b",
                "organisation": "main",
                "conversation_id": "c1",
                "agent": { "id": "kim" },
                "channel": "widget",
                "requested_at": "2026-01-05T09:00:00.000Z",
                "report_day": "2026-01-05",
                "ratings_of": "x",
                "next_request_at": "2026-01-12T09:00:00.000Z",
            }))
            .unwrap(),
            is_replay: false,
        };
        let conversation = ConversationId::parse("c1").unwrap();
        let first = respond(conversation.clone(), &created);
        created.is_replay = true;
        let retry = respond(conversation, &created);
        assert_eq!([first.status(), retry.status()], [201, 201]);
        assert!(
            first.body_text().contains("\"id\":\"0a1b\""),
            "{}",
            first.body_text()
        );
        assert_eq!(first.body_text(), retry.body_text());
        assert!(!first.is_replayed());
        assert!(retry.is_replayed());
    }
}
