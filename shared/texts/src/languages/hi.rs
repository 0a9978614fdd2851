use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "आपकी बातचीत कैसी रही?",
    question_about: "{agent} के साथ आपकी बातचीत कैसी रही?",
    faces: ["बहुत असंतुष्ट", "असंतुष्ट", "सामान्य", "संतुष्ट", "बहुत संतुष्ट"],
    thanks: "आपकी रेटिंग के लिए धन्यवाद!",
    comment: "क्या आप कुछ और कहना चाहेंगे?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "5 में से {score}, {label}",
    saving: "आपकी रेटिंग सहेजी जा रही है…",
    changeable: "आप इसे {time} तक बदल सकते हैं।",
    reasons: "आपकी रेटिंग पर सबसे ज़्यादा असर किस बात का रहा?",
    reasons_hint: "आप अधिकतम {maximum} चुन सकते हैं।",
    reasons_full: "आपने {maximum} चुन लिए हैं। दूसरा चुनने के लिए पहले एक हटाएँ।",
    send_comment: "टिप्पणी भेजें",
    comment_saved: "धन्यवाद, आपकी टिप्पणी मिल गई।",
    comment_removed: "आपकी टिप्पणी हटा दी गई।",
    change_comment: "टिप्पणी बदलें",
    retry: "फिर से कोशिश करें",
    transcript: OwnTranscriptTexts {
        button: "यह बातचीत मुझे ईमेल करें",
        to: "प्राप्तकर्ता: {to}",
        no_address: "कोई ईमेल पता उपलब्ध नहीं है।",
        sending: "ईमेल भेजा जा रहा है…",
        sent: "{to} पर भेजा गया।",
        failed: "हमारी ओर से कुछ गड़बड़ हुई। कृपया फिर से कोशिश करें। ईमेल दो बार नहीं भेजा जाएगा।",
    },
    problems: RatingProblems {
        unreachable: "सर्वर से संपर्क नहीं हो सका। अपना इंटरनेट कनेक्शन जाँचें और फिर से कोशिश करें।",
        throttled: "बहुत अधिक प्रयास हुए। कृपया थोड़ी देर में फिर से कोशिश करें।",
        rating_closed: "यह रेटिंग अब बदली नहीं जा सकती।",
        invalid_reason: "यह कारण अब उपलब्ध नहीं है। कृपया फिर से चुनें।",
        rating_request_superseded: "रेटिंग का एक नया अनुरोध है। कृपया फिर से एक चेहरा चुनें।",
        rating_request_withdrawn: "बातचीत जारी है, इसलिए रेटिंग का यह अनुरोध वापस ले लिया गया।",
        rating_request_expired: "रेटिंग के इस अनुरोध की समय सीमा समाप्त हो गई है।",
        rating_request_not_found: "रेटिंग का यह अनुरोध अब मौजूद नहीं है।",
        invalid_visitor_token: "इस चैट का सत्र समाप्त हो गया है। कृपया पेज को फिर से लोड करें।",
        transcript_limit_reached: "ईमेल की सीमा पूरी हो गई है। आप {time} के बाद फिर से कोशिश कर सकते हैं।",
        email_outcome_unknown: "हो सकता है कि ईमेल भेजा जा चुका हो। फिर से कोशिश करने से पहले अपना इनबॉक्स देखें।",
        nothing_to_send: "अभी भेजने के लिए कोई संदेश नहीं है।",
        email_refused: "यह बातचीत ईमेल से नहीं भेजी जा सकती।",
        other: "हमारी ओर से कुछ गड़बड़ हुई। आपका उत्तर अभी सहेजा नहीं गया है। कृपया फिर से कोशिश करें।",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "रेटिंग भेजें",
    broken: "यह लिंक अधूरा है। कृपया इसे ईमेल से फिर से खोलें।",
    expired: "इस लिंक की अवधि समाप्त हो गई है।",
    superseded: "रेटिंग का एक नया अनुरोध है, इसलिए यह लिंक अब मान्य नहीं है।",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "{brand} के साथ आपकी बातचीत",
    title_without_brand: "आपकी बातचीत",
    messages_on: Plural::other("{date} को {count} संदेश।").one("{date} को {count} संदेश।"),
    messages_between: Plural::other("{first} से {last} तक {count} संदेश।")
        .one("{first} से {last} तक {count} संदेश।"),
    times_in_zone: "समय {zone} समय क्षेत्र में हैं।",
    times_in_utc: "समय UTC में हैं, क्योंकि स्थानीय समय क्षेत्र ज्ञात नहीं है।",
    visitor: "आगंतुक",
    agent: "एजेंट",
    bot: "बॉट",
    system: "सिस्टम",
    attached: "संलग्न:",
    unnamed_file: "बिना नाम की फ़ाइल",
    bytes: Plural::other("{count} बाइट").one("{count} बाइट"),
    byte_units: BYTE_UNITS,
    latest_message: "इस ईमेल में सबसे नया संदेश है।",
    latest_messages: Plural::other("इस ईमेल में {total} में से सबसे नए {shown} संदेश हैं।")
        .one("इस ईमेल में {total} में से सबसे नए {shown} संदेश हैं।"),
    beginning_of_latest: "इस ईमेल में सबसे नए संदेश की शुरुआत है।",
    whole_attached: "पूरी बातचीत {file} के रूप में संलग्न है।",
};
