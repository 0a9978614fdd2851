//! The parts of `infra/template.yaml` that the gateway and the AWS emulators need.
//!
//! The template is compiled in, so that local routes, scopes, timeouts and the table always match
//! the deployed ones. Parameters have their default values unless they are overridden.

mod account;
mod decode;
mod error;
mod intrinsics;
mod overrides;
mod parameters;
mod policy;
mod value_text;
mod yaml;

pub(crate) use self::account::{ACCOUNT, REGION};
use self::decode::decoded;
pub(crate) use self::error::TemplateError;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::eventbridge::{FilterCriteria, PipeProperties};
use intrinsics::Scope;
pub use overrides::{ParameterOverrides, ParameterOverridesError};
use policy::PolicyDocument;
pub(crate) use policy::{Conditions, Effect, Statement, Values};
pub use yaml::{YamlError, yaml_to_json};

const SOURCE: &str = include_str!("../../../template.yaml");

/// The resources that the template deploys.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) routes: Vec<Route>,
    pub(crate) authorizer: JwtAuthorizer,
    pub(crate) cors: CorsConfiguration,
    pub(crate) functions: BTreeMap<String, Function>,
    /// The rules of the default event bus that invoke functions.
    pub(crate) rules: Vec<Rule>,
    /// The mappings from the table's stream to functions.
    pub(crate) event_sources: Vec<EventSourceMapping>,
    /// The schedules that invoke functions.
    pub(crate) schedules: Vec<Schedule>,
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

/// A route of the API.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method, or `ANY`.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The folder of the function that handles the route.
    pub function: String,
    /// The scopes of which a token must have at least one. `None` if the gateway checks no token.
    pub scopes: Option<Vec<String>>,
}

/// A rule that sends events of the default event bus to a function.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The event pattern.
    pub(crate) pattern: Value,
    /// The folder of the function.
    pub(crate) function: String,
}

/// An event source mapping: the records of the table's stream that a function receives.
#[derive(Clone, Debug)]
pub(crate) struct EventSourceMapping {
    /// The folder of the function.
    pub(crate) function: String,
    /// The records that the function receives.
    pub(crate) filter: FilterCriteria,
    /// The maximum number of records in a batch.
    pub(crate) batch_size: usize,
}

/// The schedule of a function.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    /// The folder of the function.
    pub(crate) function: String,
    /// The time between two invocations.
    pub(crate) interval: Duration,
}

/// The issuer and the audience that the gateway accepts in tokens.
#[derive(Debug, Deserialize)]
pub(crate) struct JwtAuthorizer {
    pub(crate) issuer: String,
    pub(crate) audience: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CorsConfiguration {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    #[serde(default)]
    pub(crate) expose_headers: Vec<String>,
    pub(crate) max_age: Option<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) timeout: Duration,
    pub(crate) environment: BTreeMap<String, String>,
    /// The statements of its role.
    pub(crate) policy: Vec<Statement>,
}

/// The table, in the form of DynamoDB's operations.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// The input of `CreateTable`.
    pub(crate) definition: Value,
    /// The attribute with an item's time to live.
    pub(crate) time_to_live: Option<String>,
}

impl Template {
    /// Reads the compiled-in template.
    ///
    /// `parameters` override defaults. `resources` maps logical IDs to the local names of
    /// resources.
    ///
    /// # Errors
    /// If the template is not supported, or a parameter breaks one of its rules.
    pub(crate) fn load(
        parameters: &BTreeMap<String, String>,
        resources: &BTreeMap<String, String>,
    ) -> Result<Self, TemplateError> {
        let template = yaml_to_json(SOURCE)?;
        let scope = Scope::new(&template, parameters, resources)?;
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
        for (_, properties) in reader.all("AWS::Serverless::Function")? {
            let declared: FunctionProperties = decoded(&properties)?;
            let folder = declared.folder()?.to_owned();
            routes.extend(declared.routes(&folder));
            rules.extend(declared.rules(&folder));
            event_sources.extend(declared.event_sources(&folder));
            schedules.extend(declared.schedules(&folder)?);
            functions.insert(folder, reader.function(declared)?);
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

struct Reader<'a> {
    template: &'a Value,
    scope: Scope<'a>,
}

impl Reader<'_> {
    /// The logical IDs and resolved properties of all resources of type `kind`.
    fn all(&self, kind: &str) -> Result<Vec<(String, Value)>, TemplateError> {
        let resources = self.template.get("Resources").and_then(Value::as_object);
        resources
            .into_iter()
            .flatten()
            .filter(|(_, resource)| resource.get("Type").is_some_and(|it| it == kind))
            .map(|(id, resource)| {
                let properties = resource.get("Properties").unwrap_or(&Value::Null);
                Ok((id.clone(), self.scope.resolve(properties)?))
            })
            .collect()
    }

    fn only(&self, kind: &str) -> Result<(String, Value), TemplateError> {
        match self.all(kind)?.as_slice() {
            [resource] => Ok(resource.clone()),
            others => {
                let count = others.len();
                Err(TemplateError::new(format!(
                    "one {kind} is understood and not {count}"
                )))
            }
        }
    }

    fn function(&self, declared: FunctionProperties) -> Result<Function, TemplateError> {
        let globals = self
            .template
            .pointer("/Globals/Function")
            .unwrap_or(&Value::Null);
        let globals: FunctionGlobals = decoded(&self.scope.resolve(globals)?)?;
        let mut environment = globals.environment.variables;
        environment.extend(declared.environment.variables);
        let environment = environment
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect();
        let seconds = declared
            .timeout
            .or(globals.timeout)
            .unwrap_or(LAMBDA_DEFAULT_TIMEOUT);
        let policies = declared.policies.into_iter();
        Ok(Function {
            timeout: Duration::from_secs(seconds),
            environment,
            policy: policies.flat_map(|it| it.statement).collect(),
        })
    }

    fn table(&self) -> Result<Table, TemplateError> {
        let (id, properties) = self.only("AWS::DynamoDB::Table")?;
        let name: String = decoded(&self.scope.resolve(&json!({"Ref": id}))?)?;
        let mut definition = json!({"TableName": name});
        for property in [
            "AttributeDefinitions",
            "BillingMode",
            "KeySchema",
            "LocalSecondaryIndexes",
            "GlobalSecondaryIndexes",
        ] {
            if let (Some(value), Some(fields)) =
                (properties.get(property), definition.as_object_mut())
            {
                fields.insert(property.to_owned(), value.clone());
            }
        }
        if let (Some(view), Some(fields)) = (
            properties.pointer("/StreamSpecification/StreamViewType"),
            definition.as_object_mut(),
        ) {
            let stream = json!({"StreamEnabled": true, "StreamViewType": view});
            fields.insert("StreamSpecification".to_owned(), stream);
        }
        let time_to_live = properties
            .get("TimeToLiveSpecification")
            .filter(|it| it.get("Enabled").is_some_and(|enabled| enabled == true))
            .and_then(|it| it.get("AttributeName"))
            .map(decoded)
            .transpose()?;
        Ok(Table {
            name,
            definition,
            time_to_live,
        })
    }
}

/// The timeout of a function in seconds, if the template sets none.
const LAMBDA_DEFAULT_TIMEOUT: u64 = 3;

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct FunctionGlobals {
    timeout: Option<u64>,
    environment: Environment,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FunctionProperties {
    code_uri: String,
    timeout: Option<u64>,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    policies: Vec<PolicyDocument>,
    #[serde(default)]
    events: BTreeMap<String, Event>,
}

impl FunctionProperties {
    fn folder(&self) -> Result<&str, TemplateError> {
        self.code_uri
            .strip_prefix("../target/lambda/")
            .ok_or_else(|| TemplateError::new(format!("CodeUri {} is no function", self.code_uri)))
    }

    fn routes(&self, folder: &str) -> Vec<Route> {
        let http = self.events.values().filter(|event| event.kind == "HttpApi");
        http.filter_map(|event| {
            let route = &event.properties;
            let is_open = route.auth.authorizer.as_deref() == Some("NONE");
            Some(Route {
                method: route.method.clone()?,
                path: route.path.clone()?,
                function: folder.to_owned(),
                scopes: (!is_open).then(|| route.auth.authorization_scopes.clone()),
            })
        })
        .collect()
    }

    fn rules(&self, folder: &str) -> Vec<Rule> {
        let rules = self.events.values();
        rules
            .filter(|event| event.kind == "EventBridgeRule")
            .filter_map(|event| {
                Some(Rule {
                    pattern: event.properties.pattern.clone()?,
                    function: folder.to_owned(),
                })
            })
            .collect()
    }
}

impl FunctionProperties {
    fn event_sources(&self, folder: &str) -> Vec<EventSourceMapping> {
        let streams = self.events.values();
        let streams = streams.filter(|event| event.kind == "DynamoDB");
        streams
            .filter_map(|event| {
                Some(EventSourceMapping {
                    function: folder.to_owned(),
                    filter: event.properties.filter_criteria.clone()?,
                    batch_size: event.properties.batch_size?,
                })
            })
            .collect()
    }

    fn schedules(&self, folder: &str) -> Result<Vec<Schedule>, TemplateError> {
        let schedules = self.events.values();
        let schedules = schedules.filter(|event| event.kind == "Schedule");
        schedules
            .map(|event| {
                let rate = event.properties.schedule.as_deref().unwrap_or_default();
                let interval = interval(rate).ok_or_else(|| {
                    TemplateError::new(format!("the schedule {rate} is not understood"))
                })?;
                let function = folder.to_owned();
                Ok(Schedule { function, interval })
            })
            .collect()
    }
}

/// The interval of a rate expression such as `rate(1 hour)`.
fn interval(rate: &str) -> Option<Duration> {
    let rate = rate.strip_prefix("rate(")?.strip_suffix(')')?;
    let (number, unit) = rate.split_once(' ')?;
    let seconds = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 60 * 60,
        "day" => 24 * 60 * 60,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Environment {
    variables: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(default)]
    properties: EventProperties,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct EventProperties {
    method: Option<String>,
    path: Option<String>,
    auth: EventAuth,
    pattern: Option<Value>,
    filter_criteria: Option<FilterCriteria>,
    batch_size: Option<usize>,
    schedule: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct EventAuth {
    authorizer: Option<String>,
    authorization_scopes: Vec<String>,
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

fn at<'a>(value: &'a Value, pointer: &str) -> Result<&'a Value, TemplateError> {
    value
        .pointer(pointer)
        .ok_or_else(|| TemplateError::new(format!("{pointer} is missing")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Template {
        let parameters = BTreeMap::from([
            ("JwtIssuer".to_owned(), "https://issuer.example".to_owned()),
            ("JwtAudience".to_owned(), "a,b".to_owned()),
        ]);
        let resources = BTreeMap::from([("Table".to_owned(), "afterchat".to_owned())]);
        Template::load(&parameters, &resources).unwrap()
    }

    #[test]
    fn agents_routes_name_their_scope_with_its_prefix() {
        let template = template();
        let ask = template
            .routes
            .iter()
            .find(|route| route.path == "/v1/conversations/{conversation_id}/rating-requests")
            .unwrap();
        assert_eq!(
            (ask.method.as_str(), ask.function.as_str()),
            ("POST", "ask-rating")
        );
        let scope = format!("{}ratings:ask", template.scope_prefix);
        assert_eq!(ask.scopes.as_deref(), Some([scope].as_slice()));
    }

    #[test]
    fn the_visitors_routes_are_open_to_any_token() {
        let template = template();
        let visitors: Vec<_> = template
            .routes
            .iter()
            .filter(|route| route.path.starts_with("/v1/visitor/"))
            .collect();
        assert!(!visitors.is_empty());
        assert!(visitors.iter().all(|route| route.scopes.is_none()));
    }

    #[test]
    fn the_given_issuer_takes_the_place_of_the_user_pool() {
        let authorizer = template().authorizer;
        assert_eq!(authorizer.issuer, "https://issuer.example");
        assert_eq!(authorizer.audience, ["a", "b"]);
    }

    #[test]
    fn the_table_keeps_its_index_its_stream_and_its_time_to_live() {
        let table = template().table;
        assert_eq!(table.name, "afterchat");
        assert_eq!(
            table.definition["LocalSecondaryIndexes"][0]["IndexName"],
            "public_thread"
        );
        assert_eq!(
            table.definition["StreamSpecification"]["StreamViewType"],
            "NEW_AND_OLD_IMAGES"
        );
        assert_eq!(table.time_to_live.as_deref(), Some("expires_at"));
    }

    #[test]
    fn a_function_has_the_stacks_variables_and_its_own() {
        let template = template();
        let send = &template.functions["send-transcript"];
        assert_eq!(send.environment["TABLE_NAME"], "afterchat");
        assert_eq!(send.environment["AGENT_TRANSCRIPTS_PER_HOUR"], "100");
        assert_eq!(send.timeout, Duration::from_secs(29));
    }

    #[test]
    fn a_rule_names_the_stacks_own_configuration_set() {
        let template = template();
        let [rule] = template.rules.as_slice() else {
            panic!("one rule is understood: {:?}", template.rules);
        };
        assert_eq!(rule.function, "track-delivery");
        let tags = &rule.pattern["detail"]["mail"]["tags"];
        assert_eq!(tags["ses:configuration-set"], json!(["ConfigurationSet"]));
        assert!(template.mail_events.contains("deliveryDelay"));
    }

    #[test]
    fn what_runs_unasked_is_known() {
        let template = template();
        let [source] = template.event_sources.as_slice() else {
            panic!("one function reads the stream");
        };
        assert_eq!(source.function, "count-ratings");
        let [schedule] = template.schedules.as_slice() else {
            panic!("one function has a schedule");
        };
        assert_eq!(schedule.function, "roll-up-satisfaction");
        assert_eq!(schedule.interval, Duration::from_secs(3_600));
    }

    #[test]
    fn a_rate_is_a_number_of_a_unit() {
        assert_eq!(interval("rate(5 minutes)"), Some(Duration::from_secs(300)));
        for text in ["rate(1 week)", "rate(x hours)", "cron(0 * * * ? *)", ""] {
            assert_eq!(interval(text), None, "{text}");
        }
    }

    #[test]
    fn every_scope_of_the_stack_is_known() {
        let scopes = template().scopes;
        assert!(scopes.contains("agents:act") && scopes.contains("ratings:ask"));
    }

    /// Loads the template with these parameters and a local issuer, and returns the error.
    fn problem(given: &[(&str, &str)]) -> String {
        let issuer = [
            ("JwtIssuer", "https://issuer.example"),
            ("JwtAudience", "a"),
        ];
        let parameters = issuer.iter().chain(given);
        let parameters = parameters.map(|(name, value)| (name.to_string(), value.to_string()));
        match Template::load(&parameters.collect(), &BTreeMap::new()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_value_is_held_against_the_rules_of_its_parameter() {
        for (given, named) in [
            (("Organization", "x"), "Organization"),
            (("RetentionDays", "40000"), "MaxValue: 36500"),
            (("BrandName", ""), "AllowedPattern"),
            (("LogLevel", "DEBUG"), "AllowedValues: [INFO, WARN, ERROR]"),
        ] {
            let problem = problem(&[given]);
            assert!(problem.contains(given.0), "{problem}");
            assert!(problem.contains(named), "{problem}");
        }
        let good = [
            ("RetentionDays", "1"),
            ("BrandName", "Acme"),
            ("LogLevel", "WARN"),
        ];
        assert_eq!(problem(&good), "");
    }

    #[test]
    fn values_are_held_against_the_rules_of_the_template() {
        let neither = problem(&[("Organisation", "")]);
        let both = problem(&[("OrganisationClaim", "org")]);
        for problem in [neither, both] {
            assert!(problem.contains("OrganisationOrClaim"), "{problem}");
            assert!(problem.contains("Set either Organisation or"), "{problem}");
        }
        assert_eq!(
            problem(&[("Organisation", ""), ("OrganisationClaim", "org")]),
            ""
        );
        let half = problem(&[("JwtAudience", "")]);
        assert!(half.contains("IssuerAndAudience"), "{half}");
    }
}
