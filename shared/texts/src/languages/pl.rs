use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Jak oceniasz rozmowę?",
    question_about: "Jak oceniasz rozmowę z {agent}?",
    faces: [
        "Bardzo źle",
        "Źle",
        "Neutral\u{AD}nie",
        "Dobrze",
        "Bardzo dobrze",
    ],
    thanks: "Dziękujemy za ocenę!",
    comment: "Czy chcesz coś dodać?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} z 5, {label}",
    saving: "Zapisywanie oceny…",
    changeable: "Możesz ją zmienić do {time}.",
    reasons: "Co najbardziej wpłynęło na Twoją ocenę?",
    reasons_hint: "Możesz wybrać maksymalnie {maximum}.",
    reasons_full: "Wybrano już {maximum}. Usuń jeden wybór, aby dodać inny.",
    send_comment: "Wyślij komentarz",
    comment_saved: "Dziękujemy, otrzymaliśmy Twój komentarz.",
    comment_removed: "Twój komentarz został usunięty.",
    change_comment: "Zmień komentarz",
    retry: "Spróbuj ponownie",
    transcript: OwnTranscriptTexts {
        button: "Wyślij mi tę rozmowę e-mailem",
        to: "Na adres {to}",
        no_address: "Nie znamy adresu e-mail.",
        sending: "Wysyłanie e-maila…",
        sent: "Wysłano na adres {to}.",
        failed: "Coś poszło nie tak po naszej stronie. Spróbuj ponownie. E-mail nie zostanie wysłany dwa razy.",
    },
    problems: RatingProblems {
        unreachable: "Nie można połączyć się z serwerem. Sprawdź połączenie z internetem i spróbuj ponownie.",
        throttled: "Zbyt wiele prób. Spróbuj ponownie za chwilę.",
        rating_closed: "Tej oceny nie można już zmienić.",
        invalid_reason: "Ten powód nie jest już dostępny. Wybierz jeszcze raz.",
        rating_request_superseded: "Jest nowsza prośba o ocenę. Wybierz buźkę jeszcze raz.",
        rating_request_withdrawn: "Rozmowa trwa dalej, dlatego ta prośba o ocenę została wycofana.",
        rating_request_expired: "Ta prośba o ocenę wygasła.",
        rating_request_not_found: "Ta prośba o ocenę już nie istnieje.",
        invalid_visitor_token: "Sesja tego czatu wygasła. Odśwież stronę.",
        transcript_limit_reached: "Osiągnięto limit e-maili. Możesz spróbować ponownie od {time}.",
        email_outcome_unknown: "E-mail mógł już zostać wysłany. Sprawdź skrzynkę odbiorczą, zanim spróbujesz ponownie.",
        nothing_to_send: "Nie ma jeszcze wiadomości do wysłania.",
        email_refused: "Tej rozmowy nie można wysłać e-mailem.",
        other: "Coś poszło nie tak po naszej stronie. Twoja odpowiedź nie została jeszcze zapisana. Spróbuj ponownie.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Wyślij ocenę",
    broken: "Ten link jest niekompletny. Otwórz go ponownie z wiadomości e-mail.",
    expired: "Ten link wygasł.",
    superseded: "Jest nowsza prośba o ocenę, dlatego ten link nie jest już ważny.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "Twoja rozmowa z {brand}",
    title_without_brand: "Twoja rozmowa",
    messages_on: Plural::other("{count} wiadomości z {date}.")
        .one("{count} wiadomość z {date}.")
        .few("{count} wiadomości z {date}.")
        .many("{count} wiadomości z {date}."),
    messages_between: Plural::other("{count} wiadomości od {first} do {last}.")
        .one("{count} wiadomość od {first} do {last}.")
        .few("{count} wiadomości od {first} do {last}.")
        .many("{count} wiadomości od {first} do {last}."),
    times_in_zone: "Godziny podano w strefie czasowej {zone}.",
    times_in_utc: "Godziny podano w UTC, ponieważ lokalna strefa czasowa nie jest znana.",
    visitor: "Gość",
    agent: "Konsultant",
    bot: "Bot",
    system: "System",
    attached: "Załącznik:",
    unnamed_file: "plik bez nazwy",
    bytes: Plural::other("{count} bajta")
        .one("{count} bajt")
        .few("{count} bajty")
        .many("{count} bajtów"),
    byte_units: BYTE_UNITS,
    latest_message: "Ten e-mail zawiera najnowszą wiadomość.",
    latest_messages: Plural::other("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}.")
        .one("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}.")
        .few("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}.")
        .many("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}."),
    beginning_of_latest: "Ten e-mail zawiera początek najnowszej wiadomości.",
    whole_attached: "Cała rozmowa jest w załączniku {file}.",
};
