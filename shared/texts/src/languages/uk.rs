use crate::mail::MailTexts;
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Як пройшла розмова?",
    question_about: "Як пройшла розмова з {agent}?",
    faces: [
        "Дуже погано",
        "Погано",
        "Нормаль\u{AD}но",
        "Добре",
        "Дуже добре",
    ],
    thanks: "Дякуємо за оцінку!",
    comment: "Бажаєте щось додати?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} з 5, {label}",
    saving: "Оцінка зберігається…",
    changeable: "Її можна змінити до {time}.",
    reasons: "Що найбільше вплинуло на вашу оцінку?",
    reasons_hint: "Можна вибрати до {maximum}.",
    reasons_full: "Вибрано {maximum}. Щоб вибрати іншу причину, зніміть одну з вибраних.",
    send_comment: "Надіслати коментар",
    comment_saved: "Дякуємо, ваш коментар отримано.",
    comment_removed: "Ваш коментар видалено.",
    change_comment: "Змінити коментар",
    retry: "Спробувати ще раз",
    transcript: OwnTranscriptTexts {
        button: "Отримати розмову електронною поштою",
        to: "На адресу {to}",
        no_address: "Електронна адреса невідома.",
        sending: "Лист надсилається…",
        sent: "Надіслано на адресу {to}.",
        failed: "У нас сталася помилка. Спробуйте ще раз. Лист не буде надіслано двічі.",
    },
    problems: RatingProblems {
        unreachable: "Не вдалося з’єднатися із сервером. Перевірте з’єднання з інтернетом і спробуйте ще раз.",
        throttled: "Забагато спроб. Спробуйте ще раз за мить.",
        rating_closed: "Цю оцінку вже не можна змінити.",
        invalid_reason: "Ця причина більше недоступна. Виберіть ще раз.",
        rating_request_superseded: "Є новіший запит на оцінку. Виберіть обличчя ще раз.",
        rating_request_withdrawn: "Розмова триває, тому цей запит на оцінку відкликано.",
        rating_request_expired: "Термін дії цього запиту на оцінку минув.",
        rating_request_not_found: "Цього запиту на оцінку більше не існує.",
        invalid_visitor_token: "Сеанс цього чату завершено. Оновіть сторінку.",
        transcript_limit_reached: "Досягнуто ліміту листів. Спробувати ще раз можна після {time}.",
        email_outcome_unknown: "Лист, можливо, вже надіслано. Перевірте поштову скриньку, перш ніж спробувати ще раз.",
        nothing_to_send: "Повідомлень для надсилання ще немає.",
        email_refused: "Цю розмову не можна надіслати електронною поштою.",
        other: "У нас сталася помилка. Вашу відповідь ще не збережено. Спробуйте ще раз.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Надіслати оцінку",
    broken: "Це посилання неповне. Відкрийте його ще раз із листа.",
    expired: "Термін дії цього посилання закінчився.",
    superseded: "Є новіший запит на оцінку, тому це посилання вже недійсне.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
};
