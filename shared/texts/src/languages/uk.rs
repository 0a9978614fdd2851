use crate::mail::MailTexts;
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Як пройшла розмова?",
        question_about: "Як пройшла розмова з {agent}?",
        faces: [
            "Дуже погано",
            "Погано",
            "Нормаль\u{AD}но",
            "Добре",
            "Дуже добре",
        ],
    },
    mail: MailTexts {
        title: "Ваша розмова з {brand}",
        title_without_brand: "Ваша розмова",
        messages_on: Plural::other("{date}: {count} повідомлення.")
            .one("{date}: {count} повідомлення.")
            .few("{date}: {count} повідомлення.")
            .many("{date}: {count} повідомлень."),
        messages_between: Plural::other("{first} – {last}: {count} повідомлення.")
            .one("{first} – {last}: {count} повідомлення.")
            .few("{first} – {last}: {count} повідомлення.")
            .many("{first} – {last}: {count} повідомлень."),
        times_in_zone: "Час указано в часовому поясі {zone}.",
        times_in_utc: "Час указано за UTC, оскільки місцевий часовий пояс невідомий.",
        visitor: "Відвідувач",
        agent: "Консультант",
        bot: "Бот",
        system: "Система",
        attached: "Вкладення:",
        unnamed_file: "файл без назви",
        bytes: Plural::other("{count} байта")
            .one("{count} байт")
            .few("{count} байти")
            .many("{count} байтів"),
        byte_units: ["кБ", "МБ", "ГБ", "ТБ", "ПБ", "ЕБ"],
        latest_message: "Цей лист містить останнє повідомлення.",
        latest_messages: Plural::other("Цей лист містить останні {shown} з {total} повідомлення.")
            .one("Цей лист містить останні {shown} з {total} повідомлення.")
            .few("Цей лист містить останні {shown} з {total} повідомлень.")
            .many("Цей лист містить останні {shown} з {total} повідомлень."),
        beginning_of_latest: "Цей лист містить початок останнього повідомлення.",
        whole_attached: "Усю розмову додано у файлі {file}.",
    },
};
