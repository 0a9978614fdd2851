//! What a connection needs on the platform: its webhook, its bot, and a look at its inboxes.

use chatwoot_client::{Bot, ChatwootClient, ChatwootError, Membership, ServerVersion, Webhook};
use domain::{ConnectionId, ConnectionSecret, HookKey, InvalidValue, OrganisationId};
use dynamodb::{Batch, Table};
use errors::{Failure, Fault, FaultCode, Refusal};
use store::{ConnectionWarning, HookItem, key};

use crate::connection_write::PLATFORM;

/// What the platform should have.
#[derive(Debug)]
pub(crate) struct DesiredSetup<'a> {
    pub(crate) organisation: &'a OrganisationId,
    pub(crate) id: &'a ConnectionId,
    /// The beginning of the URL to which the platform sends events. The key follows.
    pub(crate) hook_url_prefix: &'a str,
    /// The URL with the key.
    pub(crate) webhook_url: &'a str,
    /// The id of the webhook that an earlier request created.
    pub(crate) webhook_id: Option<u64>,
    /// The id of the bot that the caller named, or of the one that is stored.
    pub(crate) bot_id: Option<u64>,
    /// Whether the caller named the bot.
    pub(crate) is_bot_id_requested: bool,
    /// The name of a bot that is created.
    pub(crate) bot_name: &'a str,
    /// The description by which a bot is found that an earlier request created.
    pub(crate) bot_description: String,
    pub(crate) disables_own_survey: bool,
}

/// What the platform has.
#[derive(Debug)]
pub(crate) struct PlatformSetup {
    /// The id of the webhook, if the token allowed to create it.
    pub(crate) webhook_id: Option<u64>,
    /// The secret that the platform returned.
    pub(crate) webhook_secret: Option<ConnectionSecret>,
    pub(crate) bot_id: Option<u64>,
    /// The token of the bot, if the owner of the token may see it.
    pub(crate) bot_access_token: Option<ConnectionSecret>,
    pub(crate) warnings: Vec<ConnectionWarning>,
}

/// Sets up the platform. The call can be repeated.
pub(crate) async fn set_up(
    table: &Table,
    client: &ChatwootClient,
    desired: &DesiredSetup<'_>,
) -> Result<PlatformSetup, Failure> {
    let version = client.read_version().await.map_err(to_failure)?;
    if version.is_some_and(|version| version < ServerVersion::OLDEST) {
        let rule =
            "is the URL of a Chatwoot server that is older than version 4.9. Update the server";
        return Err(refuse("url", rule).into());
    }
    let membership = client.read_membership().await.map_err(to_failure)?;
    let mut setup = PlatformSetup {
        webhook_id: None,
        webhook_secret: None,
        bot_id: None,
        bot_access_token: None,
        warnings: Vec::new(),
    };
    match membership {
        Membership::Administrator => {
            let bot = match find_bot(client, desired).await? {
                Some(bot) => bot,
                None => create_bot(client, desired).await?,
            };
            setup.add_bot(bot);
        }
        Membership::Agent => {
            // An agent's token shows only some inboxes.
            setup.warnings.extend([
                ConnectionWarning::NoAdministrator,
                ConnectionWarning::InboxesOutOfReach,
            ]);
            if let Some(bot) = find_bot(client, desired).await? {
                setup.add_bot(bot);
            }
        }
        Membership::None => {
            let rule = "is not an account of which the owner of the token is a member";
            return Err(refuse("account_id", rule).into());
        }
    }
    if setup.bot_id.is_none() {
        setup.warnings.push(ConnectionWarning::NoBot);
    }
    if has_own_survey(client, desired, membership).await? {
        setup.warnings.push(ConnectionWarning::OwnSurvey);
    }
    // The webhook comes last: if another call fails, it still has the stored key.
    if membership == Membership::Administrator {
        let webhook = put_webhook(table, client, desired).await?;
        setup.webhook_id = Some(webhook.id);
        let secret = webhook.secret.as_deref().map(ConnectionSecret::parse);
        setup.webhook_secret = secret.and_then(Result::ok);
    }
    Ok(setup)
}

impl PlatformSetup {
    fn add_bot(&mut self, bot: Bot) {
        let token = bot.access_token.as_deref().map(ConnectionSecret::parse);
        self.bot_access_token = token.and_then(Result::ok);
        self.bot_id = Some(bot.id);
    }
}

/// Creates the webhook, or updates the one of an earlier request. Two concurrent requests may have
/// created two, so others are deleted.
async fn put_webhook(
    table: &Table,
    client: &ChatwootClient,
    desired: &DesiredSetup<'_>,
) -> Result<Webhook, Failure> {
    let webhooks = client.list_webhooks().await.map_err(to_failure)?;
    let mut ours = find_own_webhooks(table, webhooks, desired)
        .await?
        .into_iter();
    let Some(first) = ours.next() else {
        let name = desired.bot_name;
        let created = client.create_webhook(desired.webhook_url, name).await;
        return created.map_err(to_failure);
    };
    for other in ours {
        delete_if_exists(client, other.id).await?;
    }
    let updated = client.update_webhook(first.id, desired.webhook_url).await;
    let updated = updated.map_err(to_failure)?;
    // Some forks of the server do not change the URL.
    if updated.url != desired.webhook_url {
        let created = client.create_webhook(desired.webhook_url, desired.bot_name);
        let created = created.await.map_err(to_failure)?;
        delete_if_exists(client, first.id).await?;
        return Ok(created);
    }
    let secret = updated.secret.or(first.secret);
    Ok(Webhook { secret, ..updated })
}

/// Deletes a webhook, unless another request has deleted it.
async fn delete_if_exists(client: &ChatwootClient, id: u64) -> Result<(), Failure> {
    match client.delete_webhook(id).await {
        Ok(()) | Err(ChatwootError::NotFound) => Ok(()),
        Err(error) => Err(to_failure(error)),
    }
}

/// The webhooks of this connection: the stored one, and those of requests that were interrupted. Another
/// organisation may have a connection with the same id to the same account. Its webhook has a key that is
/// stored as its own.
async fn find_own_webhooks(
    table: &Table,
    webhooks: Vec<Webhook>,
    desired: &DesiredSetup<'_>,
) -> Result<Vec<Webhook>, Fault> {
    let mut candidates = Vec::new();
    for webhook in webhooks {
        let hook_key = webhook.url.strip_prefix(desired.hook_url_prefix);
        let hook_key = hook_key.and_then(|hook_key| HookKey::parse(hook_key).ok());
        let hook_key = hook_key.map(|hook_key| key::hook(PLATFORM, &hook_key));
        // After a reinstallation of the server, the stored id may be that of another webhook.
        let is_stored = Some(webhook.id) == desired.webhook_id;
        if hook_key.is_some() || is_stored && is_hook_of(&webhook, desired.id) {
            candidates.push((webhook, hook_key));
        }
    }
    let mut keys: Vec<_> = candidates
        .iter()
        .filter_map(|(_, hook_key)| hook_key.clone())
        .collect();
    keys.dedup();
    let mut batch = match keys.is_empty() {
        true => None,
        false => Some(Batch::read(table, keys).await?),
    };
    let mut ours = Vec::new();
    for (webhook, hook_key) in candidates {
        let hook: Option<HookItem> = match (&mut batch, &hook_key) {
            (Some(batch), Some(hook_key)) => batch.take(hook_key)?,
            _ => None,
        };
        let is_ours = hook.is_none_or(|hook| {
            hook.organisation == *desired.organisation && hook.connection_id == *desired.id
        });
        if is_ours {
            ours.push(webhook);
        }
    }
    Ok(ours)
}

/// Whether a webhook has the URL of a hook of the connection `id`, at any origin.
fn is_hook_of(webhook: &Webhook, id: &ConnectionId) -> bool {
    webhook.url.contains(&format!("/v1/hooks/{PLATFORM}/{id}/"))
}

/// Finds the bot that the caller named, the stored one, or the one of a request that was interrupted.
async fn find_bot(
    client: &ChatwootClient,
    desired: &DesiredSetup<'_>,
) -> Result<Option<Bot>, Failure> {
    let mut bots = client.list_bots().await.map_err(to_failure)?;
    let described = |bot: &Bot| bot.description.as_ref() == Some(&desired.bot_description);
    let position = bots.iter().position(|bot| Some(bot.id) == desired.bot_id);
    if position.is_none() && desired.is_bot_id_requested {
        return Err(refuse("bot_id", "is not the id of a bot of the account").into());
    }
    let position = position.or_else(|| bots.iter().position(described));
    Ok(position.map(|position| bots.swap_remove(position)))
}

async fn create_bot(client: &ChatwootClient, desired: &DesiredSetup<'_>) -> Result<Bot, Failure> {
    let created = client.create_bot(desired.bot_name, &desired.bot_description);
    created.await.map_err(to_failure)
}

/// Whether the platform's own survey is on in an inbox, after it was switched off if that is desired.
async fn has_own_survey(
    client: &ChatwootClient,
    desired: &DesiredSetup<'_>,
    membership: Membership,
) -> Result<bool, Failure> {
    let inboxes = client.list_inboxes().await.map_err(to_failure)?;
    let surveys: Vec<_> = inboxes.iter().filter(|it| it.has_own_survey).collect();
    if !desired.disables_own_survey || membership != Membership::Administrator {
        return Ok(!surveys.is_empty());
    }
    for inbox in surveys {
        let disabled = client.disable_own_survey(inbox.id).await;
        disabled.map_err(to_failure)?;
    }
    Ok(false)
}

fn refuse(field: &str, rule: &'static str) -> Refusal {
    Refusal::invalid_field(field, &InvalidValue::new(rule))
}

/// The answer to the caller if the platform does not do what is desired.
fn to_failure(error: ChatwootError) -> Failure {
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
        ChatwootError::Refused(_) | ChatwootError::TooLarge => {
            Fault::new(FaultCode::PlatformUnavailable, error.to_string()).into()
        }
        ChatwootError::NotFound
        | ChatwootError::NoBot
        | ChatwootError::BotNotAllowed
        | ChatwootError::Unreadable => {
            refuse("url", "is not the URL of a Chatwoot server. Check it").into()
        }
    }
}
