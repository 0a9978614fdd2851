//! Records the face that the visitor chose.

use chatwoot::PromptAnswer;
use domain::{RatingRequestId, Score};
use dynamodb::get_unexpired;
use errors::{Fault, FaultCode};
use lambda::random;
use rating_answers::{
    AnswerOutcome, Submission, TokenSecret, VisitorCredential, answer_rating_request,
};
use store::{ConversationItem, RatingRequestItem, get_conversation};

use crate::CallPlatform;
use crate::connected_conversation::{ConnectedConversation, visitor_language};
use crate::post_once::Post;

impl CallPlatform {
    /// Records an answer to a prompt that this project posted, and thanks the visitor once. An answer that
    /// does not count is ignored: the request is not the current one, or the rating can no longer be changed.
    pub(crate) async fn record_answer(
        &self,
        connected: &ConnectedConversation,
        answer: &PromptAnswer,
    ) -> Result<(), Fault> {
        let score = answer.values.last().and_then(|value| read_score(value));
        let (Some(score), Ok(id)) = (score, RatingRequestId::parse(&answer.prompt)) else {
            return Ok(());
        };
        let Some(post) = self.find_post(connected, &answer.prompt).await? else {
            return Ok(());
        };
        let Some(message_id) = post.message_id else {
            // The prompt is on the platform, and the attempt that posted it has not recorded that yet.
            let cause = "the post of an answered prompt is not recorded yet";
            return Err(Fault::new(FaultCode::PlatformUnavailable, cause));
        };
        let chosen = score.get().to_string();
        // What was recorded before may have been changed on the page `/rate` since.
        if message_id.to_string() != answer.message_id.as_str()
            || post.answer == Some(chosen.clone())
        {
            return Ok(());
        }
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
            now: connected.now,
        };
        match answer_rating_request(&self.table, &submission).await? {
            AnswerOutcome::First(_) | AnswerOutcome::Changed(_) | AnswerOutcome::Unchanged(_) => {}
            _ => return Ok(()),
        }
        self.thank(connected, &conversation, &id, score).await?;
        self.record_answered(connected, &answer.prompt, &chosen)
            .await
    }

    /// Thanks the visitor once, with a link to the page for a comment.
    async fn thank(
        &self,
        connected: &ConnectedConversation,
        conversation: &ConversationItem,
        id: &RatingRequestId,
        score: Score,
    ) -> Result<(), Fault> {
        let settings = self.read_settings(connected).await?;
        let prompt = settings.prompt(visitor_language(conversation, &settings));
        let request_key = connected.request_key(id);
        let request = get_unexpired::<RatingRequestItem>(&self.table, request_key, connected.now);
        let link = match request.await? {
            Some(request) => self.add_link(connected, &request).await?,
            None => None,
        };
        let mut content = prompt.thanks().to_owned();
        if let Some(token) = link {
            let url = token.rate_url(&self.link_origin, score);
            content = format!("{content}\n\n[{}]({url})", prompt.comment_label());
        }
        let thanks = Post {
            content,
            is_private: false,
            marker: format!("{id}-thanks"),
            choices: Vec::new(),
        };
        self.post_once(connected, thanks).await.map(|_| ())
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
