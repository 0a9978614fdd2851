use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "상담은 어떠셨나요?",
        question_about: "{agent} 님과의 상담은 어떠셨나요?",
        faces: ["매우 불만족", "불만족", "보통", "만족", "매우 만족"],
    },
    mail: MailTexts {
        title: "{brand} 상담 내용",
        title_without_brand: "상담 내용",
        messages_on: Plural::other("{date}의 메시지 {count}개."),
        messages_between: Plural::other("{first}부터 {last}까지의 메시지 {count}개."),
        times_in_zone: "시간은 {zone} 시간대 기준입니다.",
        times_in_utc: "현지 시간대를 알 수 없어 시간은 UTC 기준입니다.",
        visitor: "방문자",
        agent: "상담원",
        bot: "봇",
        system: "시스템",
        attached: "첨부:",
        unnamed_file: "이름 없는 파일",
        bytes: Plural::other("{count}바이트"),
        byte_units: BYTE_UNITS,
        latest_message: "이 이메일에는 최신 메시지가 표시됩니다.",
        latest_messages: Plural::other(
            "이 이메일에는 메시지 {total}개 중 최신 {shown}개가 표시됩니다.",
        ),
        beginning_of_latest: "이 이메일에는 최신 메시지의 앞부분이 표시됩니다.",
        whole_attached: "전체 대화는 {file} 파일로 첨부되어 있습니다.",
    },
};
