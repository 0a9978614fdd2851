use platform_client::Method;
use serde::Deserialize;
use serde_json::json;

use crate::call::{ChatwootClient, read};
use crate::error::ChatwootError;

/// The events that a webhook must send.
const SUBSCRIPTIONS: [&str; 5] = [
    "conversation_created",
    "conversation_status_changed",
    "conversation_updated",
    "message_created",
    "message_updated",
];

/// The version of a Chatwoot server, such as 4.15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl ServerVersion {
    /// The oldest version that can be connected. Older ones do not keep the attribute by which a message that this
    /// project posted is found again.
    pub const OLDEST: Self = Self { major: 4, minor: 9 };

    /// Reads a text such as `4.15.1`.
    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.');
        Some(Self {
            major: numbers.next()?.parse().ok()?,
            minor: numbers.next()?.parse().ok()?,
        })
    }
}

/// What the owner of the token may do in the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// An administrator.
    Administrator,
    /// An agent, who sees only the inboxes of which the agent is a member.
    Agent,
    /// The owner is not a member of the account.
    None,
}

/// A webhook of the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Webhook {
    /// The id.
    pub id: u64,
    /// The URL to which events are sent.
    pub url: String,
    /// The secret with which events are signed. `None` if the version does not sign.
    #[serde(default)]
    pub secret: Option<String>,
}

/// An inbox of the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Inbox {
    /// The id.
    pub id: u64,
    /// Whether Chatwoot's own survey is on.
    #[serde(default, rename = "csat_survey_enabled")]
    pub has_own_survey: bool,
}

#[derive(Deserialize)]
struct Payload<T> {
    payload: T,
}

#[derive(Deserialize)]
struct Webhooks {
    webhooks: Vec<Webhook>,
}

#[derive(Deserialize)]
struct OneWebhook {
    webhook: Webhook,
}

/// A bot of the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Bot {
    /// The id.
    pub id: u64,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// The token with which it posts, if the owner of the token may see it.
    #[serde(default)]
    pub access_token: Option<String>,
}

#[derive(Deserialize)]
struct Server {
    version: String,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(default)]
    accounts: Vec<Account>,
}

#[derive(Deserialize)]
struct Account {
    id: u64,
    #[serde(default)]
    role: Option<String>,
}

impl ChatwootClient {
    /// The version of the server. `None` if the response is not one of Chatwoot: a proxy may not forward this path.
    ///
    /// # Errors
    /// [`ChatwootError::Unavailable`] and [`ChatwootError::PrivateAddress`].
    pub async fn read_version(&self) -> Result<Option<ServerVersion>, ChatwootError> {
        let response = match self.call(&self.token, Method::Get, "/api", None).await {
            Ok(response) => response,
            Err(error @ (ChatwootError::Unavailable | ChatwootError::PrivateAddress)) => {
                return Err(error);
            }
            Err(_) => return Ok(None),
        };
        let server: Option<Server> = read(&response).ok();
        Ok(server.and_then(|server| ServerVersion::parse(&server.version)))
    }

    /// What the owner of the token may do in the account.
    ///
    /// # Errors
    /// [`ChatwootError::NotAllowed`] if the token is not accepted. A bot's token is not.
    pub async fn read_membership(&self) -> Result<Membership, ChatwootError> {
        let profile = self.call(&self.token, Method::Get, "/api/v1/profile", None);
        let profile: Profile = read(&profile.await?)?;
        let mut accounts = profile.accounts.into_iter();
        let account = accounts.find(|account| account.id == self.account_id);
        Ok(match account {
            None => Membership::None,
            Some(account) if account.role.as_deref() == Some("administrator") => {
                Membership::Administrator
            }
            Some(_) => Membership::Agent,
        })
    }

    /// Lists the webhooks. Only administrators may do so.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn list_webhooks(&self) -> Result<Vec<Webhook>, ChatwootError> {
        let response = self.call_account(Method::Get, "webhooks", None).await?;
        let response: Payload<Webhooks> = read(&response)?;
        Ok(response.payload.webhooks)
    }

    /// Creates a webhook.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn create_webhook(&self, url: &str, name: &str) -> Result<Webhook, ChatwootError> {
        let body = json!({"webhook": {"url": url, "name": name, "subscriptions": SUBSCRIPTIONS}});
        let response = self.call_account(Method::Post, "webhooks", Some(body));
        let response: Payload<OneWebhook> = read(&response.await?)?;
        Ok(response.payload.webhook)
    }

    /// Changes the URL of a webhook, and its events to those that are needed.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn update_webhook(&self, id: u64, url: &str) -> Result<Webhook, ChatwootError> {
        let body = json!({"webhook": {"url": url, "subscriptions": SUBSCRIPTIONS}});
        let path = format!("webhooks/{id}");
        let response = self.call_account(Method::Patch, &path, Some(body));
        let response: Payload<OneWebhook> = read(&response.await?)?;
        Ok(response.payload.webhook)
    }

    /// Deletes a webhook.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn delete_webhook(&self, id: u64) -> Result<(), ChatwootError> {
        let path = format!("webhooks/{id}");
        self.call_account(Method::Delete, &path, None).await?;
        Ok(())
    }

    /// Lists the bots.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn list_bots(&self) -> Result<Vec<Bot>, ChatwootError> {
        let response = self.call_account(Method::Get, "agent_bots", None).await?;
        read(&response)
    }

    /// Creates a bot. Visitors see its `name` above what it posts.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn create_bot(&self, name: &str, description: &str) -> Result<Bot, ChatwootError> {
        let body = json!({"name": name, "description": description});
        let response = self.call_account(Method::Post, "agent_bots", Some(body));
        read(&response.await?)
    }

    /// Lists the inboxes that the owner of the token sees.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn list_inboxes(&self) -> Result<Vec<Inbox>, ChatwootError> {
        let response = self.call_account(Method::Get, "inboxes", None).await?;
        let response: Payload<Vec<Inbox>> = read(&response)?;
        Ok(response.payload)
    }

    /// Switches off Chatwoot's own survey in an inbox.
    ///
    /// # Errors
    /// See [`ChatwootError`].
    pub async fn disable_own_survey(&self, inbox: u64) -> Result<(), ChatwootError> {
        let body = json!({"csat_survey_enabled": false});
        let path = format!("inboxes/{inbox}");
        self.call_account(Method::Patch, &path, Some(body)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let version = |text| ServerVersion::parse(text).unwrap();
        for old in ["3.16.0", "4.0.1", "4.8.0"] {
            assert!(version(old) < ServerVersion::OLDEST, "{old}");
        }
        for new in ["4.9.0", "4.15.1", "4.9.2-ce", "5.0.0"] {
            assert!(version(new) >= ServerVersion::OLDEST, "{new}");
        }
        for text in ["", "4", "develop", "v4.9", "4.x.1"] {
            assert_eq!(ServerVersion::parse(text), None, "{text:?}");
        }
    }
}
