use lambda::http::HttpResponse;
use serde::Serialize;

/// What was done with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WebhookOutcome {
    /// It was recorded, or a task was created for it.
    Accepted,
    /// Nothing was done, for this reason. A repeat of the event would change nothing.
    Ignored(String),
}

#[derive(Serialize)]
struct EventBody<'a> {
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl WebhookOutcome {
    /// The response: 200 in both cases, because the platform can do nothing about an event that is ignored.
    pub(crate) fn respond(&self) -> HttpResponse {
        HttpResponse::ok(match self {
            Self::Accepted => EventBody {
                accepted: true,
                reason: None,
            },
            Self::Ignored(reason) => EventBody {
                accepted: false,
                reason: Some(reason),
            },
        })
    }
}
