use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Hoe was het gesprek?",
        question_about: "Hoe was het gesprek met {agent}?",
        faces: [
            "Zeer on\u{AD}tevreden",
            "On\u{AD}tevreden",
            "Neutraal",
            "Tevreden",
            "Zeer tevreden",
        ],
    },
    mail: MailTexts {
        title: "Uw gesprek met {brand}",
        title_without_brand: "Uw gesprek",
        messages_on: Plural::other("{count} berichten op {date}.")
            .one("{count} bericht op {date}."),
        messages_between: Plural::other("{count} berichten van {first} tot en met {last}.")
            .one("{count} bericht van {first} tot en met {last}."),
        times_in_zone: "De tijden zijn in de tijdzone {zone}.",
        times_in_utc: "De tijden zijn in UTC, omdat de lokale tijdzone niet bekend is.",
        visitor: "Bezoeker",
        agent: "Medewerker",
        bot: "Bot",
        system: "Systeem",
        attached: "Bijlage:",
        unnamed_file: "bestand zonder naam",
        bytes: Plural::other("{count} bytes").one("{count} byte"),
        byte_units: BYTE_UNITS,
        latest_message: "Deze e-mail toont het laatste bericht.",
        latest_messages: Plural::other(
            "Deze e-mail toont de laatste {shown} van {total} berichten.",
        )
        .one("Deze e-mail toont de laatste {shown} van {total} bericht."),
        beginning_of_latest: "Deze e-mail toont het begin van het laatste bericht.",
        whole_attached: "Het hele gesprek is bijgevoegd als {file}.",
    },
};
