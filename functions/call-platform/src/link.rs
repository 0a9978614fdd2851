use domain::MailLinkToken;
use dynamodb::{WriteOutcome, attribute, read_item, update_if};
use errors::Fault;
use lambda::random;
use store::{MailLink, RatingRequestItem, key};

use crate::CallPlatform;
use crate::opened_conversation::OpenedConversation;

impl CallPlatform {
    /// The token of the request's link to the page `/rate`. A request without a link gets one. Returns `None`
    /// if the link has expired.
    ///
    /// The request is marked as if the settings' mail had made the link: the mail with the faces is still
    /// sent, with the same link.
    pub(crate) async fn add_link(
        &self,
        opened: &OpenedConversation,
        request: &RatingRequestItem,
    ) -> Result<Option<MailLinkToken>, Fault> {
        let link = match &request.link {
            Some(link) => Some(link.clone()),
            None => self.write_link(opened, request).await?,
        };
        let link = link.filter(|link| link.expires_at > opened.now);
        Ok(link.map(|link| MailLinkToken {
            organisation: opened.organisation.clone(),
            conversation: opened.conversation.clone(),
            request: request.rating_request_id.clone(),
            secret: link.secret,
        }))
    }

    async fn write_link(
        &self,
        opened: &OpenedConversation,
        request: &RatingRequestItem,
    ) -> Result<Option<MailLink>, Fault> {
        let link = MailLink::new(random::visitor_secret(), opened.now);
        let id = &request.rating_request_id;
        let key = key::rating_request(&opened.organisation, &opened.conversation, id);
        let update = self
            .table
            .update(key)
            .update_expression("SET #link = :link, is_mailed_by_rule = :true")
            .condition_expression("attribute_exists(request_id) AND attribute_not_exists(#link)")
            .expression_attribute_names("#link", "link")
            .expression_attribute_values(":link", attribute(&link)?)
            .expression_attribute_values(":true", attribute(&true)?);
        match update_if(&self.table, update).await? {
            WriteOutcome::Written(_) => Ok(Some(link)),
            WriteOutcome::Refused(existing) => {
                let existing: Option<RatingRequestItem> = existing.map(read_item).transpose()?;
                Ok(existing.and_then(|existing| existing.link))
            }
        }
    }
}
