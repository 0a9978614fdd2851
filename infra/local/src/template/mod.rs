//! The parts of `infra/template.yaml` that the gateway and the AWS emulators need.
//!
//! The template is compiled in, so that local routes, scopes, timeouts and the table always match
//! the deployed ones. Parameters have their default values unless they are overridden.

mod account;
mod decode;
mod error;
mod function_properties;
mod intrinsics;
mod overrides;
mod parameters;
mod policy;
mod reader;
mod resource_names;
mod resources;
mod role;
mod value_text;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use self::account::{ACCOUNT, REGION};
use self::decode::{at, decoded};
pub(crate) use self::error::TemplateError;
use self::function_properties::FunctionProperties;
use self::intrinsics::Scope;
pub use self::overrides::{ParameterOverrides, ParameterOverridesError};
pub(crate) use self::policy::{Conditions, Effect, Statement, Values};
use self::reader::Reader;
pub use self::resources::Route;
pub(crate) use self::resources::{
    Bus, CorsConfiguration, EventSourceMapping, Function, JwtAuthorizer, Rule, Schedule,
    SchedulerResources, Table,
};
pub use self::yaml::{YamlError, yaml_to_json};
use crate::aws::eventbridge::PipeProperties;

const SOURCE: &str = include_str!("../../../template.yaml");

/// The resources that the template deploys.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) routes: Vec<Route>,
    pub(crate) authorizer: JwtAuthorizer,
    pub(crate) cors: CorsConfiguration,
    pub(crate) functions: BTreeMap<String, Function>,
    /// The rules of event buses that invoke functions.
    pub(crate) rules: Vec<Rule>,
    /// The mappings from the table's stream to functions.
    pub(crate) event_sources: Vec<EventSourceMapping>,
    /// The schedules that invoke functions.
    pub(crate) schedules: Vec<Schedule>,
    pub(crate) scheduler: SchedulerResources,
    /// The types of mail events that SES publishes, as the configuration set names them.
    pub(crate) mail_events: BTreeSet<String>,
    pub(crate) table: Table,
    /// The pipe that makes events from records of the table's stream.
    pub(crate) pipe: PipeProperties,
    /// The prefix of each scope in a token.
    pub(crate) scope_prefix: String,
    /// Every scope of the stack, without the prefix.
    pub(crate) scopes: BTreeSet<String>,
}

impl Template {
    /// Reads the compiled-in template.
    ///
    /// `parameters` override defaults. `resources` maps logical IDs, with or without an attribute,
    /// to the local names of resources.
    ///
    /// # Errors
    /// If the template is not supported, or a parameter breaks one of its rules.
    pub(crate) fn load(
        parameters: &BTreeMap<String, String>,
        resources: &BTreeMap<String, String>,
    ) -> Result<Self, TemplateError> {
        Self::parse(SOURCE, parameters, resources)
    }

    fn parse(
        source: &str,
        parameters: &BTreeMap<String, String>,
        resources: &BTreeMap<String, String>,
    ) -> Result<Self, TemplateError> {
        let template = yaml_to_json(source)?;
        let mut names = {
            let scope = Scope::new(&template, parameters, resources)?;
            resource_names::assigned_names(&template, &scope)?
        };
        names.extend(resources.clone());
        let scope = Scope::new(&template, parameters, &names)?;
        scope.check_rules(template.get("Rules").unwrap_or(&Value::Null))?;
        let reader = Reader {
            template: &template,
            scope,
        };

        let (_, api) = reader.only("AWS::Serverless::HttpApi")?;
        let authorizers = at(&api, "/Auth/Authorizers")?;
        let default_authorizer: String = decoded(at(&api, "/Auth/DefaultAuthorizer")?)?;
        let authorizer = at(
            authorizers,
            &format!("/{default_authorizer}/JwtConfiguration"),
        )?;

        let mut routes = Vec::new();
        let mut rules = Vec::new();
        let mut event_sources = Vec::new();
        let mut schedules = Vec::new();
        let mut functions = BTreeMap::new();
        let stack_bus = reader.event_buses()?;
        for (id, properties) in reader.all("AWS::Serverless::Function")? {
            let declared: FunctionProperties = decoded(&properties)?;
            let folder = declared.folder()?;
            routes.extend(declared.routes(&folder));
            rules.extend(declared.rules(&folder, &stack_bus)?);
            event_sources.extend(declared.event_sources(&folder));
            schedules.extend(declared.schedules(&folder)?);
            functions.insert(folder, reader.function(&id, declared)?);
        }

        let scopes = match reader.all("AWS::Cognito::UserPoolResourceServer")?.pop() {
            Some((_, properties)) => decoded::<ResourceServer>(&properties)?.names(),
            None => BTreeSet::new(),
        };

        let (_, destination) = reader.only("AWS::SES::ConfigurationSetEventDestination")?;
        let mail_events = at(&destination, "/EventDestination/MatchingEventTypes")?;

        Ok(Self {
            routes,
            rules,
            event_sources,
            schedules,
            scheduler: reader.scheduler_resources()?,
            mail_events: decoded(mail_events)?,
            authorizer: decoded(authorizer)?,
            cors: decoded(at(&api, "/CorsConfiguration")?)?,
            functions,
            table: reader.table()?,
            pipe: decoded(&reader.only("AWS::Pipes::Pipe")?.1)?,
            scope_prefix: decoded(&reader.scope.resolve(&json!({"Ref": "ScopePrefix"}))?)?,
            scopes,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceServer {
    scopes: Vec<ResourceServerScope>,
}

impl ResourceServer {
    fn names(self) -> BTreeSet<String> {
        self.scopes
            .into_iter()
            .map(|scope| scope.scope_name)
            .collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceServerScope {
    scope_name: String,
}

#[cfg(test)]
mod tests;
