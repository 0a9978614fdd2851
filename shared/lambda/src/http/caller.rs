use aws::{Environment, EnvironmentError};
use domain::{Agent, AgentId, OrganisationId, PersonName, VisitorToken};
use errors::{Refusal, RefusalCode};

use crate::http::decode::Fields;
use crate::http::json_values::text;
use crate::http::request::HttpRequest;

/// The organisations that a stack serves, and how a request's organisation is determined.
#[derive(Clone, Debug)]
pub struct TenantResolver {
    organisations: Organisations,
    scope_prefix: String,
}

#[derive(Clone, Debug)]
enum Organisations {
    One(OrganisationId),
    ByClaim(String),
}

impl TenantResolver {
    /// A stack of one organisation.
    pub fn of_one(organisation: OrganisationId, scope_prefix: String) -> Self {
        Self {
            organisations: Organisations::One(organisation),
            scope_prefix,
        }
    }

    /// A stack of several organisations. The claim named `claim` contains the
    /// organisation.
    pub fn by_claim(claim: String, scope_prefix: String) -> Self {
        Self {
            organisations: Organisations::ByClaim(claim),
            scope_prefix,
        }
    }

    /// The resolver that the environment describes. It reads `ORGANISATION` or, if that is empty,
    /// `ORGANISATION_CLAIM`, and `SCOPE_PREFIX`, which may be empty.
    ///
    /// # Errors
    /// If neither is set, or the organisation's id is not valid.
    pub fn from_environment(environment: &Environment) -> Result<Self, EnvironmentError> {
        let scope_prefix = environment.optional("SCOPE_PREFIX").unwrap_or_default();
        match environment.parsed("ORGANISATION", OrganisationId::parse)? {
            Some(organisation) => Ok(Self::of_one(organisation, scope_prefix)),
            None => environment
                .required("ORGANISATION_CLAIM")
                .map(|claim| Self::by_claim(claim, scope_prefix)),
        }
    }

    /// Whether the stack serves one organisation only.
    pub fn is_single(&self) -> bool {
        matches!(self.organisations, Organisations::One(_))
    }

    /// Whether this stack serves `organisation`.
    pub fn serves(&self, organisation: &OrganisationId) -> bool {
        match &self.organisations {
            Organisations::One(one) => one == organisation,
            Organisations::ByClaim(_) => true,
        }
    }

    /// The organisation that the caller's token belongs to.
    ///
    /// # Errors
    /// 403 if the token names no organisation.
    pub fn organisation(&self, request: &HttpRequest) -> Result<OrganisationId, Refusal> {
        match &self.organisations {
            Organisations::One(organisation) => Ok(organisation.clone()),
            Organisations::ByClaim(claim) => request
                .claim(claim)
                .and_then(|value| OrganisationId::parse(value).ok())
                .ok_or_else(|| token_not_accepted("The token names no organisation.")),
        }
    }

    /// Reads the bearer token of a visitor's widget. Its secret is not verified yet: only the table
    /// contains the correct one.
    ///
    /// # Errors
    /// 401 if the token is missing, malformed or of another stack.
    pub fn visitor_token(&self, token: Option<&str>) -> Result<VisitorToken, Refusal> {
        token
            .and_then(|token| VisitorToken::parse(token).ok())
            .filter(|token| self.serves(&token.organisation))
            .ok_or_else(Refusal::invalid_visitor_token)
    }

    /// The caller of an agent's route.
    ///
    /// # Errors
    /// 403 if the token names no organisation or its `sub` is not a valid agent id.
    pub fn agent_caller(&self, request: &HttpRequest) -> Result<AgentCaller, Refusal> {
        let organisation = self.organisation(request)?;
        let id = request
            .claim("sub")
            .and_then(|subject| AgentId::parse_named(subject).ok())
            .ok_or_else(|| token_not_accepted("The token's `sub` is not a valid agent id."))?;
        let name = request
            .claim("name")
            .and_then(|name| PersonName::parse(name).ok());
        Ok(AgentCaller {
            organisation,
            own: Agent { id, name },
            acts_for_agents: has_scope(request, &format!("{}agents:act", self.scope_prefix)),
        })
    }
}

fn token_not_accepted(detail: &str) -> Refusal {
    Refusal::new(RefusalCode::TokenNotAccepted, detail)
}

/// Scopes are in `scope` (RFC 9068) or `scp`, separated by spaces. The gateway sends a list as `[a
/// b]`.
fn has_scope(request: &HttpRequest, wanted: &str) -> bool {
    ["scope", "scp"]
        .into_iter()
        .filter_map(|claim| request.claim(claim))
        .flat_map(|scopes| scopes.trim_matches(['[', ']']).split_whitespace())
        .any(|scope| scope == wanted)
}

/// The caller of an agent's route: an agent, or the chat platform's server on behalf of an agent.
#[derive(Clone, Debug)]
pub struct AgentCaller {
    /// The caller's organisation.
    pub organisation: OrganisationId,
    own: Agent,
    acts_for_agents: bool,
}

impl AgentCaller {
    /// The agent that the token itself names.
    pub fn own(&self) -> &Agent {
        &self.own
    }

    /// The agent on whose behalf the request is made: `named` if the caller acts for agents,
    /// otherwise the caller.
    ///
    /// # Errors
    /// 422 if the caller acts for agents and names none; 403 if any other caller names one.
    pub fn agent(&self, named: Option<Agent>) -> Result<Agent, Refusal> {
        match (self.acts_for_agents, named) {
            (true, Some(agent)) => Ok(agent),
            (false, None) => Ok(self.own.clone()),
            (true, None) => Err(Refusal::new(
                RefusalCode::AgentRequired,
                "A caller with the scope agents:act must name the agent: {\"agent\":{\"id\":…}}.",
            )
            .with_member("field", "agent")),
            (false, Some(_)) => Err(Refusal::new(
                RefusalCode::AgentNotAllowed,
                "Only a caller with the scope agents:act may name an agent.",
            )
            .with_member("field", "agent")),
        }
    }
}

/// Reads an agent, `{"id","name"?}`, from the field `name` of the body.
///
/// # Errors
/// 422 if it is not valid.
pub fn named_agent(body: &mut Fields, name: &str) -> Result<Option<Agent>, Refusal> {
    body.optional_object(name)?
        .map(|mut fields| {
            let agent = Agent {
                id: fields.required("id", text(AgentId::parse_named))?,
                name: fields.optional("name", text(PersonName::parse))?,
            };
            fields.finish().map(|()| agent)
        })
        .transpose()
}
