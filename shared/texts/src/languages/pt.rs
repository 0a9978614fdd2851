use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Como correu a conversa?",
    question_about: "Como correu a conversa com {agent}?",
    faces: [
        "Muito insatis\u{AD}feito",
        "Insatis\u{AD}feito",
        "Neutro",
        "Satis\u{AD}feito",
        "Muito satis\u{AD}feito",
    ],
    thanks: "Obrigado pela sua avaliação!",
    comment: "Gostaria de acrescentar alguma coisa?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} de 5, {label}",
    saving: "A guardar a avaliação…",
    changeable: "Pode alterá-la até {time}.",
    reasons: "O que mais influenciou a sua avaliação?",
    reasons_hint: "Pode escolher até {maximum}.",
    reasons_full: "Escolheu {maximum}. Retire um para escolher outro.",
    send_comment: "Enviar comentário",
    comment_saved: "Obrigado, recebemos o seu comentário.",
    comment_removed: "O seu comentário foi removido.",
    change_comment: "Alterar comentário",
    retry: "Tentar novamente",
    transcript: OwnTranscriptTexts {
        button: "Receber esta conversa por e-mail",
        to: "Para {to}",
        no_address: "Não temos nenhum endereço de e-mail.",
        sending: "A enviar o e-mail…",
        sent: "Enviado para {to}.",
        failed: "Algo correu mal do nosso lado. Tente novamente, por favor. O e-mail não será enviado duas vezes.",
    },
    problems: RatingProblems {
        unreachable: "Não foi possível contactar o servidor. Verifique a sua ligação à internet e tente novamente.",
        throttled: "Demasiadas tentativas. Tente novamente dentro de momentos.",
        rating_closed: "Esta avaliação já não pode ser alterada.",
        invalid_reason: "Este motivo já não está disponível. Escolha novamente, por favor.",
        rating_request_superseded: "Existe um pedido de avaliação mais recente. Escolha outra vez uma cara, por favor.",
        rating_request_withdrawn: "A conversa continua, por isso este pedido de avaliação foi retirado.",
        rating_request_expired: "Este pedido de avaliação expirou.",
        rating_request_not_found: "Este pedido de avaliação já não existe.",
        invalid_visitor_token: "A sessão desta conversa terminou. Recarregue a página.",
        transcript_limit_reached: "O limite de e-mails foi atingido. Pode tentar novamente a partir de {time}.",
        email_outcome_unknown: "O e-mail pode já ter sido enviado. Verifique a sua caixa de entrada antes de tentar novamente.",
        nothing_to_send: "Ainda não há mensagens para enviar.",
        email_refused: "Não é possível enviar esta conversa por e-mail.",
        other: "Algo correu mal do nosso lado. A sua resposta ainda não foi guardada. Tente novamente, por favor.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Enviar avaliação",
    broken: "Este link está incompleto. Abra-o novamente a partir do e-mail.",
    expired: "Este link expirou.",
    superseded: "Existe um pedido de avaliação mais recente, por isso este link já não é válido.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
    latest_messages: Plural::other("Este e-mail mostra as últimas {shown} de {total} mensagens.")
        .one("Este e-mail mostra as últimas {shown} de {total} mensagem.")
        .many("Este e-mail mostra as últimas {shown} de {total} de mensagens."),
    beginning_of_latest: "Este e-mail mostra o início da última mensagem.",
    whole_attached: "A conversa completa está anexada como {file}.",
};
