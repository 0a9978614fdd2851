use domain::{ConnectionId, ConnectionSecret, InvalidValue};
use errors::Refusal;
use lambda::http::{Fields, HttpRequest, flag, text, whole_number};
use platform_client::{Origin, Targets};
use serde_json::Value;

/// The decoded request to create or change a connection.
#[derive(Debug)]
pub(crate) struct ConnectionRequest {
    pub(crate) id: ConnectionId,
    pub(crate) origin: Origin,
    pub(crate) account_id: u64,
    /// `None` keeps the stored token.
    pub(crate) api_access_token: Option<ConnectionSecret>,
    /// `None` keeps the stored secret. The secret in the platform's response takes precedence.
    pub(crate) webhook_secret: Option<ConnectionSecret>,
    /// `None` keeps the stored bot, or creates one.
    pub(crate) bot_id: Option<u64>,
    /// Whether the hooks get new keys.
    pub(crate) renews_key: bool,
    /// Whether rules and macros may call hooks without a signature. `None` keeps what is stored.
    pub(crate) has_unsigned_actions: Option<bool>,
    /// Whether the platform's own survey is switched off in every inbox.
    pub(crate) disables_own_survey: bool,
}

impl ConnectionRequest {
    pub(crate) fn decode(request: &HttpRequest, targets: Targets) -> Result<Self, Refusal> {
        let id = request.path_parameter("connection_id", ConnectionId::parse)?;
        let mut body = Fields::of_body(request.body())?;
        let origin = |url: &str| {
            let origin = Origin::parse(url, targets);
            origin.map_err(|rule| InvalidValue::new(rule.to_string()))
        };
        let decoded = Self {
            id,
            origin: body.required("url", text(origin))?,
            account_id: body.required("account_id", read_platform_id)?,
            api_access_token: body.optional("api_access_token", text(ConnectionSecret::parse))?,
            webhook_secret: body.optional("webhook_secret", text(ConnectionSecret::parse))?,
            bot_id: body.optional("bot_id", read_platform_id)?,
            renews_key: body.optional("renew_key", flag)?.unwrap_or(false),
            has_unsigned_actions: body.optional("unsigned_actions", flag)?,
            disables_own_survey: body.optional("disable_own_survey", flag)?.unwrap_or(false),
        };
        body.finish()?;
        Ok(decoded)
    }
}

/// Reads the id of a record on the platform.
fn read_platform_id(value: &Value) -> Result<u64, InvalidValue> {
    let rule = || InvalidValue::new("must be a whole number of at least 1");
    let id = whole_number(value).map_err(|_| rule())?;
    if id >= 1 { Ok(id) } else { Err(rule()) }
}
