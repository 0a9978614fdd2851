use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "¿Qué tal fue la conversación?",
        question_about: "¿Qué tal fue la conversación con {agent}?",
        faces: [
            "Muy insatis\u{AD}fecho",
            "Insatis\u{AD}fecho",
            "Neutral",
            "Satis\u{AD}fecho",
            "Muy satis\u{AD}fecho",
        ],
    },
    mail: MailTexts {
        title: "Su conversación con {brand}",
        title_without_brand: "Su conversación",
        messages_on: Plural::other("{count} mensajes del {date}.")
            .one("{count} mensaje del {date}.")
            .many("{count} de mensajes del {date}."),
        messages_between: Plural::other("{count} mensajes del {first} al {last}.")
            .one("{count} mensaje del {first} al {last}.")
            .many("{count} de mensajes del {first} al {last}."),
        times_in_zone: "Las horas corresponden a la zona horaria {zone}.",
        times_in_utc: "Las horas están en UTC, porque no se conoce la zona horaria local.",
        visitor: "Visitante",
        agent: "Agente",
        bot: "Bot",
        system: "Sistema",
        attached: "Adjunto:",
        unnamed_file: "archivo sin nombre",
        bytes: Plural::other("{count} bytes")
            .one("{count} byte")
            .many("{count} de bytes"),
        byte_units: BYTE_UNITS,
        latest_message: "Este correo muestra el último mensaje.",
        latest_messages: Plural::other(
            "Este correo muestra los últimos {shown} de {total} mensajes.",
        )
        .one("Este correo muestra los últimos {shown} de {total} mensaje.")
        .many("Este correo muestra los últimos {shown} de {total} de mensajes."),
        beginning_of_latest: "Este correo muestra el principio del último mensaje.",
        whole_attached: "La conversación completa se adjunta como {file}.",
    },
};
