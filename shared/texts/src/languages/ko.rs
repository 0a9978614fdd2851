use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "상담은 어떠셨나요?",
    question_about: "{agent} 님과의 상담은 어떠셨나요?",
    faces: ["매우 불만족", "불만족", "보통", "만족", "매우 만족"],
    thanks: "평가해 주셔서 감사합니다!",
    comment: "더 남기고 싶은 말씀이 있으신가요?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "5점 중 {score}점, {label}",
    saving: "평가를 저장하는 중…",
    changeable: "{time}까지 변경할 수 있습니다.",
    reasons: "평가에 가장 큰 영향을 준 것은 무엇인가요?",
    reasons_hint: "최대 {maximum}개까지 선택할 수 있습니다.",
    reasons_full: "{maximum}개를 선택했습니다. 다른 항목을 선택하려면 하나를 해제해 주세요.",
    send_comment: "의견 보내기",
    comment_saved: "감사합니다. 의견을 받았습니다.",
    comment_removed: "의견이 삭제되었습니다.",
    change_comment: "의견 수정",
    retry: "다시 시도",
    transcript: OwnTranscriptTexts {
        button: "이 상담 내용을 이메일로 받기",
        to: "받는 사람: {to}",
        no_address: "등록된 이메일 주소가 없습니다.",
        sending: "이메일을 보내는 중…",
        sent: "{to} 주소로 보냈습니다.",
        failed: "저희 쪽에서 문제가 발생했습니다. 다시 시도해 주세요. 이메일이 두 번 전송되지는 않습니다.",
    },
    problems: RatingProblems {
        unreachable: "서버에 연결할 수 없습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.",
        throttled: "시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.",
        rating_closed: "이 평가는 더 이상 변경할 수 없습니다.",
        invalid_reason: "이 이유는 더 이상 선택할 수 없습니다. 다시 선택해 주세요.",
        rating_request_superseded: "더 새로운 평가 요청이 있습니다. 표정을 다시 선택해 주세요.",
        rating_request_withdrawn: "상담이 계속되어 이 평가 요청이 취소되었습니다.",
        rating_request_expired: "이 평가 요청은 기한이 지났습니다.",
        rating_request_not_found: "이 평가 요청은 더 이상 존재하지 않습니다.",
        invalid_visitor_token: "이 채팅 세션이 종료되었습니다. 페이지를 새로고침해 주세요.",
        transcript_limit_reached: "이메일 한도에 도달했습니다. {time} 이후에 다시 시도해 주세요.",
        email_outcome_unknown: "이메일이 이미 전송되었을 수 있습니다. 다시 시도하기 전에 받은편지함을 확인해 주세요.",
        nothing_to_send: "아직 보낼 메시지가 없습니다.",
        email_refused: "이 상담 내용은 이메일로 보낼 수 없습니다.",
        other: "저희 쪽에서 문제가 발생했습니다. 답변이 아직 저장되지 않았습니다. 다시 시도해 주세요.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "평가 보내기",
    broken: "링크가 완전하지 않습니다. 이메일에서 다시 열어 주세요.",
    expired: "링크가 만료되었습니다.",
    superseded: "더 새로운 평가 요청이 있어 이 링크는 더 이상 유효하지 않습니다.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
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
};
