use crate::agent_note::AgentNote;
use crate::html::{Frame, HtmlThread};
use crate::text::TextThread;
use crate::{Branding, MailLanguage, RatingLinks, TranscriptMail};

/// Renders the mail with the five faces of a rating request, without the conversation. Its subject is
/// the question.
///
/// # Errors
/// If a template cannot be rendered, which no input causes.
pub(crate) fn render_rating_mail(
    branding: &Branding,
    language: &MailLanguage,
    links: &RatingLinks,
) -> askama::Result<TranscriptMail> {
    let title = branding.title(language);
    let faces = links.faces(&branding.faces);
    let frame = Frame {
        title: &title,
        summary: "",
        total: 0,
        agent_note: &AgentNote::default(),
        faces: &faces,
        branding,
        language,
    };
    Ok(TranscriptMail {
        subject: branding.question.clone(),
        text: TextThread::default().finish(&frame)?,
        html: HtmlThread::default().finish(&frame, None)?.body,
        attachment: None,
    })
}

#[cfg(test)]
mod tests {
    use domain::{ConversationId, MailLinkToken, OrganisationId, RatingRequestId, VisitorSecret};
    use settings::Settings;
    use texts::VisitorLanguage;

    use super::*;
    use crate::{DefaultBranding, SubjectTemplate};

    #[test]
    fn the_mail_asks_the_question_and_contains_five_links_and_no_message() {
        let language = MailLanguage::choose([], VisitorLanguage::Polish).unwrap();
        let branding = DefaultBranding::new("Acme", SubjectTemplate::default())
            .with(&Settings::default(), VisitorLanguage::Polish);
        let token = MailLinkToken {
            organisation: OrganisationId::parse("main").unwrap(),
            conversation: ConversationId::parse("c").unwrap(),
            request: RatingRequestId::parse("r").unwrap(),
            secret: VisitorSecret::from_bytes([7; 32]),
        };
        let links = RatingLinks::new("https://api.example.com", &token);
        let mail = render_rating_mail(&branding, &language, &links).unwrap();
        assert_eq!(mail.subject, branding.question);
        for part in [&mail.text, &mail.html] {
            assert_eq!(part.matches("https://api.example.com/rate#").count(), 5);
            assert!(part.contains(&branding.question), "{part}");
        }
        assert!(mail.html.contains("lang=\"pl\""));
        assert!(!mail.html.contains("class=\"message"));
        assert!(!mail.html.contains("class=\"summary\""));
        assert!(mail.attachment.is_none());
    }
}
