use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Jak oceniasz rozmowę?",
        question_about: "Jak oceniasz rozmowę z {agent}?",
        faces: [
            "Bardzo źle",
            "Źle",
            "Neutral\u{AD}nie",
            "Dobrze",
            "Bardzo dobrze",
        ],
    },
    mail: MailTexts {
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
        latest_messages: Plural::other(
            "Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}.",
        )
        .one("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}.")
        .few("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}.")
        .many("Ten e-mail zawiera najnowsze wiadomości: {shown} z {total}."),
        beginning_of_latest: "Ten e-mail zawiera początek najnowszej wiadomości.",
        whole_attached: "Cała rozmowa jest w załączniku {file}.",
    },
};
