use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "Görüşmeniz nasıldı?",
        question_about: "{agent} ile görüşmeniz nasıldı?",
        faces: [
            "Hiç memnun değilim",
            "Memnun değilim",
            "Kararsı\u{AD}zım",
            "Memnu\u{AD}num",
            "Çok memnu\u{AD}num",
        ],
    },
    mail: MailTexts {
        title: "{brand} ile görüşmeniz",
        title_without_brand: "Görüşmeniz",
        messages_on: Plural::other("{date} tarihinde {count} mesaj.")
            .one("{date} tarihinde {count} mesaj."),
        messages_between: Plural::other("{first} – {last} arasında {count} mesaj.")
            .one("{first} – {last} arasında {count} mesaj."),
        times_in_zone: "Saatler {zone} saat dilimindedir.",
        times_in_utc: "Yerel saat dilimi bilinmediği için saatler UTC’ye göredir.",
        visitor: "Ziyaretçi",
        agent: "Temsilci",
        bot: "Bot",
        system: "Sistem",
        attached: "Ek:",
        unnamed_file: "adsız dosya",
        bytes: Plural::other("{count} bayt").one("{count} bayt"),
        byte_units: BYTE_UNITS,
        latest_message: "Bu e-posta son mesajı gösterir.",
        latest_messages: Plural::other("Bu e-posta {total} mesajın son {shown} tanesini gösterir.")
            .one("Bu e-posta {total} mesajın son {shown} tanesini gösterir."),
        beginning_of_latest: "Bu e-posta son mesajın başını gösterir.",
        whole_attached: "Görüşmenin tamamı {file} adıyla eklenmiştir.",
    },
};
