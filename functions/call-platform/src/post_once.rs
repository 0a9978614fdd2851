//! Posts each message once, also if the answer of the platform is lost.

use chatwoot::escape_liquid;
use chatwoot_client::NewPost;
use domain::Timestamp;
use dynamodb::{
    ABSENT_OR_EXPIRED, ItemOutcome, TransactOutcome, number, put_with_ttl, read_item, string,
    transact_item, update_if,
};
use errors::{Fault, FaultCode};
use store::{ConversationUpdate, PlatformPostItem, key, transact_in_conversation};

use crate::opened_conversation::OpenedConversation;
use crate::{CallPlatform, platform_fault};

/// How long an attempt may still be in progress: the function's timeout.
const ATTEMPT_SECONDS: i64 = 60;

/// A message to post.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    /// The text. It may contain words of other people.
    pub(crate) content: String,
    /// Whether only teammates see it.
    pub(crate) is_private: bool,
    /// The id by which it is found on the platform. The same id is posted once.
    pub(crate) marker: String,
    /// The titles and values among which the visitor chooses.
    pub(crate) choices: Vec<(String, String)>,
}

/// What an earlier attempt left.
enum Begun {
    /// No attempt was made before.
    First,
    /// The message was posted.
    Posted,
    /// An attempt did not end.
    Interrupted,
    /// The conversation does not exist any more.
    Gone,
}

impl Post {
    /// A private note for the teammates.
    pub(crate) fn note(marker: String, content: String) -> Self {
        Self {
            content,
            is_private: true,
            marker,
            choices: Vec::new(),
        }
    }
}

impl CallPlatform {
    /// Posts `post` as the bot of the connection. Returns `false` if it was posted before, or if there is no
    /// bot.
    ///
    /// The attempt is stored before the message is posted. If an attempt did not end, the message is looked
    /// for on the platform before it is posted again.
    pub(crate) async fn post_once(
        &self,
        opened: &OpenedConversation,
        post: Post,
    ) -> Result<bool, Fault> {
        let Some(bot_id) = opened.connection.bot_id else {
            return Ok(false);
        };
        let (client, display_id) = (&opened.client, opened.display_id);
        let posted = match self.begin_post(opened, &post.marker).await? {
            Begun::Posted | Begun::Gone => return Ok(false),
            Begun::First => None,
            Begun::Interrupted => {
                let found = client.find_post(display_id, &post.marker).await;
                found.map_err(platform_fault)?
            }
        };
        let is_new = posted.is_none();
        let message_id = match posted {
            Some(message_id) => message_id,
            None => {
                let new = NewPost {
                    content: escape_liquid(&post.content),
                    is_private: post.is_private,
                    marker: post.marker.clone(),
                    choices: post.choices.into_iter().map(escape_choice).collect(),
                    bot_id,
                };
                client
                    .post(display_id, &new)
                    .await
                    .map_err(platform_fault)?
            }
        };
        self.note_posted(opened, &post.marker, message_id).await?;
        Ok(is_new)
    }

    /// The id of the message with this marker on the platform; `None` if this project did not post it.
    pub(crate) async fn posted_message(
        &self,
        opened: &OpenedConversation,
        marker: &str,
    ) -> Result<Option<u64>, Fault> {
        let key = key::platform_post(&opened.organisation, &opened.conversation, marker);
        let post: Option<PlatformPostItem> = self.table.get(key).await?;
        Ok(post.and_then(|post| post.message_id))
    }

    /// Stores that an attempt begins.
    async fn begin_post(&self, opened: &OpenedConversation, marker: &str) -> Result<Begun, Fault> {
        let key = key::platform_post(&opened.organisation, &opened.conversation, marker);
        let now = opened.now;
        let item = PlatformPostItem {
            message_id: None,
            started_at: now,
        };
        let put = put_with_ttl(&self.table, key.clone(), &item, now)?
            .condition_expression(ABSENT_OR_EXPIRED)
            .expression_attribute_values(":now", number(now.epoch_seconds()));
        let begun = transact_in_conversation(
            &self.table,
            opened.conversation_ref(),
            ConversationUpdate::default(),
            [transact_item(put)?],
        );
        let refused = match begun.await? {
            TransactOutcome::Committed => return Ok(Begun::First),
            TransactOutcome::Unknown(fault) => return Err(fault),
            TransactOutcome::Refused(refused) => refused,
        };
        let [post] = refused.others;
        if let ItemOutcome::Failed(Some(existing)) = post {
            let existing: PlatformPostItem = read_item(existing)?;
            return match existing.message_id {
                Some(_) => Ok(Begun::Posted),
                None => self.restart_post(opened, marker, existing.started_at).await,
            };
        }
        if matches!(refused.conversation, ItemOutcome::Failed(_)) {
            return Ok(Begun::Gone);
        }
        Err(Fault::contended(
            "the start of a post conflicted with other writes in every attempt",
        ))
    }

    /// Takes over an attempt that did not end.
    async fn restart_post(
        &self,
        opened: &OpenedConversation,
        marker: &str,
        started_at: Timestamp,
    ) -> Result<Begun, Fault> {
        if opened.now < started_at.plus_seconds(ATTEMPT_SECONDS) {
            let cause = "another attempt to post the message may be in progress";
            return Err(Fault::new(FaultCode::PlatformUnavailable, cause));
        }
        let key = key::platform_post(&opened.organisation, &opened.conversation, marker);
        let update = self
            .table
            .update(key)
            .update_expression("SET started_at = :now")
            .condition_expression("started_at = :started_at AND attribute_not_exists(message_id)")
            .expression_attribute_values(":now", string(opened.now))
            .expression_attribute_values(":started_at", string(started_at));
        match update_if(&self.table, update).await? {
            dynamodb::WriteOutcome::Written(_) => Ok(Begun::Interrupted),
            dynamodb::WriteOutcome::Refused(_) => {
                Err(Fault::contended("another attempt posts the message"))
            }
        }
    }

    async fn note_posted(
        &self,
        opened: &OpenedConversation,
        marker: &str,
        message_id: u64,
    ) -> Result<(), Fault> {
        let message_id = i64::try_from(message_id)
            .map_err(|_| Fault::internal("the id of a posted message is too large"))?;
        let key = key::platform_post(&opened.organisation, &opened.conversation, marker);
        let update = self
            .table
            .update(key)
            .update_expression("SET message_id = :message_id")
            // An erasure may have deleted it.
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":message_id", number(message_id));
        update_if(&self.table, update).await.map(|_| ())
    }
}

fn escape_choice((title, value): (String, String)) -> (String, String) {
    (escape_liquid(&title), value)
}
