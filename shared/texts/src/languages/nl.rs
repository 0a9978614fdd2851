use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Hoe was het gesprek?",
    question_about: "Hoe was het gesprek met {agent}?",
    faces: [
        "Zeer on\u{AD}tevreden",
        "On\u{AD}tevreden",
        "Neutraal",
        "Tevreden",
        "Zeer tevreden",
    ],
    thanks: "Bedankt voor uw beoordeling!",
    comment: "Wilt u nog iets toevoegen?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} van 5, {label}",
    saving: "Beoordeling wordt opgeslagen…",
    changeable: "U kunt deze wijzigen tot {time}.",
    reasons: "Wat had de meeste invloed op uw beoordeling?",
    reasons_hint: "U kunt er maximaal {maximum} kiezen.",
    reasons_full: "U hebt er {maximum} gekozen. Verwijder er een om een andere te kiezen.",
    send_comment: "Opmerking versturen",
    comment_saved: "Bedankt, uw opmerking is ontvangen.",
    comment_removed: "Uw opmerking is verwijderd.",
    change_comment: "Opmerking wijzigen",
    retry: "Opnieuw proberen",
    transcript: OwnTranscriptTexts {
        button: "Gesprek per e-mail ontvangen",
        to: "Aan {to}",
        no_address: "Er is geen e-mailadres bekend.",
        sending: "E-mail wordt verstuurd…",
        sent: "Verstuurd naar {to}.",
        failed: "Er is bij ons iets misgegaan. Probeer het opnieuw. De e-mail wordt niet twee keer verstuurd.",
    },
    problems: RatingProblems {
        unreachable: "De server is niet bereikbaar. Controleer uw internetverbinding en probeer het opnieuw.",
        throttled: "Te veel pogingen. Probeer het zo meteen opnieuw.",
        rating_closed: "Deze beoordeling kan niet meer worden gewijzigd.",
        invalid_reason: "Deze reden is niet meer beschikbaar. Kies opnieuw.",
        rating_request_superseded: "Er is een nieuwer beoordelingsverzoek. Kies opnieuw een gezicht.",
        rating_request_withdrawn: "Het gesprek gaat verder, daarom is dit beoordelingsverzoek ingetrokken.",
        rating_request_expired: "Dit beoordelingsverzoek is verlopen.",
        rating_request_not_found: "Dit beoordelingsverzoek bestaat niet meer.",
        invalid_visitor_token: "Deze chatsessie is beëindigd. Laad de pagina opnieuw.",
        transcript_limit_reached: "De limiet voor e-mails is bereikt. U kunt het vanaf {time} opnieuw proberen.",
        email_outcome_unknown: "De e-mail is mogelijk al verstuurd. Controleer uw inbox voordat u het opnieuw probeert.",
        nothing_to_send: "Er zijn nog geen berichten om te versturen.",
        email_refused: "Dit gesprek kan niet per e-mail worden verstuurd.",
        other: "Er is bij ons iets misgegaan. Uw antwoord is nog niet opgeslagen. Probeer het opnieuw.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Beoordeling versturen",
    broken: "Deze link is onvolledig. Open hem opnieuw vanuit de e-mail.",
    expired: "Deze link is verlopen.",
    superseded: "Er is een nieuwer beoordelingsverzoek, daarom is deze link niet meer geldig.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "Uw gesprek met {brand}",
    title_without_brand: "Uw gesprek",
    messages_on: Plural::other("{count} berichten op {date}.").one("{count} bericht op {date}."),
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
    latest_messages: Plural::other("Deze e-mail toont de laatste {shown} van {total} berichten.")
        .one("Deze e-mail toont de laatste {shown} van {total} bericht."),
    beginning_of_latest: "Deze e-mail toont het begin van het laatste bericht.",
    whole_attached: "Het hele gesprek is bijgevoegd als {file}.",
};
