use crate::problem_codes::problem_codes;

problem_codes! {
    /// Every reason for which a request is refused: its stable code, status and title.
    RefusalCode:

    /// The body is not JSON.
    InvalidJson = 400, "invalid_json", "The body is not JSON";
    /// The visitor's token is missing, malformed or not the conversation's.
    InvalidVisitorToken = 401, "invalid_visitor_token", "The visitor token is not valid";
    /// The event of a chat platform has no valid signature.
    InvalidSignature = 401, "invalid_signature", "The signature is not valid";
    /// The agent's token passed the gateway but names no organisation or no agent.
    TokenNotAccepted = 403, "token_not_accepted", "The token is not accepted";
    /// The caller may not act for an agent.
    AgentNotAllowed = 403, "agent_not_allowed", "The caller may not act for an agent";
    /// The organisation does not offer visitors their own transcript.
    TranscriptsNotOffered = 403, "transcripts_not_offered", "Transcripts are not offered to visitors";
    /// The conversation does not exist in the caller's organisation.
    ConversationNotFound = 404, "conversation_not_found", "The conversation was not found";
    /// The rating request does not exist in the visitor's conversation.
    RatingRequestNotFound = 404, "rating_request_not_found", "The rating request was not found";
    /// The sender does not exist in the caller's organisation.
    SenderNotFound = 404, "sender_not_found", "The sender was not found";
    /// The connection does not exist in the caller's organisation.
    ConnectionNotFound = 404, "connection_not_found", "The connection was not found";
    /// No connection has a hook with this key.
    HookNotFound = 404, "hook_not_found", "The hook was not found";
    /// The file does not exist.
    FileNotFound = 404, "file_not_found", "The file was not found";
    /// Visitors on this channel cannot be asked.
    ChannelNotSupported = 409, "channel_not_supported", "The channel does not support ratings";
    /// The rating may no longer be changed.
    RatingClosed = 409, "rating_closed", "The rating can no longer be changed";
    /// Someone asked the visitor within the stack's interval.
    VisitorAskedRecently = 409, "visitor_asked_recently", "The visitor was asked recently";
    /// A request with the same idempotency key is still in progress.
    IdempotencyKeyInUse = 409, "idempotency_key_in_use", "The idempotency key is in use";
    /// The address belongs to another organisation.
    SenderTaken = 409, "sender_taken", "The sender belongs to another organisation";
    /// Another connection of the organisation is connected to the same account.
    AccountConnected = 409, "account_connected", "The account is connected already";
    /// A newer rating request replaced this one.
    RatingRequestSuperseded = 410, "rating_request_superseded", "The rating request was superseded";
    /// The conversation was reopened before the visitor answered.
    RatingRequestWithdrawn = 410, "rating_request_withdrawn", "The rating request was withdrawn";
    /// The time in which the visitor could answer is over.
    RatingRequestExpired = 410, "rating_request_expired", "The rating request has expired";
    /// The link in the mail has expired.
    RatingLinkExpired = 410, "rating_link_expired", "The link has expired";
    /// The conversation was erased permanently.
    ConversationErased = 410, "conversation_erased", "The conversation was erased";
    /// The settings were changed since the version that the caller named.
    SettingsChanged = 412, "settings_changed", "The settings were changed";
    /// The body is larger than the limit.
    BodyTooLarge = 413, "body_too_large", "The body is too large";
    /// A field breaks its rule.
    InvalidRequest = 422, "invalid_request", "The request is not valid";
    /// The score is not 1 to 5.
    InvalidScore = 422, "invalid_score", "The score is not valid";
    /// The visitor chose a reason that is not offered for the score.
    InvalidReason = 422, "invalid_reason", "The reasons are not valid";
    /// The caller acts for agents and names none.
    AgentRequired = 422, "agent_required", "An agent must be named";
    /// The idempotency key was used before with another payload.
    IdempotencyKeyReused = 422, "idempotency_key_reused", "The idempotency key was used before";
    /// No recipient is given, and the visitor's address is unknown.
    RecipientRequired = 422, "recipient_required", "A recipient is required";
    /// The recipient is not an address, or no mail may be sent to it.
    InvalidRecipient = 422, "invalid_recipient", "The recipient is not valid";
    /// The From address is not a verified sender of the organisation.
    SenderNotVerified = 422, "sender_not_verified", "The sender is not verified";
    /// The sender's name breaks its rule.
    InvalidSenderName = 422, "invalid_sender_name", "The sender's name is not valid";
    /// The conversation has no public message.
    NothingToSend = 422, "nothing_to_send", "There is nothing to send";
    /// The mail would be larger than SES accepts.
    TranscriptTooLarge = 422, "transcript_too_large", "The transcript is too large";
    /// The agent asked in this conversation within the last 7 days.
    RatingAlreadyRequested = 429, "rating_already_requested", "A rating was already requested";
    /// The limit of transcripts per hour is reached.
    TranscriptLimitReached = 429, "transcript_limit_reached", "The transcript limit is reached";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn codes_with(status: u16) -> Vec<&'static str> {
        let codes = RefusalCode::ALL.iter();
        let codes = codes.filter(|code| code.status() == status);
        codes.map(|code| code.as_str()).collect()
    }

    #[test]
    fn each_refusal_has_its_status() {
        assert_eq!(codes_with(400), ["invalid_json"]);
        assert_eq!(
            codes_with(401),
            ["invalid_visitor_token", "invalid_signature"]
        );
        let forbidden = [
            "token_not_accepted",
            "agent_not_allowed",
            "transcripts_not_offered",
        ];
        assert_eq!(codes_with(403), forbidden);
        let not_found = [
            "conversation_not_found",
            "rating_request_not_found",
            "sender_not_found",
            "connection_not_found",
            "hook_not_found",
            "file_not_found",
        ];
        assert_eq!(codes_with(404), not_found);
        let conflict = [
            "channel_not_supported",
            "rating_closed",
            "visitor_asked_recently",
            "idempotency_key_in_use",
            "sender_taken",
            "account_connected",
        ];
        assert_eq!(codes_with(409), conflict);
        let gone = [
            "rating_request_superseded",
            "rating_request_withdrawn",
            "rating_request_expired",
            "rating_link_expired",
            "conversation_erased",
        ];
        assert_eq!(codes_with(410), gone);
        assert_eq!(codes_with(413), ["body_too_large"]);
        let invalid = [
            "invalid_request",
            "invalid_score",
            "invalid_reason",
            "agent_required",
            "idempotency_key_reused",
            "recipient_required",
            "invalid_recipient",
            "sender_not_verified",
            "invalid_sender_name",
            "nothing_to_send",
            "transcript_too_large",
        ];
        assert_eq!(codes_with(422), invalid);
        let limited = ["rating_already_requested", "transcript_limit_reached"];
        assert_eq!(codes_with(429), limited);
    }

    #[test]
    fn no_two_codes_are_equal() {
        let codes: HashSet<_> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), RefusalCode::ALL.len());
    }

    #[test]
    fn every_refusal_has_a_4xx_status() {
        for code in RefusalCode::ALL {
            assert!((400..500).contains(&code.status()), "{code:?}");
        }
    }
}
