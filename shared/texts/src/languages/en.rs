use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "How was your conversation?",
        question_about: "How was your conversation with {agent}?",
        faces: [
            "Very dissatis\u{AD}fied",
            "Dissatis\u{AD}fied",
            "Neutral",
            "Satis\u{AD}fied",
            "Very satis\u{AD}fied",
        ],
    },
    mail: MailTexts {
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
    },
};
