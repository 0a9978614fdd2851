use domain::{FACES, PersonName, RatingRequestId, Score, Timestamp};
use dynamodb::Table;
use errors::{Failure, Refusal};
use lambda::http::{HttpRequest, HttpResponse};
use serde::Serialize;
use settings::{AccentColor, Brand, BrandName, LogoUrl, Prompt, ShownReason};
use store::{
    ConversationItem, ConversationRef, CurrentRequest, RatingRequestItem, get_conversation, key,
};
use texts::VisitorLanguage;

use crate::SubmitRating;
use crate::language::RequestedLanguages;
use crate::rating_body::RatingBody;
use crate::visitor_credential::{TokenSecret, VisitorCredential, read_any_token};

/// The response body.
#[derive(Serialize)]
struct QuestionBody<'a> {
    rating_request: Option<RatingRequestBody<'a>>,
    rating: Option<RatingBody<'a>>,
    brand: BrandBody<'a>,
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
/// answer, even later. The reader of a mail gets only the request of the link.
///
/// The settings are read at the same time as the conversation.
pub(crate) async fn show(
    function: &SubmitRating,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let credential = read_any_token(request.bearer(), &function.tenants)?;
    let languages = RequestedLanguages::decode(request)?;
    let now = request.now();
    let organisation = &credential.organisation;
    let settings = function
        .settings
        .read_or_last(&function.table, organisation, now);
    let conversation = read_conversation(&function.table, &credential, now);
    let (settings, conversation) = tokio::join!(settings, conversation);
    let conversation = conversation?;
    let language = languages.choose(conversation.visitor_language.as_ref(), &settings);
    let open = conversation.open_request(now);
    let rating = conversation.current_rating();
    Ok(HttpResponse::ok(QuestionBody {
        rating_request: open
            .filter(|current| credential.concerns(&current.id))
            .map(|current| describe_request(current, settings.prompt(language), language)),
        rating: rating
            .filter(|rating| credential.concerns(&rating.rating_request_id))
            .map(RatingBody::of_conversation),
        brand: describe_brand(&settings.brand, function.brand_name.as_deref()),
    }))
}

/// Reads the conversation of `credential`, whose secret must be the right one.
async fn read_conversation(
    table: &Table,
    credential: &VisitorCredential,
    now: Timestamp,
) -> Result<ConversationItem, Failure> {
    let conversation_ref =
        ConversationRef::new(&credential.organisation, &credential.conversation, now);
    let conversation = get_conversation(table, conversation_ref);
    let conversation = match &credential.secret {
        TokenSecret::Widget(secret) => conversation
            .await?
            .filter(|conversation| conversation.visitor_secret.equals(secret)),
        TokenSecret::Link { secret, request } => {
            let key =
                key::rating_request(&credential.organisation, &credential.conversation, request);
            let (conversation, request) =
                tokio::try_join!(conversation, table.get::<RatingRequestItem>(key))?;
            let request = request.filter(|request| !request.has_expired(now));
            let link = request.and_then(|request| request.link);
            let link = link.filter(|link| link.secret.equals(secret));
            if link.as_ref().is_some_and(|link| link.expires_at <= now) {
                return Err(Refusal::rating_link_expired().into());
            }
            conversation.filter(|_| link.is_some())
        }
    };
    conversation.ok_or_else(|| Refusal::invalid_visitor_token().into())
}

fn describe_request<'a>(
    current: &'a CurrentRequest,
    prompt: Prompt<'a>,
    language: VisitorLanguage,
) -> RatingRequestBody<'a> {
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
    }
}

fn describe_brand<'a>(brand: &'a Brand, default_name: Option<&'a str>) -> BrandBody<'a> {
    let name = brand.name.as_ref().map(BrandName::as_str);
    BrandBody {
        name: name.or(default_name),
        logo_url: brand.logo_url.as_ref().map(LogoUrl::as_str),
        accent_color: brand.accent_color,
    }
}
