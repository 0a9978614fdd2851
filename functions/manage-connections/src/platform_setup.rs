//! What a connection needs on the platform: its webhook, its bot, and a look at its inboxes.

use chatwoot_client::{Bot, ChatwootClient, ChatwootError, Membership, Webhook};
use domain::{ConnectionSecret, InvalidValue};
use errors::{Failure, Fault, FaultCode, Refusal};
use store::ConnectionWarning;

/// What the platform should have.
#[derive(Debug)]
pub(crate) struct WantedSetup<'a> {
    /// The URL to which the platform sends events, without the key at its end.
    pub(crate) hook_url: &'a str,
    /// The URL with the key.
    pub(crate) webhook_url: &'a str,
    /// The id of the webhook that an earlier request created.
    pub(crate) webhook_id: Option<u64>,
    /// The id of the bot that the caller named, or of the one that is stored.
    pub(crate) bot_id: Option<u64>,
    /// Whether the caller named the bot.
    pub(crate) is_bot_named: bool,
    /// The name of a bot that is created.
    pub(crate) bot_name: &'a str,
    /// The description by which a bot is found that an earlier request created.
    pub(crate) bot_description: String,
    pub(crate) disables_own_survey: bool,
}

/// What the platform has.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The id of the webhook, if the token allowed to create it.
    pub(crate) webhook_id: Option<u64>,
    /// The secret that the platform returned.
    pub(crate) webhook_secret: Option<ConnectionSecret>,
    pub(crate) bot_id: Option<u64>,
    pub(crate) warnings: Vec<ConnectionWarning>,
}

/// Sets up the platform. The call can be repeated.
pub(crate) async fn set_up(
    client: &ChatwootClient,
    wanted: &WantedSetup<'_>,
) -> Result<Setup, Failure> {
    let membership = client.read_membership().await.map_err(explain)?;
    let mut setup = Setup {
        webhook_id: None,
        webhook_secret: None,
        bot_id: wanted.bot_id,
        warnings: Vec::new(),
    };
    match membership {
        Membership::Administrator => {
            let webhook = put_webhook(client, wanted).await.map_err(explain)?;
            setup.webhook_id = Some(webhook.id);
            let secret = webhook.secret.as_deref().map(ConnectionSecret::parse);
            setup.webhook_secret = secret.and_then(Result::ok);
            setup.bot_id = Some(find_or_create_bot(client, wanted).await?);
        }
        // An agent's token shows only some inboxes.
        Membership::Agent => setup.warnings.extend([
            ConnectionWarning::NoAdministrator,
            ConnectionWarning::InboxesOutOfReach,
        ]),
        Membership::None => {
            let rule = "is not an account of which the owner of the token is a member";
            return Err(refuse("account_id", rule).into());
        }
    }
    if setup.bot_id.is_none() {
        setup.warnings.push(ConnectionWarning::NoBot);
    }
    if has_own_survey(client, wanted, membership).await? {
        setup.warnings.push(ConnectionWarning::OwnSurvey);
    }
    Ok(setup)
}

/// Creates the webhook, or updates the one of an earlier request. Two concurrent requests may have
/// created two, so others are deleted.
async fn put_webhook(
    client: &ChatwootClient,
    wanted: &WantedSetup<'_>,
) -> Result<Webhook, ChatwootError> {
    let webhooks = client.list_webhooks().await?;
    let is_ours = |webhook: &&Webhook| {
        Some(webhook.id) == wanted.webhook_id || webhook.url.starts_with(wanted.hook_url)
    };
    let mut ours = webhooks.iter().filter(is_ours);
    let Some(first) = ours.next() else {
        let name = wanted.bot_name;
        return client.create_webhook(wanted.webhook_url, name).await;
    };
    for other in ours {
        match client.delete_webhook(other.id).await {
            // The other request has deleted it.
            Ok(()) | Err(ChatwootError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let updated = client.update_webhook(first.id, wanted.webhook_url).await?;
    let secret = updated.secret.or_else(|| first.secret.clone());
    Ok(Webhook { secret, ..updated })
}

async fn find_or_create_bot(
    client: &ChatwootClient,
    wanted: &WantedSetup<'_>,
) -> Result<u64, Failure> {
    let bots = client.list_bots().await.map_err(explain)?;
    let find = |is_wanted: &dyn Fn(&Bot) -> bool| bots.iter().find(|bot| is_wanted(bot));
    if let Some(bot) = find(&|bot| Some(bot.id) == wanted.bot_id) {
        return Ok(bot.id);
    }
    if wanted.is_bot_named {
        return Err(refuse("bot_id", "is not the id of a bot of the account").into());
    }
    let description = wanted.bot_description.as_str();
    if let Some(bot) = find(&|bot| bot.description.as_deref() == Some(description)) {
        return Ok(bot.id);
    }
    let created = client.create_bot(wanted.bot_name, description).await;
    created.map_err(explain)
}

/// Whether the platform's own survey is on in an inbox, after it was switched off if that is wanted.
async fn has_own_survey(
    client: &ChatwootClient,
    wanted: &WantedSetup<'_>,
    membership: Membership,
) -> Result<bool, Failure> {
    let inboxes = client.list_inboxes().await.map_err(explain)?;
    let surveys: Vec<_> = inboxes.iter().filter(|it| it.has_own_survey).collect();
    if !wanted.disables_own_survey || membership != Membership::Administrator {
        return Ok(!surveys.is_empty());
    }
    for inbox in surveys {
        let disabled = client.disable_own_survey(inbox.id).await;
        disabled.map_err(explain)?;
    }
    Ok(false)
}

fn refuse(field: &str, rule: &'static str) -> Refusal {
    Refusal::invalid_field(field, &InvalidValue::new(rule))
}

/// The answer to the caller if the platform does not do what is wanted.
fn explain(error: ChatwootError) -> Failure {
    match error {
        ChatwootError::Unavailable => {
            let cause = "the platform did not respond, or responded with a temporary error";
            Fault::new(FaultCode::PlatformUnavailable, cause).into()
        }
        ChatwootError::PrivateAddress => refuse("url", "must not have a private address").into(),
        ChatwootError::NotAllowed => {
            let rule = "is not accepted by the server, or does not allow what the connection needs";
            refuse("api_access_token", rule).into()
        }
        ChatwootError::NotFound | ChatwootError::Refused(_) | ChatwootError::Unreadable => {
            refuse("url", "does not respond as a Chatwoot server does").into()
        }
    }
}
