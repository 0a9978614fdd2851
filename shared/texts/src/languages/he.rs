use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "איך הייתה השיחה?",
    question_about: "איך הייתה השיחה עם {agent}?",
    faces: ["מאוד לא מרוצה", "לא מרוצה", "ניטרלי", "מרוצה", "מרוצה מאוד"],
    thanks: "תודה על הדירוג!",
    comment: "רוצה להוסיף משהו?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} מתוך 5, {label}",
    saving: "הדירוג נשמר…",
    changeable: "אפשר לשנות אותו עד {time}.",
    reasons: "מה השפיע הכי הרבה על הדירוג?",
    reasons_hint: "אפשר לבחור עד {maximum}.",
    reasons_full: "נבחרו {maximum}. יש להסיר בחירה אחת כדי לבחור אחרת.",
    send_comment: "שליחת תגובה",
    comment_saved: "תודה, התגובה התקבלה.",
    comment_removed: "התגובה הוסרה.",
    change_comment: "שינוי התגובה",
    retry: "ניסיון נוסף",
    transcript: OwnTranscriptTexts {
        button: "שליחת השיחה אליי באימייל",
        to: "אל {to}",
        no_address: "כתובת האימייל אינה ידועה.",
        sending: "שליחת האימייל מתבצעת…",
        sent: "נשלח אל {to}.",
        failed: "משהו השתבש אצלנו. יש לנסות שוב. האימייל לא יישלח פעמיים.",
    },
    problems: RatingProblems {
        unreachable: "לא ניתן להגיע לשרת. יש לבדוק את החיבור לאינטרנט ולנסות שוב.",
        throttled: "יותר מדי ניסיונות. יש לנסות שוב בעוד רגע.",
        rating_closed: "כבר לא ניתן לשנות את הדירוג הזה.",
        invalid_reason: "הסיבה הזו כבר לא זמינה. יש לבחור שוב.",
        rating_request_superseded: "יש בקשת דירוג חדשה יותר. יש לבחור פרצוף מחדש.",
        rating_request_withdrawn: "השיחה נמשכת, ולכן בקשת הדירוג הזו בוטלה.",
        rating_request_expired: "פג תוקפה של בקשת הדירוג הזו.",
        rating_request_not_found: "בקשת הדירוג הזו כבר לא קיימת.",
        invalid_visitor_token: "הצ׳אט הזה הסתיים. יש לטעון מחדש את הדף.",
        transcript_limit_reached: "הגעת למגבלת האימיילים. אפשר לנסות שוב אחרי {time}.",
        email_outcome_unknown: "ייתכן שהאימייל כבר נשלח. יש לבדוק את תיבת הדואר לפני שמנסים שוב.",
        nothing_to_send: "עדיין אין הודעות לשליחה.",
        email_refused: "לא ניתן לשלוח את השיחה הזו באימייל.",
        other: "משהו השתבש אצלנו. התשובה עדיין לא נשמרה. יש לנסות שוב.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "שליחת הדירוג",
    broken: "הקישור אינו שלם. יש לפתוח אותו שוב מהאימייל.",
    expired: "תוקף הקישור פג.",
    superseded: "יש בקשת דירוג חדשה יותר, ולכן הקישור הזה כבר אינו תקף.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
    latest_messages: Plural::other("האימייל הזה מציג את {shown} ההודעות האחרונות מתוך {total}.")
        .one("האימייל הזה מציג את {shown} ההודעות האחרונות מתוך {total}.")
        .two("האימייל הזה מציג את {shown} ההודעות האחרונות מתוך {total}."),
    beginning_of_latest: "האימייל הזה מציג את תחילת ההודעה האחרונה.",
    whole_attached: "השיחה המלאה מצורפת בקובץ {file}.",
};
