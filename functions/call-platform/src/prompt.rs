//! Posts the question with the five faces.

use domain::{AskedBy, FACES, MailLinkToken, PersonName, RatingRequestId};
use dynamodb::get_unexpired;
use errors::Fault;
use lambda::events::EventOutcome;
use settings::Settings;
use store::{ConversationItem, RatingRequestItem, get_conversation};

use crate::CallPlatform;
use crate::ask::{no_bot, refuse_beside_survey};
use crate::connected_conversation::{ConnectedConversation, visitor_language};
use crate::notes;
use crate::post::Post;
use crate::post_once::PostOutcome;

impl CallPlatform {
    /// Posts the question of a rating request, and a note for the teammates. Does nothing if the request
    /// cannot be answered any more. While a survey of the platform's own is open, a note says so instead.
    pub(crate) async fn post_prompt(
        &self,
        connected: &ConnectedConversation,
        id: &RatingRequestId,
    ) -> Result<EventOutcome, Fault> {
        let now = connected.now;
        let request_key = connected.request_key(id);
        let (conversation, request, settings) = tokio::try_join!(
            get_conversation(&self.table, connected.conversation_ref()),
            get_unexpired::<RatingRequestItem>(&self.table, request_key, now),
            self.read_settings(connected),
        )?;
        let (Some(conversation), Some(request)) = (conversation, request) else {
            return Ok(EventOutcome::unchanged("no_rating_request"));
        };
        let open = conversation.open_request(now);
        if request.answer.is_some() || open.is_none_or(|open| open.id != *id) {
            return Ok(EventOutcome::unchanged("not_answerable"));
        }
        if !connected.on_platform.can_post() {
            return match request.is_in_transcript() {
                true => Ok(EventOutcome::unchanged("no_bot")),
                false => Err(no_bot()),
            };
        }
        let survey_closes_at = match self.find_open_survey(connected).await? {
            Ok(closes_at) => closes_at,
            Err(reason) => return reason.require_visible(),
        };
        if let Some(closes_at) = survey_closes_at {
            self.record_survey(connected, id, closes_at).await?;
            let refusal = refuse_beside_survey(connected.platform, closes_at);
            return self
                .note_not_asked(connected, &request.agent, &refusal)
                .await;
        }
        let link = self.add_link(connected, &request).await?;
        let links = link.map(|token| face_links(&self.link_origin, &token));
        let prompt = prompt(&conversation, &request, &settings, links);
        let posted = self.post_once(connected, prompt).await?;
        match posted {
            PostOutcome::Posted | PostOutcome::PostedBefore => {}
            PostOutcome::OutOfReach(reason) => return reason.require_visible(),
            PostOutcome::NoBot | PostOutcome::NoConversation => {
                return Ok(posted.into_event("prompt_posted"));
            }
        }
        let note = match request.asked_by {
            AskedBy::Agent => notes::asked(&request.agent),
            AskedBy::Rule => notes::asked_by_rule(),
        };
        self.post_once(connected, Post::note(format!("{id}-note"), note))
            .await?;
        Ok(posted.into_event("prompt_posted"))
    }
}

/// Links to the five faces, in Markdown.
fn face_links(origin: &str, token: &MailLinkToken) -> String {
    let links =
        FACES.map(|face| format!("[{}]({})", face.emoji, token.rate_url(origin, face.score)));
    links.join(" ")
}

/// The question with the faces. `links` are links to the same faces, for channels that show no choices.
fn prompt(
    conversation: &ConversationItem,
    request: &RatingRequestItem,
    settings: &Settings,
    links: Option<String>,
) -> Post {
    let prompt = settings.prompt(visitor_language(conversation, settings));
    let agent_name = request.agent.name.as_ref().map(PersonName::as_str);
    let question = prompt.question(agent_name);
    let faces = FACES.into_iter().zip(prompt.faces());
    Post {
        content: match links {
            Some(links) => format!("{question}\n\n{links}"),
            None => question,
        },
        is_private: false,
        marker: request.rating_request_id.to_string(),
        choices: faces
            .map(|(face, label)| {
                let title = format!("{} {label}", face.emoji);
                (title, face.score.get().to_string())
            })
            .collect(),
    }
}
