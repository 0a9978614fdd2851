use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "今回のチャットはいかがでしたか？",
    question_about: "{agent}とのチャットはいかがでしたか？",
    faces: ["とても不満", "不満", "ふつう", "満足", "とても満足"],
    thanks: "評価をありがとうございました！",
    comment: "ほかにご意見はありますか？",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "5段階中{score}、{label}",
    saving: "評価を保存しています…",
    changeable: "{time}まで変更できます。",
    reasons: "評価に最も影響したのは何ですか？",
    reasons_hint: "{maximum}つまで選べます。",
    reasons_full: "{maximum}つ選択済みです。ほかを選ぶには、いずれかを外してください。",
    send_comment: "コメントを送信",
    comment_saved: "ありがとうございます。コメントを受け取りました。",
    comment_removed: "コメントを削除しました。",
    change_comment: "コメントを変更",
    retry: "再試行",
    transcript: OwnTranscriptTexts {
        button: "このチャットをメールで受け取る",
        to: "宛先：{to}",
        no_address: "メールアドレスが登録されていません。",
        sending: "メールを送信しています…",
        sent: "{to}に送信しました。",
        failed: "こちらで問題が発生しました。もう一度お試しください。メールが2回送信されることはありません。",
    },
    problems: RatingProblems {
        unreachable: "サーバーに接続できません。インターネット接続を確認して、もう一度お試しください。",
        throttled: "試行回数が多すぎます。しばらくしてからもう一度お試しください。",
        rating_closed: "この評価はもう変更できません。",
        invalid_reason: "この理由は選択できなくなりました。もう一度選んでください。",
        rating_request_superseded: "新しい評価のお願いがあります。もう一度顔を選んでください。",
        rating_request_withdrawn: "チャットが続いているため、この評価のお願いは取り消されました。",
        rating_request_expired: "この評価のお願いは期限が切れました。",
        rating_request_not_found: "この評価のお願いはもうありません。",
        invalid_visitor_token: "このチャットのセッションは終了しました。ページを再読み込みしてください。",
        transcript_limit_reached: "メールの上限に達しました。{time}以降にもう一度お試しください。",
        email_outcome_unknown: "メールはすでに送信された可能性があります。もう一度試す前に、受信トレイをご確認ください。",
        nothing_to_send: "送信できるメッセージがまだありません。",
        email_refused: "このチャットはメールで送信できません。",
        other: "こちらで問題が発生しました。回答はまだ保存されていません。もう一度お試しください。",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "評価を送信",
    broken: "このリンクは不完全です。メールからもう一度開いてください。",
    expired: "このリンクの有効期限が切れています。",
    superseded: "新しい評価のお願いがあるため、このリンクは無効になりました。",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
};
