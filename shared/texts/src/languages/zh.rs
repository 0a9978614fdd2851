use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "您对这次对话满意吗？",
    question_about: "您对与{agent}的对话满意吗？",
    faces: ["非常不满意", "不满意", "一般", "满意", "非常满意"],
    thanks: "感谢您的评价！",
    comment: "您还有什么想补充的吗？",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} 分（满分 5 分），{label}",
    saving: "正在保存您的评价…",
    changeable: "您可以在{time}之前修改。",
    reasons: "哪些因素对您的评价影响最大？",
    reasons_hint: "最多可选 {maximum} 项。",
    reasons_full: "您已选择 {maximum} 项。如需选择其他项，请先取消一项。",
    send_comment: "发送评论",
    comment_saved: "谢谢，我们已收到您的评论。",
    comment_removed: "您的评论已删除。",
    change_comment: "修改评论",
    retry: "重试",
    transcript: OwnTranscriptTexts {
        button: "将此对话发送到我的邮箱",
        to: "发送至 {to}",
        no_address: "没有已知的邮箱地址。",
        sending: "正在发送邮件…",
        sent: "已发送至 {to}。",
        failed: "我们这边出了点问题。请重试。邮件不会重复发送。",
    },
    problems: RatingProblems {
        unreachable: "无法连接服务器。请检查网络连接后重试。",
        throttled: "尝试次数过多。请稍后重试。",
        rating_closed: "此评价已无法修改。",
        invalid_reason: "此原因已不可选。请重新选择。",
        rating_request_superseded: "有更新的评价请求。请重新选择一个表情。",
        rating_request_withdrawn: "对话仍在继续，因此此评价请求已撤回。",
        rating_request_expired: "此评价请求已过期。",
        rating_request_not_found: "此评价请求已不存在。",
        invalid_visitor_token: "此聊天会话已结束。请重新加载页面。",
        transcript_limit_reached: "邮件数量已达上限。您可以在{time}之后重试。",
        email_outcome_unknown: "邮件可能已发送。重试前请先查看您的收件箱。",
        nothing_to_send: "还没有可发送的消息。",
        email_refused: "此对话无法通过邮件发送。",
        other: "我们这边出了点问题。您的回答尚未保存。请重试。",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "发送评价",
    broken: "此链接不完整。请从邮件中重新打开。",
    expired: "此链接已过期。",
    superseded: "有更新的评价请求，因此此链接已失效。",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "您与{brand}的对话",
    title_without_brand: "您的对话",
    messages_on: Plural::other("{date}，共{count}条消息。"),
    messages_between: Plural::other("{first}至{last}，共{count}条消息。"),
    times_in_zone: "时间采用时区{zone}。",
    times_in_utc: "由于不知道当地时区，时间采用UTC。",
    visitor: "访客",
    agent: "客服",
    bot: "机器人",
    system: "系统",
    attached: "附件：",
    unnamed_file: "未命名文件",
    bytes: Plural::other("{count}字节"),
    byte_units: BYTE_UNITS,
    latest_message: "此邮件显示最新的一条消息。",
    latest_messages: Plural::other("此邮件显示{total}条消息中最新的{shown}条。"),
    beginning_of_latest: "此邮件显示最新消息的开头部分。",
    whole_attached: "完整对话见附件{file}。",
};
