use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "今回のチャットはいかがでしたか？",
        question_about: "{agent}とのチャットはいかがでしたか？",
        faces: ["とても不満", "不満", "ふつう", "満足", "とても満足"],
    },
    mail: MailTexts {
        title: "{brand}とのチャット",
        title_without_brand: "チャットの記録",
        messages_on: Plural::other("{date}のメッセージ{count}件。"),
        messages_between: Plural::other("{first}から{last}までのメッセージ{count}件。"),
        times_in_zone: "時刻のタイムゾーンは{zone}です。",
        times_in_utc: "現地のタイムゾーンが不明なため、時刻はUTCです。",
        visitor: "お客様",
        agent: "担当者",
        bot: "ボット",
        system: "システム",
        attached: "添付：",
        unnamed_file: "名前のないファイル",
        bytes: Plural::other("{count}バイト"),
        byte_units: BYTE_UNITS,
        latest_message: "このメールには最新のメッセージを表示しています。",
        latest_messages: Plural::other(
            "このメールには全{total}件のうち最新の{shown}件を表示しています。",
        ),
        beginning_of_latest: "このメールには最新のメッセージの冒頭を表示しています。",
        whole_attached: "チャット全体は添付ファイル{file}にあります。",
    },
};
