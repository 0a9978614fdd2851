//! Posts each message once, even if the response of the platform is lost.

use std::time::Duration;

use aws::deadline::time_left;
use domain::{MessageId, Timestamp};
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, TransactOutcome, WriteOutcome, delete_if, number, put_with_ttl,
    read_item, string, transact_item, update_if,
};
use errors::Fault;
use lambda::events::EventOutcome;
use store::{ConversationUpdate, PlatformPostItem, transact_in_conversation};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::out_of_reach::OutOfReach;
use crate::post::Post;

/// The time that a call to the platform and the record of its outcome may take.
const TIME_TO_POST: Duration = Duration::from_secs(15);

/// How long an attempt may still be in progress: the function's timeout.
const ATTEMPT_SECONDS: i64 = 60;

/// The outcome of posting a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostOutcome {
    /// It was posted.
    Posted,
    /// It was posted before.
    PostedBefore,
    /// It was not posted, because the connection has no bot.
    NoBot,
    /// It was not posted, because the conversation does not exist any more in our table.
    NoConversation,
    /// It was not posted, because the conversation cannot be reached on its platform.
    OutOfReach(OutOfReach),
}

impl PostOutcome {
    /// The outcome of an event that posts one message. It is `applied` if the message was posted now.
    pub(crate) fn into_event(self, applied: &'static str) -> EventOutcome {
        match self {
            Self::Posted => EventOutcome::applied(applied),
            Self::PostedBefore => EventOutcome::unchanged("posted_before"),
            Self::NoBot => EventOutcome::unchanged("no_bot"),
            Self::NoConversation => EventOutcome::unchanged("no_conversation"),
            Self::OutOfReach(reason) => reason.into_event(),
        }
    }
}

/// What an earlier attempt left.
enum PostAttempt {
    /// No attempt was made before.
    First,
    /// The message was posted.
    Posted,
    /// An attempt did not end.
    Interrupted,
    /// The conversation does not exist any more.
    Gone,
}

impl CallPlatform {
    /// Posts `post` as the bot of the connection.
    ///
    /// The attempt is stored before the message is posted. If an attempt did not end, the message is looked
    /// for on the platform before it is posted again.
    pub(crate) async fn post_once(
        &self,
        connected: &ConnectedConversation,
        post: Post,
    ) -> Result<PostOutcome, Fault> {
        let on_platform = &connected.on_platform;
        if !on_platform.can_post() {
            return Ok(PostOutcome::NoBot);
        }
        let posted = match self.begin_post(connected, &post.marker).await? {
            PostAttempt::Posted => return Ok(PostOutcome::PostedBefore),
            PostAttempt::Gone => return Ok(PostOutcome::NoConversation),
            PostAttempt::First => None,
            PostAttempt::Interrupted => match on_platform.find_post(&post.marker).await {
                Ok(found) => found,
                Err(error) => {
                    let reason = self.classify_failure(connected, error).await?;
                    return Ok(PostOutcome::OutOfReach(reason));
                }
            },
        };
        if posted.is_none() && time_left() < TIME_TO_POST {
            return Err(Fault::contended(
                "too little time is left to post a message",
            ));
        }
        let (message_id, outcome) = match posted {
            Some(message_id) => (message_id, PostOutcome::PostedBefore),
            None => match on_platform.post(&post).await {
                Ok(message_id) => (message_id, PostOutcome::Posted),
                Err(error) => {
                    if !error.may_have_posted {
                        self.remove_post(connected, &post.marker).await?;
                    }
                    let reason = self.classify_failure(connected, error).await?;
                    return Ok(PostOutcome::OutOfReach(reason));
                }
            },
        };
        self.record_posted(connected, &post.marker, &message_id)
            .await?;
        Ok(outcome)
    }

    /// The post with this marker; `None` if this project did not begin to post it.
    pub(crate) async fn get_post_item(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
    ) -> Result<Option<PlatformPostItem>, Fault> {
        let key = connected.post_key(marker);
        self.table.get(key).await
    }

    /// Removes an attempt that certainly posted nothing, so that the next one need not look for the message.
    async fn remove_post(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
    ) -> Result<(), Fault> {
        let key = connected.post_key(marker);
        let delete = self
            .table
            .delete(key)
            .condition_expression("attribute_not_exists(message_id)");
        delete_if(&self.table, delete).await.map(|_| ())
    }

    /// Records that the visitor's choice of `value` in a post, as it was read now, is the rating.
    ///
    /// # Errors
    /// If DynamoDB fails, or a later choice was recorded first. It is then not known which of both is the rating, so
    /// the next read records its choice in any case.
    pub(crate) async fn record_answered(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
        value: &str,
    ) -> Result<(), Fault> {
        let key = connected.post_key(marker);
        let update = self
            .table
            .update(key)
            .update_expression("SET answer = :value, answer_read_at = :read_at")
            // An erasure may have deleted it.
            .condition_expression(
                "attribute_exists(pk) \
                 AND (attribute_not_exists(answer_read_at) OR answer_read_at <= :read_at)",
            )
            .expression_attribute_values(":value", string(value))
            .expression_attribute_values(":read_at", string(connected.now));
        match update_if(&self.table, update).await? {
            WriteOutcome::Written(_) | WriteOutcome::Refused(None) => Ok(()),
            WriteOutcome::Refused(Some(_)) => self.forget_answer(connected, marker).await,
        }
    }

    async fn forget_answer(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
    ) -> Result<(), Fault> {
        let update = self
            .table
            .update(connected.post_key(marker))
            .update_expression("REMOVE answer, answer_read_at")
            .condition_expression("attribute_exists(pk)");
        update_if(&self.table, update).await?;
        Err(Fault::contended("two answers were recorded at once"))
    }

    /// Stores that an attempt begins.
    async fn begin_post(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
    ) -> Result<PostAttempt, Fault> {
        let key = connected.post_key(marker);
        let now = connected.now;
        let item = PlatformPostItem {
            message_id: None,
            answer: None,
            answer_read_at: None,
            started_at: now,
        };
        let put = put_with_ttl(&self.table, key.clone(), &item, now)?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(now.epoch_seconds()));
        let begun = transact_in_conversation(
            &self.table,
            connected.conversation_ref(),
            ConversationUpdate::default(),
            [transact_item(put)?],
        );
        let refused = match begun.await? {
            TransactOutcome::Committed => return Ok(PostAttempt::First),
            TransactOutcome::Unknown(fault) => return Err(fault),
            TransactOutcome::Refused(refused) => refused,
        };
        let [post] = refused.others;
        if let ItemOutcome::Failed(Some(existing)) = post {
            let existing: PlatformPostItem = read_item(existing)?;
            return match existing.message_id {
                Some(_) => Ok(PostAttempt::Posted),
                None => {
                    self.restart_post(connected, marker, existing.started_at)
                        .await
                }
            };
        }
        if matches!(refused.conversation, ItemOutcome::Failed(_)) {
            return Ok(PostAttempt::Gone);
        }
        Err(Fault::contended(
            "the start of a post conflicted with other writes in every attempt",
        ))
    }

    /// Takes over an attempt that did not end.
    async fn restart_post(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
        started_at: Timestamp,
    ) -> Result<PostAttempt, Fault> {
        if connected.now < started_at.plus_seconds(ATTEMPT_SECONDS) {
            return Err(Fault::contended(
                "another attempt to post the message may be in progress",
            ));
        }
        let key = connected.post_key(marker);
        let update = self
            .table
            .update(key)
            .update_expression("SET started_at = :now")
            .condition_expression("started_at = :started_at AND attribute_not_exists(message_id)")
            .expression_attribute_values(":now", string(connected.now))
            .expression_attribute_values(":started_at", string(started_at));
        match update_if(&self.table, update).await? {
            WriteOutcome::Written(_) => Ok(PostAttempt::Interrupted),
            WriteOutcome::Refused(_) => Err(Fault::contended("another attempt posts the message")),
        }
    }

    async fn record_posted(
        &self,
        connected: &ConnectedConversation,
        marker: &str,
        message_id: &MessageId,
    ) -> Result<(), Fault> {
        let key = connected.post_key(marker);
        let update = self
            .table
            .update(key)
            .update_expression("SET message_id = :message_id")
            // An erasure may have deleted it.
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":message_id", string(message_id));
        update_if(&self.table, update).await.map(|_| ())
    }
}
