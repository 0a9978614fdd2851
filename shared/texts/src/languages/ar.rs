use crate::mail::MailTexts;
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "كيف كانت محادثتك؟",
        question_about: "كيف كانت محادثتك مع {agent}؟",
        faces: ["غير راضٍ جدًا", "غير راضٍ", "محايد", "راضٍ", "راضٍ جدًا"],
    },
    mail: MailTexts {
        title: "محادثتك مع {brand}",
        title_without_brand: "محادثتك",
        messages_on: Plural::other("{count} رسالة في {date}.")
            .zero("لا رسائل في {date}.")
            .one("رسالة واحدة في {date}.")
            .two("رسالتان في {date}.")
            .few("{count} رسائل في {date}.")
            .many("{count} رسالة في {date}."),
        messages_between: Plural::other("{count} رسالة من {first} إلى {last}.")
            .zero("لا رسائل من {first} إلى {last}.")
            .one("رسالة واحدة من {first} إلى {last}.")
            .two("رسالتان من {first} إلى {last}.")
            .few("{count} رسائل من {first} إلى {last}.")
            .many("{count} رسالة من {first} إلى {last}."),
        times_in_zone: "الأوقات بحسب المنطقة الزمنية {zone}.",
        times_in_utc: "الأوقات بحسب التوقيت العالمي المنسق UTC، لأن المنطقة الزمنية المحلية غير معروفة.",
        visitor: "الزائر",
        agent: "الموظف",
        bot: "الروبوت",
        system: "النظام",
        attached: "مرفق:",
        unnamed_file: "ملف بلا اسم",
        bytes: Plural::other("{count} بايت")
            .zero("{count} بايت")
            .one("{count} بايت")
            .two("{count} بايت")
            .few("{count} بايت")
            .many("{count} بايت"),
        byte_units: ["ك.ب", "م.ب", "غ.ب", "ت.ب", "ب.ب", "إ.ب"],
        latest_message: "تعرض هذه الرسالة الإلكترونية آخر رسالة.",
        latest_messages: Plural::other(
            "تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة.",
        )
        .zero("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة.")
        .one("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة.")
        .two("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالتين.")
        .few("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسائل.")
        .many("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة."),
        beginning_of_latest: "تعرض هذه الرسالة الإلكترونية بداية آخر رسالة.",
        whole_attached: "المحادثة الكاملة مرفقة في الملف {file}.",
    },
};
