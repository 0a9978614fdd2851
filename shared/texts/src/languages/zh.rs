use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{QuestionTexts, Texts};

pub(crate) static TEXTS: Texts = Texts {
    question: QuestionTexts {
        question: "您对这次对话满意吗？",
        question_about: "您对与{agent}的对话满意吗？",
        faces: ["非常不满意", "不满意", "一般", "满意", "非常满意"],
    },
    mail: MailTexts {
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
    },
};
