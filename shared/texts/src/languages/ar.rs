use crate::mail::MailTexts;
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "كيف كانت محادثتك؟",
    question_about: "كيف كانت محادثتك مع {agent}؟",
    faces: ["غير راضٍ جدًا", "غير راضٍ", "محايد", "راضٍ", "راضٍ جدًا"],
    thanks: "شكرًا على تقييمك!",
    comment: "هل تودّ إضافة شيء؟",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} من 5، {label}",
    saving: "جارٍ حفظ تقييمك…",
    changeable: "يمكنك تغييره حتى {time}.",
    reasons: "ما أكثر ما أثّر في تقييمك؟",
    reasons_hint: "يمكنك اختيار {maximum} كحد أقصى.",
    reasons_full: "لقد اخترت {maximum}. أزل واحدًا لاختيار آخر.",
    send_comment: "إرسال التعليق",
    comment_saved: "شكرًا، وصلنا تعليقك.",
    comment_removed: "تمت إزالة تعليقك.",
    change_comment: "تعديل التعليق",
    retry: "إعادة المحاولة",
    transcript: OwnTranscriptTexts {
        button: "إرسال المحادثة إلى بريدي الإلكتروني",
        to: "إلى {to}",
        no_address: "لا يوجد عنوان بريد إلكتروني معروف.",
        sending: "جارٍ إرسال الرسالة الإلكترونية…",
        sent: "أُرسلت إلى {to}.",
        failed: "حدث خطأ لدينا. يُرجى المحاولة مرة أخرى. لن تُرسل الرسالة الإلكترونية مرتين.",
    },
    problems: RatingProblems {
        unreachable: "تعذّر الوصول إلى الخادم. يُرجى التحقق من اتصالك بالإنترنت والمحاولة مرة أخرى.",
        throttled: "محاولات كثيرة جدًا. يُرجى المحاولة بعد قليل.",
        rating_closed: "لم يعد بالإمكان تغيير هذا التقييم.",
        invalid_reason: "لم يعد هذا السبب متاحًا. يُرجى الاختيار مرة أخرى.",
        rating_request_superseded: "يوجد طلب تقييم أحدث. يُرجى اختيار وجه مرة أخرى.",
        rating_request_withdrawn: "المحادثة مستمرة، ولذلك سُحب طلب التقييم هذا.",
        rating_request_expired: "انتهت مدة طلب التقييم هذا.",
        rating_request_not_found: "لم يعد طلب التقييم هذا موجودًا.",
        invalid_visitor_token: "انتهت جلسة هذه المحادثة. يُرجى إعادة تحميل الصفحة.",
        transcript_limit_reached: "بلغت الرسائل الإلكترونية الحد الأقصى. يمكنك المحاولة مرة أخرى بدءًا من {time}.",
        email_outcome_unknown: "ربما أُرسلت الرسالة الإلكترونية. يُرجى التحقق من بريدك الوارد قبل المحاولة مرة أخرى.",
        nothing_to_send: "لا توجد رسائل لإرسالها بعد.",
        email_refused: "لا يمكن إرسال هذه المحادثة بالبريد الإلكتروني.",
        other: "حدث خطأ لدينا، ولم يُحفظ جوابك بعد. يُرجى المحاولة مرة أخرى.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "إرسال التقييم",
    broken: "هذا الرابط غير مكتمل. يُرجى فتحه مرة أخرى من الرسالة الإلكترونية.",
    expired: "انتهت صلاحية هذا الرابط.",
    superseded: "يوجد طلب تقييم أحدث، ولذلك لم يعد هذا الرابط صالحًا.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
    latest_messages: Plural::other("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة.")
        .zero("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة.")
        .one("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة.")
        .two("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالتين.")
        .few("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسائل.")
        .many("تعرض هذه الرسالة الإلكترونية آخر {shown} من أصل {total} رسالة."),
    beginning_of_latest: "تعرض هذه الرسالة الإلكترونية بداية آخر رسالة.",
    whole_attached: "المحادثة الكاملة مرفقة في الملف {file}.",
};
