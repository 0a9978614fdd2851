use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Com’è andata la conversazione?",
    question_about: "Com’è andata la conversazione con {agent}?",
    faces: [
        "Molto insoddi\u{AD}sfatto",
        "Insoddi\u{AD}sfatto",
        "Neutrale",
        "Soddi\u{AD}sfatto",
        "Molto soddi\u{AD}sfatto",
    ],
    thanks: "Grazie per la sua valutazione!",
    comment: "Desidera aggiungere qualcosa?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} su 5, {label}",
    saving: "Salvataggio della valutazione…",
    changeable: "Può modificarla fino al {time}.",
    reasons: "Che cosa ha influito di più sulla sua valutazione?",
    reasons_hint: "Può sceglierne fino a {maximum}.",
    reasons_full: "Ne ha scelti {maximum}. Ne tolga uno per sceglierne un altro.",
    send_comment: "Invia commento",
    comment_saved: "Grazie, abbiamo ricevuto il suo commento.",
    comment_removed: "Il suo commento è stato eliminato.",
    change_comment: "Modifica commento",
    retry: "Riprova",
    transcript: OwnTranscriptTexts {
        button: "Ricevi la conversazione via e-mail",
        to: "A {to}",
        no_address: "Non è noto alcun indirizzo e-mail.",
        sending: "Invio dell’e-mail…",
        sent: "Inviata a {to}.",
        failed: "Qualcosa è andato storto da parte nostra. Riprovi. L’e-mail non sarà inviata due volte.",
    },
    problems: RatingProblems {
        unreachable: "Il server non è raggiungibile. Controlli la connessione a internet e riprovi.",
        throttled: "Troppi tentativi. Riprovi tra un momento.",
        rating_closed: "Questa valutazione non può più essere modificata.",
        invalid_reason: "Questo motivo non è più disponibile. Scelga di nuovo.",
        rating_request_superseded: "Esiste una richiesta di valutazione più recente. Scelga di nuovo una faccina.",
        rating_request_withdrawn: "La conversazione continua, quindi questa richiesta di valutazione è stata ritirata.",
        rating_request_expired: "Questa richiesta di valutazione è scaduta.",
        rating_request_not_found: "Questa richiesta di valutazione non esiste più.",
        invalid_visitor_token: "La sessione di questa chat è terminata. Ricarichi la pagina.",
        transcript_limit_reached: "Il limite di e-mail è stato raggiunto. Può riprovare a partire dal {time}.",
        email_outcome_unknown: "L’e-mail potrebbe essere già stata inviata. Controlli la posta in arrivo prima di riprovare.",
        nothing_to_send: "Non ci sono ancora messaggi da inviare.",
        email_refused: "Questa conversazione non può essere inviata via e-mail.",
        other: "Qualcosa è andato storto da parte nostra. La sua risposta non è ancora stata salvata. Riprovi.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Invia valutazione",
    broken: "Questo link è incompleto. Lo apra di nuovo dall’e-mail.",
    expired: "Questo link è scaduto.",
    superseded: "Esiste una richiesta di valutazione più recente, quindi questo link non è più valido.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
    latest_messages: Plural::other("Questa e-mail mostra gli ultimi {shown} messaggi su {total}.")
        .one("Questa e-mail mostra gli ultimi {shown} messaggi su {total}.")
        .many("Questa e-mail mostra gli ultimi {shown} messaggi su {total}."),
    beginning_of_latest: "Questa e-mail mostra l’inizio dell’ultimo messaggio.",
    whole_attached: "L’intera conversazione è allegata come {file}.",
};
