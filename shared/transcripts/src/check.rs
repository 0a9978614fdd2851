//! The checks of a transcript that do not need its thread.

use std::sync::Arc;

use domain::{EmailAddress, InvalidValue, TimeZoneName};
use dynamodb::{Batch, Table};
use errors::{Failure, Fault, Refusal, RefusalCode};
use settings::Settings;
use settings_cache::{SettingsCache, note_unreadable};
use store::{
    ConversationItem, ConversationSnapshot, QuotaItem, SenderItem, StoredConversation,
    TranscriptItem, Verification, VisitorQuotaItem, key,
};
use transcript_mail::MailLanguage;

use crate::earlier_request::EarlierRequest;
use crate::limits::{conversation_limit, visitor_limit};
use crate::refusals::{
    refuse_conversation, refuse_sender, refuse_until_reset, refuse_without_recipient,
};
use crate::request::{Purpose, RequestedBy, TranscriptRequest};
use crate::stack_parameters::StackParameters;

/// Why the first step ends before the thread is read completely.
pub(crate) enum Stop {
    EarlierRequest(EarlierRequest),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The recipient, and what else a transcript needs besides its messages.
pub(crate) struct Recipient {
    pub(crate) to: EmailAddress,
    pub(crate) time_zone: Option<TimeZoneName>,
    pub(crate) language: MailLanguage,
    pub(crate) own_settings: Arc<Settings>,
    pub(crate) snapshot: ConversationSnapshot,
}

/// The items from which a request is checked.
struct ItemsToCheck {
    /// A transcript with the idempotency key of the request.
    earlier_request: Option<TranscriptItem>,
    conversation: Option<ConversationItem>,
    sender: Option<SenderItem>,
    quota: Option<QuotaItem>,
    /// Only of a visitor who requests the transcript.
    visitor_quota: Option<VisitorQuotaItem>,
    own_settings: Arc<Settings>,
}

/// Reads and checks everything except the thread.
pub(crate) async fn check(
    table: &Table,
    stack: &StackParameters,
    settings: &SettingsCache,
    request: &TranscriptRequest,
) -> Result<Recipient, Stop> {
    let ItemsToCheck {
        earlier_request,
        conversation,
        sender,
        quota,
        visitor_quota,
        own_settings,
    } = read_items(table, settings, request).await?;
    let conversation = conversation.ok_or_else(|| refuse_conversation(request.requested_by))?;
    if let Some(existing) = earlier_request {
        return Err(Stop::EarlierRequest(EarlierRequest::of(request, existing)));
    }
    let to = choose_recipient(
        request.payload.to.as_ref(),
        conversation.visitor_email.as_ref(),
        stack.allows_other_recipients,
    )?
    .ok_or_else(|| refuse_without_recipient(request.requested_by))?;
    if request.rating_request.is_some() {
        check_recipient_is_visitor(&to, conversation.visitor_email.as_ref())?;
    }
    if sender.is_none_or(|sender| sender.verification != Verification::Verified) {
        return Err(refuse_sender(request.requested_by).into());
    }
    // An earlier request under the same idempotency key may have taken the last slot after its
    // transcript was looked up. The reservation detects that.
    let quota = quota.unwrap_or_default();
    if request.purpose == Purpose::Send && quota.has_no_slot_for(&request.id) {
        return Err(refuse_until_reset(conversation_limit(request), request.now).into());
    }
    if let Some(resets_at) = visitor_quota.and_then(|it| it.refused_until(&request.id, request.now))
    {
        return Err(refuse_until_reset(visitor_limit(resets_at), request.now).into());
    }
    // The send is refused if the address changes meanwhile.
    let depends_on_visitor_address = request.payload.to.is_none()
        || request.rating_request.is_some()
        || !stack.allows_other_recipients;
    let languages = [&request.payload.language, &conversation.visitor_language];
    let languages = languages.into_iter().flatten();
    let language = MailLanguage::choose(languages, own_settings.default_language())
        .map_err(|_| Fault::internal("the formats of a language are missing"))?;
    // A rule decided from the thread that it read, so the write must not accept a later one.
    let thread_version = match &request.round {
        Some(round) => round.thread_version.clone(),
        None => conversation.thread_version,
    };
    Ok(Recipient {
        to,
        time_zone: conversation.visitor_time_zone,
        language,
        own_settings,
        snapshot: ConversationSnapshot {
            thread_version,
            visitor_email: conversation
                .visitor_email
                .filter(|_| depends_on_visitor_address),
            round: request.round.clone(),
        },
    })
}

/// Reads the items in one call. Concurrent calls would each open a connection, which makes a cold start
/// slower.
async fn read_items(
    table: &Table,
    settings: &SettingsCache,
    request: &TranscriptRequest,
) -> Result<ItemsToCheck, Fault> {
    let TranscriptRequest {
        organisation, now, ..
    } = request;
    let conversation = request.conversation_ref().key();
    let sender = request.sender_key();
    let quota = request.conversation_quota();
    let transcript = request.is_repeatable().then(|| request.transcript_key());
    let recent = settings.recent(organisation, *now);
    let settings_key = key::settings(organisation);
    let keys = [&conversation, &sender, &quota].into_iter();
    let visitor_quota = match request.requested_by {
        RequestedBy::Visitor => Some(request.visitor_quota()),
        RequestedBy::Agent | RequestedBy::Rule => None,
    };
    let keys = keys.chain(&transcript).chain(&visitor_quota);
    let keys = keys.chain(recent.is_none().then_some(&settings_key));
    let items = Batch::read(table, keys.cloned()).await;
    let mut items = items.inspect_err(|fault| {
        if recent.is_none() {
            note_unreadable(fault);
        }
    })?;
    Ok(ItemsToCheck {
        earlier_request: match &transcript {
            Some(transcript) => items.take_unexpired(transcript, *now)?,
            None => None,
        },
        conversation: StoredConversation::take_from(&mut items, &conversation)?.into_existing(*now),
        sender: items.take(&sender)?,
        quota: items.take(&quota)?,
        visitor_quota: match &visitor_quota {
            Some(quota) => items.take(quota)?,
            None => None,
        },
        own_settings: match recent {
            Some(settings) => settings,
            None => settings.keep(organisation, items.take(&settings_key)?, *now),
        },
    })
}

/// Returns the address in the request, or else the address of the visitor. `None` if there is none.
fn choose_recipient(
    to: Option<&EmailAddress>,
    visitor: Option<&EmailAddress>,
    allows_others: bool,
) -> Result<Option<EmailAddress>, Refusal> {
    match (to, visitor) {
        (None, visitor) => Ok(visitor.cloned()),
        (Some(to), Some(visitor)) if to.is_same_mailbox(visitor) => Ok(Some(to.clone())),
        (Some(to), _) if allows_others => Ok(Some(to.clone())),
        (Some(_), _) => Err(Refusal::new(
            RefusalCode::InvalidRecipient,
            "to must be the visitor's own address.",
        )
        .with_member("field", "to")),
    }
}

/// Checks that the mail goes to the visitor, because anyone who has the links can answer.
fn check_recipient_is_visitor(
    to: &EmailAddress,
    visitor: Option<&EmailAddress>,
) -> Result<(), Refusal> {
    if visitor.is_some_and(|visitor| visitor.is_same_mailbox(to)) {
        return Ok(());
    }
    let rule = InvalidValue::new("is allowed only if the mail goes to the visitor's own address");
    Err(Refusal::invalid_field("ask_for_rating", &rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_goes_to_the_visitor_unless_another_recipient_is_allowed() {
        let ana = EmailAddress::parse("ana@example.org").unwrap();
        let other = EmailAddress::parse("team@example.com").unwrap();
        for (to, visitor, allows_others, expected) in [
            (None, Some(&ana), false, Ok(Some(&ana))),
            (None, None, true, Ok(None)),
            (Some(&ana), Some(&ana), false, Ok(Some(&ana))),
            (Some(&other), Some(&ana), true, Ok(Some(&other))),
            (Some(&other), Some(&ana), false, Err("invalid_recipient")),
            (Some(&other), None, false, Err("invalid_recipient")),
            (Some(&other), None, true, Ok(Some(&other))),
        ] {
            let chosen = choose_recipient(to, visitor, allows_others);
            let chosen = chosen.as_ref().map(Option::as_ref);
            let chosen = chosen.map_err(|refusal| refusal.code().as_str());
            assert_eq!(chosen, expected, "{to:?} {visitor:?} {allows_others}");
        }
    }

    #[test]
    fn a_mail_with_faces_goes_only_to_the_visitor() {
        let ana = EmailAddress::parse("ana@example.org").unwrap();
        let other = EmailAddress::parse("team@example.com").unwrap();
        assert!(check_recipient_is_visitor(&ana, Some(&ana)).is_ok());
        assert!(check_recipient_is_visitor(&other, Some(&ana)).is_err());
        assert!(check_recipient_is_visitor(&ana, None).is_err());
    }
}
