use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use axum::body::Bytes;
use axum::http::Request;
use serde_json::Value;

use crate::functions;
use crate::gateway::InvocationEvents;
use crate::load_template::load_template;
use crate::options::Options;
use crate::start_error::StartError;
use crate::template::{Route, Template};

/// The deployment that `infra/template.yaml` describes, for a host that runs the functions
/// elsewhere. It provides the functions' environment variables, their routes, and the events that
/// the gateway makes from requests.
pub struct Deployment {
    template: Template,
    events: InvocationEvents,
    variables: BTreeMap<String, String>,
}

impl fmt::Debug for Deployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deployment")
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

impl Deployment {
    /// Loads the template with the parameters of `options`.
    ///
    /// # Errors
    /// If the template does not accept the parameters.
    pub fn load(options: &Options) -> Result<Self, StartError> {
        let template = load_template(options).map_err(StartError::part)?;
        Ok(Self {
            events: InvocationEvents::new(&template.routes),
            template,
            variables: options.variables.clone(),
        })
    }

    /// The names of the functions' folders.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.template.functions.keys().map(String::as_str)
    }

    /// The environment variables of a function that calls AWS at `aws_endpoint`. Returns `None` if
    /// the function does not exist.
    pub fn environment(
        &self,
        function: &str,
        aws_endpoint: &str,
    ) -> Option<HashMap<String, String>> {
        let (folder, function) = self.template.functions.get_key_value(function)?;
        Some(functions::environment(
            function,
            folder,
            aws_endpoint,
            &self.variables,
        ))
    }

    /// The routes of the API.
    pub fn routes(&self) -> &[Route] {
        &self.template.routes
    }

    /// Every scope that a route requires, with its prefix.
    pub fn route_scopes(&self) -> BTreeSet<&str> {
        let scopes = self.routes().iter().filter_map(|it| it.scopes.as_ref());
        scopes.flatten().map(String::as_str).collect()
    }

    /// The prefix of each scope in a token.
    pub fn scope_prefix(&self) -> &str {
        &self.template.scope_prefix
    }

    /// The event that the gateway makes from a request whose token has these claims. Returns `None`
    /// if no route matches.
    pub fn event(
        &self,
        request: Request<Bytes>,
        claims: Option<BTreeMap<String, String>>,
    ) -> Option<Value> {
        self.events.of(request, claims)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deployment() -> Deployment {
        Deployment::load(&Options::default()).unwrap()
    }

    #[test]
    fn an_event_contains_its_route_its_parameters_and_its_claims() {
        let request = Request::post("/v1/conversations/c%3A1/rating-requests").body(Bytes::new());
        let claims = BTreeMap::from([("sub".to_owned(), "kim".to_owned())]);
        let event = deployment().event(request.unwrap(), Some(claims)).unwrap();
        assert_eq!(
            event["routeKey"],
            "POST /v1/conversations/{conversation_id}/rating-requests"
        );
        assert_eq!(event["pathParameters"], json!({"conversation_id": "c:1"}));
        let jwt = &event["requestContext"]["authorizer"]["jwt"];
        assert_eq!(jwt["claims"], json!({"sub": "kim"}));
    }

    #[test]
    fn a_request_without_a_route_has_no_event() {
        let request = Request::get("/v2").body(Bytes::new()).unwrap();
        assert_eq!(deployment().event(request, None), None);
    }
}
