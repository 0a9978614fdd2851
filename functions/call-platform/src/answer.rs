//! Records the face that the visitor chose.

use chatwoot::PromptAnswer;
use domain::{RatingRequestId, Score};
use dynamodb::get_unexpired;
use errors::Fault;
use lambda::random;
use rating_answers::{
    AnswerOutcome, Submission, TokenSecret, VisitorCredential, answer_rating_request,
};
use store::{RatingRequestItem, get_conversation, key};

use crate::CallPlatform;
use crate::notes;
use crate::opened_conversation::{OpenedConversation, visitor_language};
use crate::post_once::Post;

impl CallPlatform {
    /// Records an answer to a prompt that this project posted, and thanks the visitor once. An answer that
    /// does not count is ignored: the request is not the current one, or the rating can no longer be changed.
    pub(crate) async fn record_answer(
        &self,
        opened: &OpenedConversation,
        answer: &PromptAnswer,
    ) -> Result<(), Fault> {
        let score = answer.values.last().and_then(|value| read_score(value));
        let (Some(score), Ok(id)) = (score, RatingRequestId::parse(&answer.prompt)) else {
            return Ok(());
        };
        let posted = self.posted_message(opened, &answer.prompt).await?;
        if posted.is_none_or(|posted| posted.to_string() != answer.message_id.as_str()) {
            return Ok(());
        }
        let conversation = get_conversation(&self.table, opened.conversation_ref()).await?;
        let Some(conversation) = conversation else {
            return Ok(());
        };
        let submission = Submission {
            credential: VisitorCredential {
                organisation: opened.organisation.clone(),
                conversation: opened.conversation.clone(),
                secret: TokenSecret::Widget(conversation.visitor_secret.clone()),
            },
            rating_request_id: id.clone(),
            score,
            comment: None,
            reasons: None,
            change_id: random::unique_id(),
            now: opened.now,
        };
        match answer_rating_request(&self.table, &submission).await? {
            AnswerOutcome::First(_) | AnswerOutcome::Changed(_) | AnswerOutcome::Unchanged(_) => {}
            _ => return Ok(()),
        }
        let settings = self
            .settings
            .read(&self.table, &opened.organisation, opened.now);
        let settings = settings.await?;
        let prompt = settings.prompt(visitor_language(&conversation, &settings));
        let request_key = key::rating_request(&opened.organisation, &opened.conversation, &id);
        let request = get_unexpired::<RatingRequestItem>(&self.table, request_key, opened.now);
        let link = match request.await? {
            Some(request) => self.add_link(opened, &request).await?,
            None => None,
        };
        let mut content = prompt.thanks().to_owned();
        if let Some(token) = link {
            let url = notes::rate_url(&self.public_url, &token, score);
            content = format!("{content}\n\n[{}]({url})", prompt.comment_label());
        }
        let thanks = Post {
            content,
            is_private: false,
            marker: format!("{id}-thanks"),
            choices: Vec::new(),
        };
        self.post_once(opened, thanks).await.map(|_| ())
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
