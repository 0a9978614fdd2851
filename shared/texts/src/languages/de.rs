use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Wie war das Gespräch?",
        question_about: "Wie war das Gespräch mit {agent}?",
        faces: [
            "Sehr unzu\u{AD}frieden",
            "Unzu\u{AD}frieden",
            "Neutral",
            "Zufrie\u{AD}den",
            "Sehr zufrie\u{AD}den",
        ],
    },
    mail: MailTexts {
        title: "Ihr Gespräch mit {brand}",
        title_without_brand: "Ihr Gespräch",
        messages_on: Plural::other("{count} Nachrichten vom {date}.")
            .one("{count} Nachricht vom {date}."),
        messages_between: Plural::other("{count} Nachrichten vom {first} bis zum {last}.")
            .one("{count} Nachricht vom {first} bis zum {last}."),
        times_in_zone: "Die Uhrzeiten gelten für die Zeitzone {zone}.",
        times_in_utc: "Die Uhrzeiten sind in UTC, weil die örtliche Zeitzone nicht bekannt ist.",
        visitor: "Besucher",
        agent: "Kundenservice",
        bot: "Bot",
        system: "System",
        attached: "Anhang:",
        unnamed_file: "Datei ohne Namen",
        bytes: Plural::other("{count} Byte").one("{count} Byte"),
        byte_units: BYTE_UNITS,
        latest_message: "Diese E-Mail zeigt die neueste Nachricht.",
        latest_messages: Plural::other(
            "Diese E-Mail zeigt die neuesten {shown} von {total} Nachrichten.",
        )
        .one("Diese E-Mail zeigt die neuesten {shown} von {total} Nachricht."),
        beginning_of_latest: "Diese E-Mail zeigt den Anfang der neuesten Nachricht.",
        whole_attached: "Das ganze Gespräch ist als {file} angehängt.",
    },
};
