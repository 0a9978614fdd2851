use domain::MailLinkToken;
use dynamodb::{ItemOutcome, TransactOutcome, attribute, read_item, transact_item};
use errors::Fault;
use lambda::random;
use store::{ConversationUpdate, MailLink, RatingRequestItem, transact_in_conversation};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;

impl CallPlatform {
    /// The token of the request's link to the page `/rate`. A request without a link gets one. Returns `None`
    /// if the link has expired.
    ///
    /// The request is marked as if the settings' mail had made the link: the mail with the faces is still
    /// sent, with the same link.
    pub(crate) async fn add_link(
        &self,
        connected: &ConnectedConversation,
        request: &RatingRequestItem,
    ) -> Result<Option<MailLinkToken>, Fault> {
        let link = match &request.link {
            Some(link) => Some(link.clone()),
            None => self.write_link(connected, request).await?,
        };
        let link = link.filter(|link| link.expires_at > connected.now);
        Ok(link.map(|link| MailLinkToken {
            organisation: connected.organisation.clone(),
            conversation: connected.conversation.clone(),
            request: request.rating_request_id.clone(),
            secret: link.secret,
        }))
    }

    async fn write_link(
        &self,
        connected: &ConnectedConversation,
        request: &RatingRequestItem,
    ) -> Result<Option<MailLink>, Fault> {
        let link = MailLink::new(random::visitor_secret(), connected.now);
        let key = connected.request_key(&request.rating_request_id);
        let update = self
            .table
            .update(key)
            .update_expression("SET #link = :link, is_mailed_by_rule = :true")
            .condition_expression("attribute_exists(request_id) AND attribute_not_exists(#link)")
            .expression_attribute_names("#link", "link")
            .expression_attribute_values(":link", attribute(&link)?)
            .expression_attribute_values(":true", attribute(&true)?);
        let written = transact_in_conversation(
            &self.table,
            connected.conversation_ref(),
            ConversationUpdate::default(),
            [transact_item(update)?],
        );
        let refused = match written.await? {
            TransactOutcome::Committed => return Ok(Some(link)),
            TransactOutcome::Unknown(fault) => return Err(fault),
            TransactOutcome::Refused(refused) => refused,
        };
        let [request] = refused.others;
        match request {
            ItemOutcome::Failed(existing) => {
                let existing: Option<RatingRequestItem> = existing.map(read_item).transpose()?;
                Ok(existing.and_then(|existing| existing.link))
            }
            _ => Ok(None),
        }
    }
}
