use domain::{FACES, PersonName, RatingRequestId, Score, Timestamp};
use errors::Failure;
use lambda::http::{HttpRequest, HttpResponse};
use rating_answers::VisitorCredential;
use serde::Serialize;
use settings::{AccentColor, Brand, LogoUrl, Settings, ShownReason};
use store::{ConversationItem, CurrentRequest};
use texts::VisitorLanguage;

use crate::conversation::read_conversation;
use crate::dependencies::Dependencies;
use crate::language::RequestedLanguages;
use crate::rating_body::RatingBody;
use crate::visitor_credential::read_credential;

/// The response body.
#[derive(Serialize)]
struct QuestionBody<'a> {
    /// The language of the button, which is also shown without a rating request. Absent if there is no
    /// button.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    rating_request: Option<RatingRequestBody<'a>>,
    rating: Option<RatingBody<'a>>,
    /// Only for the widget.
    #[serde(skip_serializing_if = "Option::is_none")]
    transcript: Option<OwnTranscript>,
}

/// Whether the visitor may have the transcript sent to the recorded address.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct OwnTranscript {
    state: ButtonState,
    /// The recorded address, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum ButtonState {
    Enabled,
    /// No address is recorded.
    Disabled,
    /// The settings do not offer it.
    Hidden,
}

impl OwnTranscript {
    fn of(conversation: &ConversationItem, settings: &Settings) -> Self {
        let transcripts = &settings.transcripts;
        if !transcripts.visitor_may_request || transcripts.from.is_none() {
            return Self {
                state: ButtonState::Hidden,
                to: None,
            };
        }
        match &conversation.visitor_email {
            Some(email) => Self {
                state: ButtonState::Enabled,
                to: Some(email.mask()),
            },
            None => Self {
                state: ButtonState::Disabled,
                to: None,
            },
        }
    }
}

/// The rating request as visitors see it.
#[derive(Serialize)]
struct RatingRequestBody<'a> {
    id: &'a RatingRequestId,
    requested_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_name: Option<&'a PersonName>,
    language: &'static str,
    question: String,
    faces: Vec<FaceBody>,
    thanks: &'a str,
    comment_label: &'a str,
    reasons: Vec<ShownReason<'a>>,
    brand: BrandBody<'a>,
}

#[derive(Serialize)]
struct FaceBody {
    score: Score,
    emoji: &'static str,
    label: String,
}

/// The brand as visitors see it.
#[derive(Serialize)]
struct BrandBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accent_color: Option<AccentColor>,
}

/// Returns the current request if it is open or its answer can still be changed. Also returns the
/// answer, even later.
pub(crate) async fn show_current(
    dependencies: &Dependencies,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let token = dependencies.tenants.visitor_token(request.bearer())?;
    show_to(dependencies, request, token.into(), Wanted::Current).await
}

/// Returns what [`show_current`] returns, if the request that the path names is the current one.
pub(crate) async fn show(
    dependencies: &Dependencies,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    // The token is checked first: a stranger with an invalid id gets 401, not 422.
    let id = request.path_parameter("rating_request_id", RatingRequestId::parse);
    let credential = read_credential(request.bearer(), &dependencies.tenants, id.as_ref().ok())?;
    let id = id?;
    show_to(dependencies, request, credential, Wanted::One(id)).await
}

/// The rating request that is shown if it is the current one.
enum Wanted {
    /// Any. The widget also shows the button for the visitor's transcript.
    Current,
    One(RatingRequestId),
}

impl Wanted {
    fn includes(&self, current: &RatingRequestId) -> bool {
        match self {
            Self::Current => true,
            Self::One(id) => id == current,
        }
    }
}

/// Returns the current request and its answer, if it is `wanted`. The settings are read at the same
/// time as the conversation.
async fn show_to(
    dependencies: &Dependencies,
    request: &HttpRequest,
    credential: VisitorCredential,
    wanted: Wanted,
) -> Result<HttpResponse, Failure> {
    let languages = RequestedLanguages::decode(request)?;
    let now = request.now();
    let organisation = &credential.organisation;
    let settings = dependencies
        .settings
        .read_or_last(&dependencies.table, organisation, now);
    let conversation = read_conversation(&dependencies.table, &credential, now);
    let (settings, conversation) = tokio::join!(settings, conversation);
    let conversation = conversation?;
    let language = languages.choose(conversation.visitor_language.as_ref(), &settings);
    let default_brand = dependencies.brand_name.as_deref();
    let open = conversation.open_request(now);
    let transcript = match wanted {
        Wanted::Current => Some(OwnTranscript::of(&conversation, &settings)),
        Wanted::One(_) => None,
    };
    let rating = conversation.current_rating();
    Ok(HttpResponse::ok(QuestionBody {
        language: transcript
            .as_ref()
            .filter(|transcript| transcript.state != ButtonState::Hidden)
            .map(|_| language.as_str()),
        rating_request: open
            .filter(|current| wanted.includes(&current.id))
            .map(|current| describe_request(current, &settings, language, default_brand)),
        rating: rating
            .filter(|rating| wanted.includes(&rating.rating_request_id))
            .map(RatingBody::of_conversation),
        transcript,
    }))
}

fn describe_request<'a>(
    current: &'a CurrentRequest,
    settings: &'a Settings,
    language: VisitorLanguage,
    default_brand: Option<&'a str>,
) -> RatingRequestBody<'a> {
    let prompt = settings.prompt(language);
    let agent_name = current.agent.name.as_ref();
    RatingRequestBody {
        id: &current.id,
        requested_at: current.requested_at,
        agent_name,
        language: language.as_str(),
        question: prompt.question(agent_name.map(PersonName::as_str)),
        faces: FACES
            .into_iter()
            .zip(prompt.faces())
            .map(|(face, label)| FaceBody {
                score: face.score,
                emoji: face.emoji,
                label,
            })
            .collect(),
        thanks: prompt.thanks(),
        comment_label: prompt.comment_label(),
        reasons: prompt.reasons(),
        brand: describe_brand(&settings.brand, default_brand),
    }
}

fn describe_brand<'a>(brand: &'a Brand, default_name: Option<&'a str>) -> BrandBody<'a> {
    BrandBody {
        name: brand.name_or(default_name),
        logo_url: brand.logo_url.as_ref().map(LogoUrl::as_str),
        accent_color: brand.accent_color,
    }
}
