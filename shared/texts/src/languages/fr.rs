use crate::mail::MailTexts;
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Comment s’est passée la conversation\u{A0}?",
        question_about: "Comment s’est passée la conversation avec {agent}\u{A0}?",
        faces: [
            "Très insatis\u{AD}fait",
            "Insatis\u{AD}fait",
            "Neutre",
            "Satis\u{AD}fait",
            "Très satis\u{AD}fait",
        ],
    },
    mail: MailTexts {
        title: "Votre conversation avec {brand}",
        title_without_brand: "Votre conversation",
        messages_on: Plural::other("{count} messages du {date}.")
            .one("{count} message du {date}.")
            .many("{count} de messages du {date}."),
        messages_between: Plural::other("{count} messages du {first} au {last}.")
            .one("{count} message du {first} au {last}.")
            .many("{count} de messages du {first} au {last}."),
        times_in_zone: "Les heures sont celles du fuseau horaire {zone}.",
        times_in_utc: "Les heures sont en UTC, car le fuseau horaire local n’est pas connu.",
        visitor: "Visiteur",
        agent: "Agent",
        bot: "Bot",
        system: "Système",
        attached: "Pièce jointe\u{A0}:",
        unnamed_file: "fichier sans nom",
        bytes: Plural::other("{count} octets")
            .one("{count} octet")
            .many("{count} d’octets"),
        byte_units: ["ko", "Mo", "Go", "To", "Po", "Eo"],
        latest_message: "Cet e-mail montre le dernier message.",
        latest_messages: Plural::other(
            "Cet e-mail montre les {shown} derniers messages sur {total}.",
        )
        .one("Cet e-mail montre les {shown} derniers messages sur {total}.")
        .many("Cet e-mail montre les {shown} derniers messages sur {total}."),
        beginning_of_latest: "Cet e-mail montre le début du dernier message.",
        whole_attached: "La conversation entière est jointe dans le fichier {file}.",
    },
};
