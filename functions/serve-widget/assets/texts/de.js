// Generated from shared/texts/src/languages/de.rs. Edit that file, then run: REWRITE_TEXTS=1 cargo test -p serve-widget --test text_modules
/** @type {import("../../types/afterchat").RatingTexts} */
export default {
  question: "Wie war das Gespräch?",
  questionAbout: "Wie war das Gespräch mit {agent}?",
  faces: ["Sehr unzu\u00ADfrieden", "Unzu\u00ADfrieden", "Neutral", "Zufrie\u00ADden", "Sehr zufrie\u00ADden"],
  face: "{score} von 5, {label}",
  saving: "Die Bewertung wird gespeichert …",
  thanks: "Vielen Dank für die Bewertung!",
  changeable: "Sie lässt sich bis {time} ändern.",
  reasons: "Was hat Ihre Bewertung am meisten beeinflusst?",
  reasonsHint: "Sie können bis zu {maximum} auswählen.",
  reasonsFull: "Sie haben {maximum} ausgewählt. Entfernen Sie zuerst eine Auswahl, um eine andere zu treffen.",
  comment: "Möchten Sie noch etwas hinzufügen?",
  sendComment: "Kommentar senden",
  commentSaved: "Vielen Dank, Ihr Kommentar ist angekommen.",
  commentRemoved: "Ihr Kommentar wurde entfernt.",
  changeComment: "Kommentar ändern",
  retry: "Noch einmal versuchen",
  transcript: {
    button: "Gespräch per E-Mail erhalten",
    to: "An {to}",
    noAddress: "Es ist keine E-Mail-Adresse bekannt.",
    sending: "Die E-Mail wird gesendet …",
    sent: "Gesendet an {to}.",
    failed:
      "Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal. Die E-Mail wird nicht doppelt gesendet.",
  },
  problems: {
    unreachable:
      "Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Internetverbindung und versuchen Sie es noch einmal.",
    throttled: "Zu viele Versuche. Bitte versuchen Sie es gleich noch einmal.",
    rating_closed: "Diese Bewertung lässt sich nicht mehr ändern.",
    invalid_reason: "Dieser Grund steht nicht mehr zur Auswahl. Bitte wählen Sie noch einmal.",
    rating_request_superseded: "Es gibt eine neuere Bewertungsanfrage. Bitte wählen Sie noch einmal ein Gesicht.",
    rating_request_withdrawn: "Das Gespräch geht weiter, deshalb wurde diese Bewertungsanfrage zurückgezogen.",
    rating_request_not_found: "Diese Bewertungsanfrage gibt es nicht mehr.",
    invalid_visitor_token: "Die Chat-Sitzung ist beendet. Bitte laden Sie die Seite neu.",
    transcript_limit_reached: "Das Limit für E-Mails ist erreicht. Sie können es ab {time} wieder versuchen.",
    email_outcome_unknown:
      "Die E-Mail wurde vielleicht schon gesendet. Bitte prüfen Sie Ihr Postfach, bevor Sie es noch einmal versuchen.",
    nothing_to_send: "Es gibt noch keine Nachrichten zum Senden.",
    email_refused: "Dieses Gespräch kann nicht per E-Mail gesendet werden.",
    other:
      "Bei uns ist etwas schiefgegangen. Ihre Antwort ist noch nicht gespeichert. Bitte versuchen Sie es noch einmal.",
  },
};
