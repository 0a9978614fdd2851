use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Wie war das Gespräch?",
    question_about: "Wie war das Gespräch mit {agent}?",
    faces: [
        "Sehr unzu\u{AD}frieden",
        "Unzu\u{AD}frieden",
        "Neutral",
        "Zufrie\u{AD}den",
        "Sehr zufrie\u{AD}den",
    ],
    thanks: "Vielen Dank für die Bewertung!",
    comment: "Möchten Sie noch etwas hinzufügen?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} von 5, {label}",
    saving: "Die Bewertung wird gespeichert …",
    changeable: "Sie lässt sich bis {time} ändern.",
    reasons: "Was hat Ihre Bewertung am meisten beeinflusst?",
    reasons_hint: "Sie können bis zu {maximum} auswählen.",
    reasons_full: "Sie haben {maximum} ausgewählt. Entfernen Sie zuerst eine Auswahl, um eine andere zu treffen.",
    send_comment: "Kommentar senden",
    comment_saved: "Vielen Dank, Ihr Kommentar ist angekommen.",
    comment_removed: "Ihr Kommentar wurde entfernt.",
    change_comment: "Kommentar ändern",
    retry: "Noch einmal versuchen",
    transcript: OwnTranscriptTexts {
        button: "Gespräch per E-Mail erhalten",
        to: "An {to}",
        no_address: "Es ist keine E-Mail-Adresse bekannt.",
        sending: "Die E-Mail wird gesendet …",
        sent: "Gesendet an {to}.",
        failed: "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal. Die E-Mail wird nicht doppelt gesendet.",
    },
    problems: RatingProblems {
        unreachable: "Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Internetverbindung und versuchen Sie es noch einmal.",
        throttled: "Zu viele Versuche. Bitte versuchen Sie es gleich noch einmal.",
        rating_closed: "Diese Bewertung lässt sich nicht mehr ändern.",
        invalid_reason: "Dieser Grund steht nicht mehr zur Auswahl. Bitte wählen Sie noch einmal.",
        rating_request_superseded: "Es gibt eine neuere Bewertungsanfrage. Bitte wählen Sie noch einmal ein Gesicht.",
        rating_request_withdrawn: "Das Gespräch geht weiter, deshalb wurde diese Bewertungsanfrage zurückgezogen.",
        rating_request_expired: "Diese Bewertungsanfrage ist abgelaufen.",
        rating_request_not_found: "Diese Bewertungsanfrage gibt es nicht mehr.",
        invalid_visitor_token: "Die Chat-Sitzung ist beendet. Bitte laden Sie die Seite neu.",
        transcript_limit_reached: "Das Limit für E-Mails ist erreicht. Sie können es ab {time} wieder versuchen.",
        email_outcome_unknown: "Die E-Mail wurde vielleicht schon gesendet. Bitte prüfen Sie Ihr Postfach, bevor Sie es noch einmal versuchen.",
        nothing_to_send: "Es gibt noch keine Nachrichten zum Senden.",
        email_refused: "Dieses Gespräch kann nicht per E-Mail gesendet werden.",
        other: "Bei uns ist etwas schiefgegangen. Ihre Antwort ist noch nicht gespeichert. Bitte versuchen Sie es noch einmal.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Bewertung senden",
    broken: "Dieser Link ist unvollständig. Bitte öffnen Sie ihn noch einmal aus der E-Mail.",
    expired: "Dieser Link ist abgelaufen.",
    superseded: "Es gibt eine neuere Bewertungsanfrage, deshalb gilt dieser Link nicht mehr.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
};
