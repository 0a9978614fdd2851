//! Records the face that the visitor chose, and thanks for it.

use domain::{RatingRequestId, Score};
use dynamodb::get_unexpired;
use errors::Fault;
use lambda::events::EventOutcome;
use lambda::random;
use platform_recordings::PromptAnswer;
use platform_store::create_task;
use rating_answers::{
    AnswerOutcome, Submission, TokenSecret, VisitorCredential, answer_rating_request,
};
use store::{PlatformTask, PlatformTaskItem, RatingRequestItem, get_conversation};

use crate::CallPlatform;
use crate::ask::derived_id;
use crate::connected_conversation::{ConnectedConversation, visitor_language};
use crate::post::Post;

/// How an answer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoundBy {
    /// By an event about its prompt, so the visitor has just chosen it.
    Event,
    /// By a read of the whole conversation, so the visitor may have chosen it at any time.
    Thread,
}

impl CallPlatform {
    /// Records an answer to a prompt that this project posted, and requests the thanks. An answer that
    /// does not count is ignored: the request is not the current one, or the rating can no longer be changed.
    pub(crate) async fn record_answer(
        &self,
        connected: &ConnectedConversation,
        answer: &PromptAnswer,
        found_by: FoundBy,
    ) -> Result<(), Fault> {
        let score = answer.values.last().and_then(|value| read_score(value));
        let (Some(score), Ok(id)) = (score, RatingRequestId::parse(&answer.prompt)) else {
            return Ok(());
        };
        let Some(post) = self.get_post_item(connected, &answer.prompt).await? else {
            return Ok(());
        };
        let is_own = match &post.message_id {
            Some(message_id) => *message_id == answer.message_id,
            // The response to the post was lost. A teammate can copy the prompt, but cannot post it as the bot.
            None => answer.is_of_bot,
        };
        let chosen = score.get().to_string();
        let is_older = post.answer_read_at.is_some_and(|at| at > connected.now);
        if !is_own || is_older {
            return Ok(());
        }
        // What was recorded before may have been changed on the page `/rate` since.
        if post.answer.as_ref() == Some(&chosen) {
            return match found_by {
                // Another choice in between may have been read, and not be recorded yet.
                FoundBy::Event => {
                    self.record_answered(connected, &answer.prompt, &chosen)
                        .await
                }
                FoundBy::Thread => Ok(()),
            };
        }
        let read_at = match found_by {
            // It may be older than a rating on the page `/rate`.
            FoundBy::Thread if post.answer.is_none() => post.started_at,
            FoundBy::Thread | FoundBy::Event => connected.now,
        };
        let conversation = get_conversation(&self.table, connected.conversation_ref()).await?;
        let Some(conversation) = conversation else {
            return Ok(());
        };
        let submission = Submission {
            credential: VisitorCredential {
                organisation: connected.organisation.clone(),
                conversation: connected.conversation.clone(),
                secret: TokenSecret::Widget(conversation.visitor_secret.clone()),
            },
            rating_request_id: id.clone(),
            score,
            comment: None,
            reasons: None,
            change_id: random::unique_id(),
            read_at: Some(read_at),
            now: connected.now,
        };
        let outcome = answer_rating_request(&self.table, &submission).await?;
        let recorded = match outcome {
            AnswerOutcome::First(recorded)
            | AnswerOutcome::Changed(recorded)
            | AnswerOutcome::Unchanged(recorded) => recorded.score,
            _ => return Ok(()),
        };
        // A later answer was recorded first.
        if recorded != score {
            return Ok(());
        }
        self.request_thanks(connected, id).await?;
        self.record_answered(connected, &answer.prompt, &chosen)
            .await
    }

    /// Creates the task to thank the visitor, once. The thanks are not posted here, because whoever waits for the
    /// conversation to be read must not wait for a post.
    async fn request_thanks(
        &self,
        connected: &ConnectedConversation,
        rating_request_id: RatingRequestId,
    ) -> Result<(), Fault> {
        let id = derived_id("thanks", connected, rating_request_id.as_str());
        let task = PlatformTask::Thank { rating_request_id };
        let connection_id = connected.connection_id.clone();
        let task = PlatformTaskItem::new(connected.platform, connection_id, task, connected.now);
        let conversation = connected.conversation_ref();
        create_task(&self.table, conversation, &id.to_string(), &task).await?;
        Ok(())
    }

    /// Thanks the visitor once, with a link to the page for a comment.
    pub(crate) async fn thank(
        &self,
        connected: &ConnectedConversation,
        id: &RatingRequestId,
    ) -> Result<EventOutcome, Fault> {
        let request_key = connected.request_key(id);
        let (conversation, request, settings) = tokio::try_join!(
            get_conversation(&self.table, connected.conversation_ref()),
            get_unexpired::<RatingRequestItem>(&self.table, request_key, connected.now),
            self.read_settings(connected),
        )?;
        let (Some(conversation), Some(request)) = (conversation, request) else {
            return Ok(EventOutcome::unchanged("no_rating_request"));
        };
        let prompt = settings.prompt(visitor_language(&conversation, &settings));
        let mut content = prompt.thanks().to_owned();
        if let Some(token) = self.add_link(connected, &request).await? {
            let url = token.comment_url(&self.link_origin);
            content = format!("{content}\n\n[{}]({url})", prompt.comment_label());
        }
        let thanks = Post {
            content,
            is_private: false,
            marker: format!("{id}-thanks"),
            choices: Vec::new(),
        };
        let posted = self.post_once(connected, thanks).await?;
        Ok(posted.into_event("thanks_posted"))
    }
}

fn read_score(value: &str) -> Option<Score> {
    Score::parse(value.trim().parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_from_1_to_5_is_a_score() {
        for (value, expected) in [
            ("1", Some(1)),
            (" 5 ", Some(5)),
            ("0", None),
            ("6", None),
            ("4.5", None),
            ("-1", None),
            ("Great", None),
            ("", None),
        ] {
            let score = read_score(value).map(|score| u64::from(score.get()));
            assert_eq!(score, expected, "{value:?}");
        }
    }
}
