use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Como correu a conversa?",
        question_about: "Como correu a conversa com {agent}?",
        faces: [
            "Muito insatis\u{AD}feito",
            "Insatis\u{AD}feito",
            "Neutro",
            "Satis\u{AD}feito",
            "Muito satis\u{AD}feito",
        ],
    },
    mail: MailTexts {
        title: "A sua conversa com {brand}",
        title_without_brand: "A sua conversa",
        messages_on: Plural::other("{count} mensagens de {date}.")
            .one("{count} mensagem de {date}.")
            .many("{count} de mensagens de {date}."),
        messages_between: Plural::other("{count} mensagens de {first} a {last}.")
            .one("{count} mensagem de {first} a {last}.")
            .many("{count} de mensagens de {first} a {last}."),
        times_in_zone: "As horas são do fuso horário {zone}.",
        times_in_utc: "As horas estão em UTC, porque o fuso horário local não é conhecido.",
        visitor: "Visitante",
        agent: "Agente",
        bot: "Bot",
        system: "Sistema",
        attached: "Anexo:",
        unnamed_file: "ficheiro sem nome",
        bytes: Plural::other("{count} bytes")
            .one("{count} byte")
            .many("{count} de bytes"),
        byte_units: BYTE_UNITS,
        latest_message: "Este e-mail mostra a última mensagem.",
        latest_messages: Plural::other(
            "Este e-mail mostra as últimas {shown} de {total} mensagens.",
        )
        .one("Este e-mail mostra as últimas {shown} de {total} mensagem.")
        .many("Este e-mail mostra as últimas {shown} de {total} de mensagens."),
        beginning_of_latest: "Este e-mail mostra o início da última mensagem.",
        whole_attached: "A conversa completa está anexada como {file}.",
    },
};
