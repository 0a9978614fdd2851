use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "How was your conversation?",
    question_about: "How was your conversation with {agent}?",
    faces: [
        "Very dissatis\u{AD}fied",
        "Dissatis\u{AD}fied",
        "Neutral",
        "Satis\u{AD}fied",
        "Very satis\u{AD}fied",
    ],
    thanks: "Thank you for your rating!",
    comment: "Would you like to add something?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} of 5, {label}",
    saving: "Saving your rating …",
    changeable: "You can change it until {time}.",
    reasons: "What influenced your rating most?",
    reasons_hint: "You can choose up to {maximum}.",
    reasons_full: "You have chosen {maximum}. To choose another, remove one first.",
    send_comment: "Send comment",
    comment_saved: "Thank you, your comment was received.",
    comment_removed: "Your comment was removed.",
    change_comment: "Change comment",
    retry: "Try again",
    transcript: OwnTranscriptTexts {
        button: "E-mail me this conversation",
        to: "To {to}",
        no_address: "No e-mail address is known.",
        sending: "Sending the e-mail …",
        sent: "Sent to {to}.",
        failed: "Something went wrong on our side. Please try again. The e-mail will not be sent twice.",
    },
    problems: RatingProblems {
        unreachable: "We could not reach the server. Check your internet connection and try again.",
        throttled: "Too many attempts. Please try again in a moment.",
        rating_closed: "This rating can no longer be changed.",
        invalid_reason: "This reason is no longer offered. Please choose again.",
        rating_request_superseded: "There is a newer rating request. Please choose a face again.",
        rating_request_withdrawn: "The conversation continues, so this rating request was withdrawn.",
        rating_request_expired: "This rating request has expired.",
        rating_request_not_found: "This rating request no longer exists.",
        invalid_visitor_token: "This chat session has ended. Please reload the page.",
        transcript_limit_reached: "The limit for e-mails is reached. You can try again from {time}.",
        email_outcome_unknown: "The e-mail may have been sent. Check your inbox before you try again.",
        nothing_to_send: "There are no messages to send yet.",
        email_refused: "This conversation cannot be sent by e-mail.",
        other: "Something went wrong on our side. Your answer is not saved yet. Please try again.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Send rating",
    broken: "This link is incomplete. Please open it again from the e-mail.",
    expired: "This link has expired.",
    superseded: "There is a newer rating request, so this link is no longer valid.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "Your conversation with {brand}",
    title_without_brand: "Your conversation",
    messages_on: Plural::other("{count} messages on {date}.").one("{count} message on {date}."),
    messages_between: Plural::other("{count} messages from {first} to {last}.")
        .one("{count} message from {first} to {last}."),
    times_in_zone: "Times are in the time zone {zone}.",
    times_in_utc: "Times are in UTC, because no local time zone is known.",
    visitor: "Visitor",
    agent: "Agent",
    bot: "Bot",
    system: "System",
    attached: "Attached:",
    unnamed_file: "file without a name",
    bytes: Plural::other("{count} bytes").one("{count} byte"),
    byte_units: BYTE_UNITS,
    latest_message: "This e-mail shows the latest message.",
    latest_messages: Plural::other("This e-mail shows the latest {shown} of {total} messages.")
        .one("This e-mail shows the latest {shown} of {total} message."),
    beginning_of_latest: "This e-mail shows the beginning of the latest message.",
    whole_attached: "The whole conversation is attached as {file}.",
};
