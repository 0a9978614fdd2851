use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Com’è andata la conversazione?",
        question_about: "Com’è andata la conversazione con {agent}?",
        faces: [
            "Molto insoddi\u{AD}sfatto",
            "Insoddi\u{AD}sfatto",
            "Neutrale",
            "Soddi\u{AD}sfatto",
            "Molto soddi\u{AD}sfatto",
        ],
    },
    mail: MailTexts {
        title: "La sua conversazione con {brand}",
        title_without_brand: "La sua conversazione",
        messages_on: Plural::other("{count} messaggi in data {date}.")
            .one("{count} messaggio in data {date}.")
            .many("{count} di messaggi in data {date}."),
        messages_between: Plural::other("{count} messaggi dal giorno {first} al giorno {last}.")
            .one("{count} messaggio dal giorno {first} al giorno {last}.")
            .many("{count} di messaggi dal giorno {first} al giorno {last}."),
        times_in_zone: "Gli orari sono nel fuso orario {zone}.",
        times_in_utc: "Gli orari sono in UTC, perché il fuso orario locale non è noto.",
        visitor: "Visitatore",
        agent: "Operatore",
        bot: "Bot",
        system: "Sistema",
        attached: "Allegato:",
        unnamed_file: "file senza nome",
        bytes: Plural::other("{count} byte")
            .one("{count} byte")
            .many("{count} di byte"),
        byte_units: BYTE_UNITS,
        latest_message: "Questa e-mail mostra l’ultimo messaggio.",
        latest_messages: Plural::other(
            "Questa e-mail mostra gli ultimi {shown} messaggi su {total}.",
        )
        .one("Questa e-mail mostra gli ultimi {shown} messaggi su {total}.")
        .many("Questa e-mail mostra gli ultimi {shown} messaggi su {total}."),
        beginning_of_latest: "Questa e-mail mostra l’inizio dell’ultimo messaggio.",
        whole_attached: "L’intera conversazione è allegata come {file}.",
    },
};
