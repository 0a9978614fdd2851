use axum::http::Method;
use axum::http::request::Parts;
use serde_json::Value;

/// One call of a function to AWS.
#[derive(Clone, Debug)]
pub struct AwsCall {
    /// The folder of the function that made it.
    pub function: String,
    /// The service and its operation, such as `dynamodb:GetItem`.
    pub operation: String,
    /// The path, which contains the identity in some calls to SES, and the name of a schedule.
    pub path: String,
    /// The body, or `null` if there is none.
    pub body: Value,
    /// The write or read capacity units that it consumed, if
    /// [`AwsProxy::meter`](super::AwsProxy::meter) was called.
    pub units: Option<f64>,
    /// The status of the reply, if there is one yet.
    pub status: Option<u16>,
    /// The positions of its start and its end in the order of the starts and ends of all calls.
    pub(super) began: usize,
    pub(super) ended: Option<usize>,
}

impl AwsCall {
    /// The function and the operation of a call, from the head of its request.
    pub fn head(parts: &Parts) -> (String, String) {
        (function(parts).unwrap_or_default(), operation(parts))
    }

    /// The call of a function that this request makes.
    pub fn of(parts: &Parts, body: &[u8]) -> Self {
        Self::new(parts, body, 0)
    }

    pub(super) fn new(parts: &Parts, body: &[u8], began: usize) -> Self {
        let (function, operation) = Self::head(parts);
        Self {
            function,
            operation,
            path: parts.uri.path().to_owned(),
            body: serde_json::from_slice(body).unwrap_or_default(),
            units: None,
            status: None,
            began,
            ended: None,
        }
    }

    /// Whether SES throttled it.
    pub fn was_throttled(&self) -> bool {
        self.status == Some(429)
    }

    /// Whether it is a call of this service and operation.
    pub fn is(&self, operation: &str) -> bool {
        self.operation == operation
    }

    /// Whether it is a call of this service.
    pub fn is_to(&self, service: &str) -> bool {
        self.operation
            .split_once(':')
            .is_some_and(|(name, _)| name == service)
    }

    /// Whether it writes to the table.
    pub fn writes(&self) -> bool {
        const WRITES: [&str; 5] = [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:TransactWriteItems",
            "dynamodb:UpdateItem",
        ];
        WRITES.contains(&self.operation.as_str())
    }

    /// Whether the body contains `text`.
    pub fn mentions(&self, text: &str) -> bool {
        self.body.to_string().contains(text)
    }
}

/// Groups `calls`, which must be in the order of their starts, into round trips. A call is in a later
/// round trip than every call that ended before it started.
pub(super) fn round_trips(calls: Vec<AwsCall>) -> Vec<Vec<AwsCall>> {
    let mut trips: Vec<Vec<AwsCall>> = Vec::new();
    for call in calls {
        let ended_before = |other: &AwsCall| other.ended.is_some_and(|ended| ended < call.began);
        let last = trips.iter().rposition(|trip| trip.iter().any(ended_before));
        let own = last.map_or(0, |last| last + 1);
        if own == trips.len() {
            trips.push(Vec::new());
        }
        trips[own].push(call);
    }
    trips
}

/// The maximum number of concurrent calls among `calls`.
pub(super) fn most_at_once(calls: Vec<AwsCall>) -> usize {
    let running = |moment: usize| {
        let begun = calls.iter().filter(|call| call.began <= moment);
        begun
            .filter(|call| call.ended.is_none_or(|ended| ended > moment))
            .count()
    };
    let most = calls.iter().map(|call| running(call.began)).max();
    most.unwrap_or_default()
}

/// The function that made the call. Its access key is the name of its folder.
fn function(parts: &Parts) -> Option<String> {
    let authorization = parts.headers.get("authorization")?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    Some(credential.split('/').next()?.to_owned())
}

fn operation(parts: &Parts) -> String {
    if let Some(target) = parts.headers.get("x-amz-target") {
        let target = target.to_str().expect("a target in ASCII");
        let (_, operation) = target.split_once('.').expect("a version and an operation");
        return format!("dynamodb:{operation}");
    }
    let path = parts.uri.path();
    if path.starts_with("/schedules/") {
        let operation = match parts.method {
            Method::POST => "CreateSchedule",
            Method::DELETE => "DeleteSchedule",
            ref method => panic!("no operation of the scheduler: {method} {path}"),
        };
        return format!("scheduler:{operation}");
    }
    let operation = match (&parts.method, path) {
        (&Method::POST, "/v2/email/outbound-emails") => "SendEmail",
        (&Method::POST, "/v2/email/list-identities") => "ListEmailIdentities",
        (&Method::POST, "/v2/email/identities") => "CreateEmailIdentity",
        (&Method::DELETE, _) if path.starts_with("/v2/email/identities/") => "DeleteEmailIdentity",
        (method, _) => panic!("no operation of SES: {method} {path}"),
    };
    format!("ses:{operation}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(calls: &[(usize, usize)]) -> Vec<usize> {
        let calls = calls.iter().map(|(began, ended)| AwsCall {
            function: String::new(),
            operation: "dynamodb:GetItem".to_owned(),
            path: "/".to_owned(),
            body: Value::Null,
            units: None,
            status: None,
            began: *began,
            ended: Some(*ended),
        });
        let trips = round_trips(calls.collect());
        trips.iter().map(Vec::len).collect()
    }

    #[test]
    fn calls_side_by_side_are_one_round_trip() {
        assert_eq!(sizes(&[(0, 3), (1, 5), (2, 4)]), [3]);
    }

    #[test]
    fn a_call_after_another_is_a_second_round_trip() {
        assert_eq!(sizes(&[(0, 1), (2, 3)]), [1, 1]);
        assert_eq!(sizes(&[(0, 3), (1, 2), (4, 7), (5, 6), (8, 9)]), [2, 2, 1]);
    }
}
