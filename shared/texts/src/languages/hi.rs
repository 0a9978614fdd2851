use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "आपकी बातचीत कैसी रही?",
        question_about: "{agent} के साथ आपकी बातचीत कैसी रही?",
        faces: ["बहुत असंतुष्ट", "असंतुष्ट", "सामान्य", "संतुष्ट", "बहुत संतुष्ट"],
    },
    mail: MailTexts {
        title: "{brand} के साथ आपकी बातचीत",
        title_without_brand: "आपकी बातचीत",
        messages_on: Plural::other("{date} को {count} संदेश।").one("{date} को {count} संदेश।"),
        messages_between: Plural::other("{first} से {last} तक {count} संदेश।")
            .one("{first} से {last} तक {count} संदेश।"),
        times_in_zone: "समय {zone} समय क्षेत्र में हैं।",
        times_in_utc: "समय UTC में हैं, क्योंकि स्थानीय समय क्षेत्र ज्ञात नहीं है।",
        visitor: "आगंतुक",
        agent: "एजेंट",
        bot: "बॉट",
        system: "सिस्टम",
        attached: "संलग्न:",
        unnamed_file: "बिना नाम की फ़ाइल",
        bytes: Plural::other("{count} बाइट").one("{count} बाइट"),
        byte_units: BYTE_UNITS,
        latest_message: "इस ईमेल में सबसे नया संदेश है।",
        latest_messages: Plural::other("इस ईमेल में {total} में से सबसे नए {shown} संदेश हैं।")
            .one("इस ईमेल में {total} में से सबसे नए {shown} संदेश हैं।"),
        beginning_of_latest: "इस ईमेल में सबसे नए संदेश की शुरुआत है।",
        whole_attached: "पूरी बातचीत {file} के रूप में संलग्न है।",
    },
};
