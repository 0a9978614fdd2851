use crate::mail::MailTexts;
use crate::plural::Plural;
use crate::{LinkTexts, OwnTranscriptTexts, PromptTexts, RatingProblems, WidgetTexts};

pub(crate) static PROMPT: PromptTexts = PromptTexts {
    question: "Comment s’est passée la conversation ?",
    question_about: "Comment s’est passée la conversation avec {agent} ?",
    faces: [
        "Très insatis\u{AD}fait",
        "Insatis\u{AD}fait",
        "Neutre",
        "Satis\u{AD}fait",
        "Très satis\u{AD}fait",
    ],
    thanks: "Merci pour votre note !",
    comment: "Souhaitez-vous ajouter quelque chose ?",
};

pub(crate) static WIDGET: WidgetTexts = WidgetTexts {
    face: "{score} sur 5, {label}",
    saving: "Enregistrement de votre note…",
    changeable: "Vous pouvez la modifier jusqu’au {time}.",
    reasons: "Qu’est-ce qui a le plus influencé votre note ?",
    reasons_hint: "Vous pouvez en choisir jusqu’à {maximum}.",
    reasons_full: "Vous en avez choisi {maximum}. Retirez-en un pour en choisir un autre.",
    send_comment: "Envoyer le commentaire",
    comment_saved: "Merci, nous avons bien reçu votre commentaire.",
    comment_removed: "Votre commentaire a été supprimé.",
    change_comment: "Modifier le commentaire",
    retry: "Réessayer",
    transcript: OwnTranscriptTexts {
        button: "Recevoir cette conversation par e-mail",
        to: "À {to}",
        no_address: "Aucune adresse e-mail n’est connue.",
        sending: "Envoi de l’e-mail…",
        sent: "Envoyé à {to}.",
        failed: "Un problème est survenu de notre côté. Veuillez réessayer. L’e-mail ne sera pas envoyé deux fois.",
    },
    problems: RatingProblems {
        unreachable: "Le serveur est injoignable. Vérifiez votre connexion à internet et réessayez.",
        throttled: "Trop de tentatives. Veuillez réessayer dans un instant.",
        rating_closed: "Cette note ne peut plus être modifiée.",
        invalid_reason: "Ce motif n’est plus proposé. Veuillez choisir à nouveau.",
        rating_request_superseded: "Il existe une demande d’évaluation plus récente. Veuillez choisir à nouveau un visage.",
        rating_request_withdrawn: "La conversation continue ; cette demande d’évaluation a donc été retirée.",
        rating_request_expired: "Cette demande d’évaluation a expiré.",
        rating_request_not_found: "Cette demande d’évaluation n’existe plus.",
        invalid_visitor_token: "La session de ce chat est terminée. Veuillez recharger la page.",
        transcript_limit_reached: "La limite d’e-mails est atteinte. Vous pourrez réessayer à partir du {time}.",
        email_outcome_unknown: "L’e-mail a peut-être été envoyé. Vérifiez votre boîte de réception avant de réessayer.",
        nothing_to_send: "Il n’y a pas encore de message à envoyer.",
        email_refused: "Cette conversation ne peut pas être envoyée par e-mail.",
        other: "Un problème est survenu de notre côté. Votre réponse n’est pas encore enregistrée. Veuillez réessayer.",
    },
};

pub(crate) static LINK: LinkTexts = LinkTexts {
    confirm: "Envoyer la note",
    broken: "Ce lien est incomplet. Veuillez l’ouvrir à nouveau depuis l’e-mail.",
    expired: "Ce lien a expiré.",
    superseded: "Il existe une demande d’évaluation plus récente ; ce lien n’est donc plus valable.",
};

pub(crate) static MAIL: MailTexts = MailTexts {
    title: "Votre conversation avec {brand}",
    title_without_brand: "Votre conversation",
    messages_on: Plural::other("{count} messages du {date}.")
        .one("{count} message du {date}.")
        .many("{count} de messages du {date}."),
    messages_between: Plural::other("{count} messages du {first} au {last}.")
        .one("{count} message du {first} au {last}.")
        .many("{count} de messages du {first} au {last}."),
    times_in_zone: "Les heures sont celles du fuseau horaire {zone}.",
    times_in_utc: "Les heures sont en UTC, car le fuseau horaire local n’est pas connu.",
    visitor: "Visiteur",
    agent: "Agent",
    bot: "Bot",
    system: "Système",
    attached: "Pièce jointe\u{A0}:",
    unnamed_file: "fichier sans nom",
    bytes: Plural::other("{count} octets")
        .one("{count} octet")
        .many("{count} d’octets"),
    byte_units: ["ko", "Mo", "Go", "To", "Po", "Eo"],
    latest_message: "Cet e-mail montre le dernier message.",
    latest_messages: Plural::other("Cet e-mail montre les {shown} derniers messages sur {total}.")
        .one("Cet e-mail montre les {shown} derniers messages sur {total}.")
        .many("Cet e-mail montre les {shown} derniers messages sur {total}."),
    beginning_of_latest: "Cet e-mail montre le début du dernier message.",
    whole_attached: "La conversation entière est jointe dans le fichier {file}.",
};
