//! Who makes a request, and what the caller may do.

use axum::http::HeaderMap;

use crate::api::error::ApiError;
use crate::api::request::read_id;
use crate::ids::{AccountId, AgentId, BotId, ConversationId};
use crate::state::State;
use crate::state::model::Role;

/// The header with the token. `api_access_token` is not read, because proxies such as nginx drop
/// headers with underscores.
const TOKEN: &str = "api-access-token";

/// The owner of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Agent(AgentId),
    Bot(BotId),
}

/// The endpoints that bots may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    ForBots,
    NotForBots,
}

impl State {
    /// The owner of the token in the headers.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let token = headers.get(TOKEN).and_then(|token| token.to_str().ok());
        let token = token.ok_or_else(ApiError::no_token)?;
        let agent = self.agents.iter().find(|(_, agent)| agent.token == token);
        let bot = self.bots.iter().find(|(_, bot)| bot.token == token);
        match (agent, bot) {
            (Some((id, _)), _) => Ok(Caller::Agent(*id)),
            (None, Some((id, _))) => Ok(Caller::Bot(*id)),
            (None, None) => Err(ApiError::invalid_token()),
        }
    }

    /// The caller and the account, if the caller may use the endpoint in it.
    pub(crate) fn member(
        &self,
        headers: &HeaderMap,
        account: &str,
        endpoint: Endpoint,
    ) -> Result<(Caller, AccountId), ApiError> {
        let caller = self.caller(headers)?;
        let account = AccountId(read_id(account));
        if endpoint == Endpoint::NotForBots && matches!(caller, Caller::Bot(_)) {
            return Err(ApiError::not_for_bots());
        }
        if !self.accounts.contains_key(&account) {
            return Err(ApiError::not_found());
        }
        let (is_member, error) = match caller {
            Caller::Agent(id) => (
                self.agent(id)?.roles.contains_key(&account),
                ApiError::foreign_account(),
            ),
            Caller::Bot(id) => (
                self.bots.get(&id).is_some_and(|bot| bot.account == account),
                ApiError::bot_of_other_account(),
            ),
        };
        if is_member {
            Ok((caller, account))
        } else {
            Err(error)
        }
    }

    /// The account, if the caller is one of its administrators.
    pub(crate) fn administrator(
        &self,
        headers: &HeaderMap,
        account: &str,
    ) -> Result<AccountId, ApiError> {
        let (caller, account) = self.member(headers, account, Endpoint::NotForBots)?;
        let role = match caller {
            Caller::Agent(id) => self.agent(id)?.roles.get(&account).copied(),
            Caller::Bot(_) => None,
        };
        if role == Some(Role::Administrator) {
            Ok(account)
        } else {
            Err(ApiError::not_authorized())
        }
    }

    /// The caller and the conversation, if the caller may see it.
    pub(crate) fn reader(
        &self,
        headers: &HeaderMap,
        account: &str,
        conversation: &str,
        endpoint: Endpoint,
    ) -> Result<(Caller, ConversationId), ApiError> {
        let (caller, account) = self.member(headers, account, endpoint)?;
        let id = ConversationId {
            account,
            display_id: read_id(conversation),
        };
        let inbox = self.conversation(id)?.inbox;
        match caller {
            Caller::Agent(agent) if !self.has_inbox(agent, inbox) => {
                Err(ApiError::not_authorized())
            }
            _ => Ok((caller, id)),
        }
    }
}
