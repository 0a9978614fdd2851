//! The rating request whose faces are mailed.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamodb::{NOT_EXPIRED, Table, TransactWriteItem, attribute, number, string, transact_item};
use errors::Fault;
use store::{ConversationItem, ConversationUpdate};

use crate::request::{RatingMail, TranscriptRequest};

/// Holds if no transcript contained the links of the rating request.
const LINK_NOT_MAILED: &str = "(attribute_exists(unmailed) OR attribute_exists(is_mailed_by_rule))";

/// Stores the credential of the links on the rating request. The condition is that the request can still
/// be answered and that no transcript contained other links, or these.
pub(crate) fn link_request(
    table: &Table,
    request: &TranscriptRequest,
    mail: &RatingMail,
) -> Result<TransactWriteItem, Fault> {
    transact_item(
        table
            .update(request.rating_request_key(&mail.rating_request_id))
            .update_expression(
                "SET link = :link, is_mailed_by_rule = :true REMOVE unmailed, announcement",
            )
            .condition_expression(format!(
                "attribute_exists(request_id) AND attribute_not_exists(answer) AND {NOT_EXPIRED} \
                 AND (attribute_not_exists(answerable_until) OR answerable_until > :now) \
                 AND (attribute_not_exists(link) OR ({LINK_NOT_MAILED} \
                 AND (link.secret = :secret OR link.expires_at <= :moment)))"
            ))
            .expression_attribute_values(":link", attribute(&mail.link)?)
            .expression_attribute_values(":secret", attribute(&mail.link.secret)?)
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":moment", string(request.now))
            .expression_attribute_values(":now", number(request.now.epoch_seconds())),
    )
}

/// Requires that the rating request is the conversation's current one and was not withdrawn.
pub(crate) fn require_current(
    conversation: ConversationUpdate,
    mail: &RatingMail,
) -> ConversationUpdate {
    conversation
        .require("current_request.id = :mailed_request")
        .value(":mailed_request", string(&mail.rating_request_id))
        .require("attribute_not_exists(current_request.withdrawn_at)")
}

/// Whether `conversation` meets [`require_current`]. It does if no rating request is mailed.
pub(crate) fn is_current(request: &TranscriptRequest, conversation: &ConversationItem) -> bool {
    let Some(mail) = &request.rating_mail else {
        return true;
    };
    conversation
        .current_request
        .as_ref()
        .is_some_and(|current| {
            current.id == mail.rating_request_id && current.withdrawn_at.is_none()
        })
}
