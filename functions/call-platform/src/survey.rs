//! A survey of the platform's own, beside which the visitor is not asked.

use domain::{RatingRequestId, Timestamp};
use dynamodb::{string, update_if};
use errors::Fault;
use store::get_conversation;

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;
use crate::out_of_reach::OutOfReach;

impl CallPlatform {
    /// Until when a survey of the platform's own is open that the visitor has not answered; `None` if there is none.
    pub(crate) async fn find_open_survey(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<Result<Option<Timestamp>, OutOfReach>, Fault> {
        match connected.on_platform.find_open_survey(connected.now).await {
            Ok(closes_at) => Ok(Ok(closes_at)),
            Err(error) => self.classify_failure(connected, error).await.map(Err),
        }
    }

    /// Records in the open rating request, if there is one, that a survey of the platform's own is open until
    /// `closes_at`.
    pub(crate) async fn record_survey_of_open_request(
        &self,
        connected: &ConnectedConversation,
        closes_at: Timestamp,
    ) -> Result<(), Fault> {
        let conversation = get_conversation(&self.table, connected.conversation_ref()).await?;
        match conversation
            .as_ref()
            .and_then(|it| it.open_request(connected.now))
        {
            Some(open) => self.record_survey(connected, &open.id, closes_at).await,
            None => Ok(()),
        }
    }

    /// Records in the rating request `id` that a survey of the platform's own is open until `closes_at`. The rules then
    /// do not mail the faces.
    pub(crate) async fn record_survey(
        &self,
        connected: &ConnectedConversation,
        id: &RatingRequestId,
        closes_at: Timestamp,
    ) -> Result<(), Fault> {
        let update = self
            .table
            .update(connected.request_key(id))
            .update_expression("SET survey_closes_at = :closes_at")
            // An erasure may have deleted it.
            .condition_expression(
                "attribute_exists(pk) \
                 AND (attribute_not_exists(survey_closes_at) OR survey_closes_at < :closes_at)",
            )
            .expression_attribute_values(":closes_at", string(closes_at));
        update_if(&self.table, update).await.map(|_| ())
    }
}
