use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "¿Qué tal fue la conversación?",
    question_about: "¿Qué tal fue la conversación con {agent}?",
    faces: [
        "Muy insatis\u{AD}fecho",
        "Insatis\u{AD}fecho",
        "Neutral",
        "Satis\u{AD}fecho",
        "Muy satis\u{AD}fecho",
    ],
    thanks: "¡Gracias por su valoración!",
    comment: "¿Desea añadir algo?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} de 5, {label}",
    saving: "Guardando la valoración…",
    changeable: "Puede cambiarla hasta el {time}.",
    reasons: "¿Qué ha influido más en su valoración?",
    reasons_hint: "Puede elegir hasta {maximum}.",
    reasons_full: "Ha elegido {maximum}. Quite uno para elegir otro.",
    send_comment: "Enviar comentario",
    comment_saved: "Gracias, hemos recibido su comentario.",
    comment_removed: "Se ha eliminado su comentario.",
    change_comment: "Cambiar comentario",
    retry: "Volver a intentarlo",
    transcript: OwnTranscriptTexts {
        button: "Recibir esta conversación por correo",
        to: "A {to}",
        no_address: "No se conoce ninguna dirección de correo.",
        sending: "Enviando el correo…",
        sent: "Enviado a {to}.",
        failed: "Algo ha fallado por nuestra parte. Inténtelo de nuevo, por favor. El correo no se enviará dos veces.",
    },
    problems: RatingProblems {
        unreachable: "No hemos podido conectar con el servidor. Compruebe su conexión a internet e inténtelo de nuevo.",
        throttled: "Demasiados intentos. Inténtelo de nuevo en un momento.",
        rating_closed: "Esta valoración ya no se puede cambiar.",
        invalid_reason: "Este motivo ya no está disponible. Elija de nuevo, por favor.",
        rating_request_superseded: "Hay una solicitud de valoración más reciente. Elija una cara de nuevo, por favor.",
        rating_request_withdrawn: "La conversación continúa, por lo que se ha retirado esta solicitud de valoración.",
        rating_request_expired: "Esta solicitud de valoración ha caducado.",
        rating_request_not_found: "Esta solicitud de valoración ya no existe.",
        invalid_visitor_token: "La sesión de este chat ha terminado. Vuelva a cargar la página.",
        transcript_limit_reached: "Se ha alcanzado el límite de correos. Puede volver a intentarlo a partir del {time}.",
        email_outcome_unknown: "Es posible que el correo ya se haya enviado. Compruebe su bandeja de entrada antes de volver a intentarlo.",
        nothing_to_send: "Aún no hay mensajes que enviar.",
        email_refused: "Esta conversación no se puede enviar por correo.",
        other: "Algo ha fallado por nuestra parte. Su respuesta aún no se ha guardado. Inténtelo de nuevo, por favor.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Enviar valoración",
    broken: "Este enlace está incompleto. Ábralo de nuevo desde el correo electrónico.",
    expired: "Este enlace ha caducado.",
    superseded: "Hay una solicitud de valoración más reciente, por lo que este enlace ya no es válido.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
    latest_messages: Plural::other("Este correo muestra los últimos {shown} de {total} mensajes.")
        .one("Este correo muestra los últimos {shown} de {total} mensaje.")
        .many("Este correo muestra los últimos {shown} de {total} de mensajes."),
    beginning_of_latest: "Este correo muestra el principio del último mensaje.",
    whole_attached: "La conversación completa se adjunta como {file}.",
};
