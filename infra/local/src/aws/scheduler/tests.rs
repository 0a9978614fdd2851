use std::sync::{Arc, OnceLock, Weak};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hyper_util::service::TowerToHyperService;
use serde_json::json;

use super::*;
use crate::aws::dynamodb_file::tests::Directory;
use crate::fakes::{FakeClock, FakeFunction};
use crate::listener::NoReply;

const ROLE: &str = "arn:aws:iam::000000000000:role/Role";
const POWERLESS_ROLE: &str = "arn:aws:iam::000000000000:role/Powerless";
const TARGET: &str = "arn:aws:lambda:us-east-1:000000000000:function:follow-up";

/// A scheduler at 09:00 on 5 January 2026, with one function.
struct Fixture {
    scheduler: Arc<Scheduler>,
    clock: Arc<FakeClock>,
    function: FakeFunction,
}

impl Fixture {
    fn new() -> Self {
        Self::stored_in(&Storage::Memory)
    }

    fn stored_in(storage: &Storage) -> Self {
        let function = FakeFunction::default();
        let target = function.named("follow-up");
        Self::with_target(storage, function, target)
    }

    fn with_target(storage: &Storage, function: FakeFunction, target: Function) -> Self {
        let clock = FakeClock::at("2026-01-05T09:00:00Z");
        let may_invoke = json!([{
            "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": TARGET,
        }]);
        let roles = [(ROLE, may_invoke), (POWERLESS_ROLE, json!([]))];
        let roles = roles.map(|(role, statements)| {
            (role.to_owned(), serde_json::from_value(statements).unwrap())
        });
        let account = SchedulerResources {
            groups: ["afterchat".to_owned()].into(),
            roles: roles.into(),
        };
        let targets = BTreeMap::from([(TARGET.to_owned(), target)]);
        let shared = Arc::clone(&clock) as SharedClock;
        let scheduler = Scheduler::new(storage, shared, account, targets).unwrap();
        Self {
            scheduler: Arc::new(scheduler),
            clock,
            function,
        }
    }

    fn create(&self, name: &str, request: &Value) -> Result<String, SchedulerError> {
        create(&self.scheduler, name, request)
    }

    fn behave(&self, change: Value) {
        let change = serde_json::from_value(change).unwrap();
        self.scheduler.change_behavior(change).unwrap();
    }

    fn pending(&self) -> Vec<String> {
        names(&self.scheduler.describe().0)
    }

    fn completed(&self) -> Vec<String> {
        names(&self.scheduler.describe().1)
    }

    async fn fire(&self) -> Value {
        json!(self.scheduler.fire_due().await)
    }

    /// The event of each invocation, which is a number.
    fn events(&self) -> Vec<i64> {
        let events = self.function.events().into_iter();
        events.map(|event| event["n"].as_i64().unwrap()).collect()
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> (StatusCode, String, Value) {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::from(body.to_string())).unwrap();
        let service = TowerToHyperService::new(router(Arc::clone(&self.scheduler)));
        let response = hyper::service::Service::call(&service, request);
        let (parts, body) = response.await.unwrap().into_parts();
        if parts.extensions.get::<NoReply>().is_some() {
            return (parts.status, "no reply".to_owned(), Value::Null);
        }
        let kind = parts.headers.get("x-amzn-errortype");
        let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, kind, serde_json::from_slice(&body).unwrap())
    }
}

fn create(scheduler: &Scheduler, name: &str, request: &Value) -> Result<String, SchedulerError> {
    let request = CreateScheduleRequest::parse(request.to_string().as_bytes())?;
    scheduler.create(name, request)
}

fn names(described: &[Value]) -> Vec<String> {
    let names = described.iter().map(|it| it["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

/// A request for a schedule at `time` on 5 January 2026, with the input `n`.
fn request(time: &str, n: i64) -> Value {
    json!({
        "ActionAfterCompletion": "DELETE",
        "ClientToken": format!("token-{n}"),
        "FlexibleTimeWindow": { "Mode": "OFF" },
        "GroupName": "afterchat",
        "ScheduleExpression": format!("at(2026-01-05T{time})"),
        "Target": { "Arn": TARGET, "RoleArn": ROLE, "Input": json!({ "n": n }).to_string() },
    })
}

#[tokio::test]
async fn a_schedule_fires_when_the_clock_reaches_its_time() {
    let fixture = Fixture::new();
    let arn = fixture.create("b", &request("10:00:00", 2)).unwrap();
    assert_eq!(
        arn,
        "arn:aws:scheduler:us-east-1:000000000000:schedule/afterchat/b"
    );
    fixture.create("a", &request("09:30:00", 1)).unwrap();
    assert_eq!(fixture.pending(), ["a", "b"]);
    fixture.clock.advance(1_799);
    assert_eq!(fixture.fire().await, json!([]));
    fixture.clock.advance(1);
    assert_eq!(
        fixture.fire().await,
        json!([{
            "name": "a",
            "group": "afterchat",
            "deliveries": [{ "function": "follow-up", "attempts": 1, "succeeded": true }],
        }])
    );
    assert_eq!(fixture.pending(), ["b"]);
    fixture.clock.advance(3_600);
    fixture.fire().await;
    fixture.fire().await;
    assert_eq!(fixture.events(), [1, 2]);
    assert!(fixture.pending().is_empty() && fixture.completed().is_empty());
}

#[tokio::test]
async fn a_schedule_without_an_input_sends_a_notification() {
    let fixture = Fixture::new();
    let mut request = request("09:30:00", 1);
    request["Target"].as_object_mut().unwrap().remove("Input");
    fixture.create("a", &request).unwrap();
    fixture.clock.advance(1_800);
    fixture.fire().await;
    let event = fixture.function.events().remove(0);
    assert_eq!(event["source"], "aws.scheduler");
    assert_eq!(event["time"], "2026-01-05T09:30:00.000Z");
}

#[tokio::test]
async fn a_failed_invocation_is_retried_twice() {
    let fixture = Fixture::new();
    fixture.create("a", &request("09:30:00", 1)).unwrap();
    fixture.create("b", &request("09:31:00", 2)).unwrap();
    fixture.clock.advance(1_800);
    fixture.function.fail(2);
    let fired = fixture.fire().await;
    assert_eq!(fired[0]["deliveries"][0]["attempts"], 3);
    assert_eq!(fired[0]["deliveries"][0]["succeeded"], true);
    fixture.clock.advance(60);
    fixture.function.fail(3);
    let fired = fixture.fire().await;
    assert_eq!(fired[0]["deliveries"][0]["succeeded"], false);
    assert_eq!(fixture.events(), [1, 1, 1, 2, 2, 2]);
    assert!(fixture.pending().is_empty());
}

#[tokio::test]
async fn the_name_of_a_completed_schedule_is_free_only_if_it_is_deleted() {
    let fixture = Fixture::new();
    fixture.create("deleted", &request("09:30:00", 1)).unwrap();
    let mut kept = request("09:30:00", 2);
    kept["ActionAfterCompletion"] = json!("NONE");
    fixture.create("kept", &kept).unwrap();
    fixture.clock.advance(1_800);
    fixture.fire().await;
    assert_eq!(fixture.completed(), ["kept"]);
    let later = request("11:00:00", 3);
    assert!(fixture.create("deleted", &later).is_ok());
    let error = fixture.create("kept", &later).unwrap_err();
    assert_eq!(error, SchedulerError::schedule_exists("kept"));
    assert_eq!(fixture.fire().await, json!([]));
    fixture.scheduler.delete("afterchat", "kept", None).unwrap();
    assert!(fixture.create("kept", &later).is_ok());
}

/// AWS deletes a schedule after it invoked its target, so the target cannot use the name again.
#[tokio::test]
async fn the_name_of_a_schedule_is_taken_while_its_target_runs() {
    let scheduler: Arc<OnceLock<Weak<Scheduler>>> = Arc::default();
    let function = FakeFunction::default();
    let outcomes: Arc<Mutex<Vec<_>>> = Arc::default();
    let target = {
        let (scheduler, outcomes) = (Arc::clone(&scheduler), Arc::clone(&outcomes));
        function.calling("follow-up", move || {
            let scheduler = scheduler.get().and_then(Weak::upgrade).unwrap();
            let again = request("11:00:00", 2);
            let refused = create(&scheduler, "a", &again).unwrap_err();
            scheduler.delete("afterchat", "a", None).unwrap();
            let created = create(&scheduler, "a", &again);
            outcomes
                .lock()
                .unwrap()
                .push((refused.kind(), created.is_ok()));
        })
    };
    let fixture = Fixture::with_target(&Storage::Memory, function, target);
    let _ = scheduler.set(Arc::downgrade(&fixture.scheduler));
    fixture.create("a", &request("09:30:00", 1)).unwrap();
    fixture.clock.advance(1_800);
    fixture.fire().await;
    assert_eq!(*outcomes.lock().unwrap(), [("ConflictException", true)]);
    // The completion of the former schedule does not delete the new one.
    assert_eq!(fixture.pending(), ["a"]);
}

#[tokio::test]
async fn a_deleted_or_disabled_schedule_does_not_fire() {
    let fixture = Fixture::new();
    fixture.create("a", &request("09:30:00", 1)).unwrap();
    fixture
        .scheduler
        .delete("afterchat", "a", Some("t"))
        .unwrap();
    let mut disabled = request("09:30:00", 2);
    disabled["State"] = json!("DISABLED");
    fixture.create("b", &disabled).unwrap();
    fixture.clock.advance(1_800);
    assert_eq!(fixture.fire().await, json!([]));
    assert!(fixture.pending().is_empty());
}

#[tokio::test]
async fn a_time_in_the_past_is_refused_or_fires_immediately() {
    let fixture = Fixture::new();
    let past = request("08:59:59", 1);
    let error = fixture.create("a", &past).unwrap_err();
    assert_eq!(error.kind(), "ValidationException");
    assert!(fixture.create("now", &request("09:00:00", 2)).is_ok());
    fixture.behave(json!({ "accepts_past_times": true }));
    assert!(fixture.create("a", &past).is_ok());
    fixture.fire().await;
    assert_eq!(fixture.events(), [1, 2]);
}

#[test]
fn a_repeated_request_with_the_same_client_token_succeeds_once() {
    let fixture = Fixture::new();
    let first = request("09:30:00", 1);
    let arn = fixture.create("a", &first).unwrap();
    assert_eq!(fixture.create("a", &first).unwrap(), arn);
    // The time may have passed before the request was repeated.
    fixture.clock.advance(3_600);
    assert_eq!(fixture.create("a", &first).unwrap(), arn);

    let mut other_parameters = request("11:30:00", 2);
    other_parameters["ClientToken"] = first["ClientToken"].clone();
    let mut other_token = first.clone();
    other_token["ClientToken"] = json!("other");
    let mut no_token = first.clone();
    no_token.as_object_mut().unwrap().remove("ClientToken");
    for request in [other_parameters, other_token, no_token] {
        let error = fixture.create("a", &request).unwrap_err();
        assert_eq!(error, SchedulerError::schedule_exists("a"), "{request}");
    }

    fixture.behave(json!({ "ignores_client_tokens": true }));
    let error = fixture.create("a", &first).unwrap_err();
    assert_eq!(error, SchedulerError::schedule_exists("a"));
    assert_eq!(fixture.pending(), ["a"]);
}

#[test]
fn a_group_must_exist_and_has_its_own_names() {
    let fixture = Fixture::new();
    let mut request = request("09:30:00", 1);
    fixture.create("a", &request).unwrap();
    request.as_object_mut().unwrap().remove("GroupName");
    let arn = fixture.create("a", &request).unwrap();
    assert!(arn.ends_with(":schedule/default/a"), "{arn}");
    request["GroupName"] = json!("other");
    let error = fixture.create("a", &request).unwrap_err();
    assert_eq!(error, SchedulerError::group_not_found("other"));
    let delete = |group, name| fixture.scheduler.delete(group, name, None);
    assert_eq!(
        delete("other", "a"),
        Err(SchedulerError::group_not_found("other"))
    );
    assert_eq!(delete("default", "a"), Ok(()));
    assert_eq!(
        delete("default", "a"),
        Err(SchedulerError::schedule_not_found("a"))
    );
    assert_eq!(delete("afterchat", "a"), Ok(()));
}

#[test]
fn an_invalid_name_is_refused() {
    let fixture = Fixture::new();
    let long = "a".repeat(65);
    for name in ["", "a b", "a#b", "a/b", "ä", &long] {
        let created = fixture.create(name, &request("09:30:00", 1));
        assert_eq!(created.unwrap_err().kind(), "ValidationException", "{name}");
        let deleted = fixture.scheduler.delete("afterchat", name, None);
        assert_eq!(deleted.unwrap_err().kind(), "ValidationException", "{name}");
    }
    let name = "a".repeat(60) + "-_.9";
    assert!(fixture.create(&name, &request("09:30:00", 1)).is_ok());
}

#[tokio::test]
async fn the_role_of_a_target_must_trust_the_scheduler_and_allow_the_invocation() {
    let fixture = Fixture::new();
    let mut request = request("09:30:00", 1);
    request["Target"]["RoleArn"] = json!("arn:aws:iam::000000000000:role/Other");
    let error = fixture.create("a", &request).unwrap_err();
    assert_eq!(error.kind(), "ValidationException");
    request["Target"]["RoleArn"] = json!(POWERLESS_ROLE);
    fixture.create("a", &request).unwrap();
    fixture.clock.advance(1_800);
    let fired = fixture.fire().await;
    assert_eq!(fired[0]["deliveries"], json!([]));
    assert!(fixture.events().is_empty() && fixture.pending().is_empty());
}

#[tokio::test]
async fn a_schedule_can_be_late_lost_and_fired_twice() {
    let fixture = Fixture::new();
    fixture.behave(json!({ "late_seconds": 60, "next_firings": ["lost", "twice"] }));
    for (name, time, n) in [
        ("a", "09:10:00", 1),
        ("b", "09:20:00", 2),
        ("c", "09:30:00", 3),
    ] {
        fixture.create(name, &request(time, n)).unwrap();
    }
    fixture.clock.advance(30 * 60 + 59);
    fixture.fire().await;
    assert_eq!(fixture.events(), [2, 2]);
    fixture.clock.advance(1);
    fixture.fire().await;
    assert_eq!(fixture.events(), [2, 2, 3]);
    let too_late = serde_json::from_value(json!({ "late_seconds": 61 })).unwrap();
    assert!(fixture.scheduler.change_behavior(too_late).is_err());
}

#[tokio::test]
async fn a_schedule_fires_at_the_chosen_edge_of_its_flexible_window() {
    let fixture = Fixture::new();
    let mut flexible = request("09:30:00", 1);
    let window = json!({ "Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15 });
    flexible["FlexibleTimeWindow"] = window;
    fixture.create("a", &flexible).unwrap();
    fixture.behave(json!({ "flexible_windows": "end" }));
    fixture.clock.advance(44 * 60 + 59);
    assert_eq!(fixture.fire().await, json!([]));
    fixture.behave(json!({ "flexible_windows": "start" }));
    fixture.fire().await;
    assert_eq!(fixture.events(), [1]);
}

#[tokio::test]
async fn schedules_survive_a_restart() {
    let directory = Directory::new();
    let before = Fixture::stored_in(&directory.storage());
    before.create("a", &request("09:30:00", 1)).unwrap();
    before.create("b", &request("09:40:00", 2)).unwrap();
    before.scheduler.delete("afterchat", "a", None).unwrap();
    drop(before);
    let after = Fixture::stored_in(&directory.storage());
    assert_eq!(after.pending(), ["b"]);
    after.clock.advance(3_600);
    after.fire().await;
    assert_eq!(after.events(), [2]);
    drop(after);
    assert!(
        Fixture::stored_in(&directory.storage())
            .pending()
            .is_empty()
    );
}

#[tokio::test]
async fn responses_have_the_format_of_the_api() {
    let fixture = Fixture::new();
    let body = request("09:30:00", 1);
    let (status, _, created) = fixture.call("POST", "/schedules/a%2Eb", &body).await;
    assert_eq!(status, StatusCode::OK);
    let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/afterchat/a.b";
    assert_eq!(created, json!({ "ScheduleArn": arn }));
    let other = request("09:31:00", 2);
    let conflict = fixture.call("POST", "/schedules/a.b", &other);
    assert_eq!(
        conflict.await,
        (
            StatusCode::CONFLICT,
            "ConflictException".to_owned(),
            json!({ "Message": "Schedule a.b already exists." })
        )
    );
    let path = "/schedules/a.b?groupName=afterchat&clientToken=t";
    let (status, _, deleted) = fixture.call("DELETE", path, &Value::Null).await;
    assert_eq!((status, deleted), (StatusCode::OK, json!({})));
    let (status, kind, _) = fixture.call("DELETE", path, &Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(kind, "ResourceNotFoundException");
    let (status, kind, _) = fixture.call("POST", "/schedules/a", &json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(kind, "ValidationException");
}

#[tokio::test]
async fn calls_can_fail_before_or_after_they_take_effect() {
    let fixture = Fixture::new();
    let next = ["throttle", "quota", "error", "lost_reply"];
    fixture.behave(json!({ "next_calls": next }));
    for (status, kind) in [
        (StatusCode::TOO_MANY_REQUESTS, "ThrottlingException"),
        (
            StatusCode::PAYMENT_REQUIRED,
            "ServiceQuotaExceededException",
        ),
        (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerException"),
    ] {
        let body = request("09:30:00", 1);
        let (answered, named, _) = fixture.call("POST", "/schedules/a", &body).await;
        assert_eq!((answered, named.as_str()), (status, kind));
        assert!(fixture.pending().is_empty());
    }
    let body = request("09:30:00", 1);
    let (_, named, _) = fixture.call("POST", "/schedules/a", &body).await;
    assert_eq!(named, "no reply");
    assert_eq!(fixture.pending(), ["a"]);
}
