use crate::mail::{BYTE_UNITS, MailTexts};
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Görüşmeniz nasıldı?",
    question_about: "{agent} ile görüşmeniz nasıldı?",
    faces: [
        "Hiç memnun değilim",
        "Memnun değilim",
        "Kararsı\u{AD}zım",
        "Memnu\u{AD}num",
        "Çok memnu\u{AD}num",
    ],
    thanks: "Değerlendirmeniz için teşekkürler!",
    comment: "Eklemek istediğiniz bir şey var mı?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "5 üzerinden {score}, {label}",
    saving: "Değerlendirmeniz kaydediliyor…",
    changeable: "{time} tarihine kadar değiştirebilirsiniz.",
    reasons: "Değerlendirmenizi en çok ne etkiledi?",
    reasons_hint: "En fazla {maximum} seçim yapabilirsiniz.",
    reasons_full: "{maximum} seçim yaptınız. Başka bir seçim için önce birini kaldırın.",
    send_comment: "Yorumu gönder",
    comment_saved: "Teşekkürler, yorumunuz alındı.",
    comment_removed: "Yorumunuz kaldırıldı.",
    change_comment: "Yorumu değiştir",
    retry: "Tekrar dene",
    transcript: OwnTranscriptTexts {
        button: "Görüşmeyi bana e-postayla gönder",
        to: "Alıcı: {to}",
        no_address: "E-posta adresi bilinmiyor.",
        sending: "E-posta gönderiliyor…",
        sent: "{to} adresine gönderildi.",
        failed: "Bizden kaynaklanan bir sorun oluştu. Lütfen tekrar deneyin. E-posta iki kez gönderilmez.",
    },
    problems: RatingProblems {
        unreachable: "Sunucuya ulaşılamadı. İnternet bağlantınızı kontrol edip tekrar deneyin.",
        throttled: "Çok fazla deneme yapıldı. Lütfen biraz sonra tekrar deneyin.",
        rating_closed: "Bu değerlendirme artık değiştirilemez.",
        invalid_reason: "Bu neden artık seçilemiyor. Lütfen yeniden seçin.",
        rating_request_superseded: "Daha yeni bir değerlendirme isteği var. Lütfen yeniden bir yüz seçin.",
        rating_request_withdrawn: "Görüşme devam ettiği için bu değerlendirme isteği geri çekildi.",
        rating_request_expired: "Bu değerlendirme isteğinin süresi doldu.",
        rating_request_not_found: "Bu değerlendirme isteği artık yok.",
        invalid_visitor_token: "Bu sohbet oturumu sona erdi. Lütfen sayfayı yenileyin.",
        transcript_limit_reached: "E-posta sınırına ulaşıldı. {time} tarihinden itibaren tekrar deneyebilirsiniz.",
        email_outcome_unknown: "E-posta gönderilmiş olabilir. Tekrar denemeden önce gelen kutunuzu kontrol edin.",
        nothing_to_send: "Henüz gönderilecek mesaj yok.",
        email_refused: "Bu görüşme e-postayla gönderilemiyor.",
        other: "Bizden kaynaklanan bir sorun oluştu. Yanıtınız henüz kaydedilmedi. Lütfen tekrar deneyin.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Değerlendirmeyi gönder",
    broken: "Bu bağlantı eksik. Lütfen e-postadan yeniden açın.",
    expired: "Bu bağlantının süresi doldu.",
    superseded: "Daha yeni bir değerlendirme isteği olduğu için bu bağlantı artık geçerli değil.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "{brand} ile görüşmeniz",
    title_without_brand: "Görüşmeniz",
    messages_on: Plural::other("{date} tarihinde {count} mesaj.")
        .one("{date} tarihinde {count} mesaj."),
    messages_between: Plural::other("{first} – {last} arasında {count} mesaj.")
        .one("{first} – {last} arasında {count} mesaj."),
    times_in_zone: "Saatler {zone} saat dilimindedir.",
    times_in_utc: "Yerel saat dilimi bilinmediği için saatler UTC’ye göredir.",
    visitor: "Ziyaretçi",
    agent: "Temsilci",
    bot: "Bot",
    system: "Sistem",
    attached: "Ek:",
    unnamed_file: "adsız dosya",
    bytes: Plural::other("{count} bayt").one("{count} bayt"),
    byte_units: BYTE_UNITS,
    latest_message: "Bu e-posta son mesajı gösterir.",
    latest_messages: Plural::other("Bu e-posta {total} mesajın son {shown} tanesini gösterir.")
        .one("Bu e-posta {total} mesajın son {shown} tanesini gösterir."),
    beginning_of_latest: "Bu e-posta son mesajın başını gösterir.",
    whole_attached: "Görüşmenin tamamı {file} adıyla eklenmiştir.",
};
