use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "איך הייתה השיחה?",
        question_about: "איך הייתה השיחה עם {agent}?",
        faces: ["מאוד לא מרוצה", "לא מרוצה", "ניטרלי", "מרוצה", "מרוצה מאוד"],
    },
    mail: MailTexts {
        title: "השיחה שלך עם {brand}",
        title_without_brand: "השיחה שלך",
        messages_on: Plural::other("{count} הודעות מתאריך {date}.")
            .one("הודעה אחת מתאריך {date}.")
            .two("שתי הודעות מתאריך {date}."),
        messages_between: Plural::other("{count} הודעות מתאריך {first} עד {last}.")
            .one("הודעה אחת מתאריך {first} עד {last}.")
            .two("שתי הודעות מתאריך {first} עד {last}."),
        times_in_zone: "השעות לפי אזור הזמן {zone}.",
        times_in_utc: "השעות לפי UTC, כי אזור הזמן המקומי אינו ידוע.",
        visitor: "מבקר",
        agent: "נציג",
        bot: "בוט",
        system: "מערכת",
        attached: "קובץ מצורף:",
        unnamed_file: "קובץ ללא שם",
        bytes: Plural::other("{count} בייטים")
            .one("בייט אחד")
            .two("{count} בייטים"),
        byte_units: BYTE_UNITS,
        latest_message: "האימייל הזה מציג את ההודעה האחרונה.",
        latest_messages: Plural::other(
            "האימייל הזה מציג את {shown} ההודעות האחרונות מתוך {total}.",
        )
        .one("האימייל הזה מציג את {shown} ההודעות האחרונות מתוך {total}.")
        .two("האימייל הזה מציג את {shown} ההודעות האחרונות מתוך {total}."),
        beginning_of_latest: "האימייל הזה מציג את תחילת ההודעה האחרונה.",
        whole_attached: "השיחה המלאה מצורפת בקובץ {file}.",
    },
};
