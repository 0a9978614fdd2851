//! The events of a mail that SES publishes on the default bus after it accepted the mail.
//!
//! Addresses of the SES mailbox simulator cause the same events as in SES. Mail to any other
//! address is delivered.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use lambda::random;
use serde_json::{Map, Value, json};

use crate::aws::eventbridge::EventBus;
use crate::aws::ses::mailbox::{Address, Mailbox};
use crate::aws::ses::outbox::Email;
use crate::template::{ACCOUNT, REGION};

const SIMULATOR: &str = "simulator.amazonses.com";

/// The delays of the events after a mail: accepted, delivered or bounced, and feedback.
const SEND_DELAY: Duration = Duration::from_secs(1);
const DELIVERY_DELAY: Duration = Duration::from_secs(2);
const FEEDBACK_DELAY: Duration = Duration::from_secs(3);

/// The maximum number of events that are kept for display. All of them would fill the memory in a
/// long run.
const KEPT: usize = 200;

/// Publishes the events of mails.
pub(crate) struct MailEvents {
    bus: EventBus,
    /// The event types that the configuration set publishes.
    wanted: BTreeSet<String>,
    /// Whether events are published automatically. Otherwise a caller puts them on the bus.
    is_automatic: bool,
    /// The latest events.
    latest: Mutex<VecDeque<Value>>,
}

/// A type of event.
#[derive(Clone, Copy)]
struct Kind {
    /// The name in a configuration set. It is also the field with the event's details.
    name: &'static str,
    event_type: &'static str,
    detail_type: &'static str,
}

const SEND: Kind = Kind::new("send", "Send", "Email Sent");
const DELIVERY: Kind = Kind::new("delivery", "Delivery", "Email Delivered");
const BOUNCE: Kind = Kind::new("bounce", "Bounce", "Email Bounced");
const COMPLAINT: Kind = Kind::new("complaint", "Complaint", "Email Complaint Received");

impl Kind {
    const fn new(name: &'static str, event_type: &'static str, detail_type: &'static str) -> Self {
        Self {
            name,
            event_type,
            detail_type,
        }
    }
}

/// A future event: its delay after the mail, its type and its details.
type PlannedEvent = (Duration, Kind, Value);

impl MailEvents {
    pub(crate) fn new(bus: EventBus, wanted: BTreeSet<String>, is_automatic: bool) -> Self {
        Self {
            bus,
            wanted,
            is_automatic,
            latest: Mutex::default(),
        }
    }

    /// The default bus, on which the events are published.
    pub(crate) fn bus(&self) -> &EventBus {
        &self.bus
    }

    /// The latest events of this run, the oldest first. They include events that are not published
    /// yet.
    pub(crate) fn latest(&self) -> Vec<Value> {
        let latest = self.latest.lock();
        let latest = latest.unwrap_or_else(PoisonError::into_inner);
        latest.iter().cloned().collect()
    }

    /// Publishes the events of `email`. A mail without a configuration set has no events.
    pub(super) fn publish(self: &Arc<Self>, email: &Email) {
        let message = email.message();
        let Some(set) = message.headers.get("X-SES-CONFIGURATION-SET") else {
            return;
        };
        let mail = mail(email, set);
        let recipients = message.to.iter().filter_map(|to| Mailbox::parse(to).ok());
        let others = recipients.flat_map(|to| planned_events(&to.address));
        let send: [PlannedEvent; 1] = [(SEND_DELAY, SEND, json!({}))];
        for (after, kind, details) in send.into_iter().chain(others) {
            if self.wanted.contains(kind.name) {
                self.schedule(
                    after,
                    event(kind, details, &mail, set, email.sent_at(), after),
                );
            }
        }
    }

    /// Records `event`, and puts it on the bus after the delay if events are published
    /// automatically.
    fn schedule(self: &Arc<Self>, after: Duration, event: Value) {
        let latest = self.latest.lock();
        let mut latest = latest.unwrap_or_else(PoisonError::into_inner);
        if latest.len() == KEPT {
            latest.pop_front();
        }
        latest.push_back(event.clone());
        drop(latest);
        // There is no runtime if the server is shutting down.
        let runtime = tokio::runtime::Handle::try_current();
        if let (true, Ok(runtime)) = (self.is_automatic, runtime) {
            let events = Arc::clone(self);
            runtime.spawn(async move {
                tokio::time::sleep(after).await;
                events.bus.put(&event).await;
            });
        }
    }
}

/// The events of an accepted mail to this address. The simulator supports labels, as in
/// `bounce+1@`.
fn planned_events(to: &Address) -> Vec<PlannedEvent> {
    let address = to.to_string();
    let delivery = || {
        let details = json!({
            "processingTimeMillis": DELIVERY_DELAY.as_millis() as u64,
            "recipients": [address],
            "smtpResponse": "250 2.0.0 OK",
            "reportingMTA": "a1-1.smtp-out.amazonses.com",
        });
        (DELIVERY_DELAY, DELIVERY, details)
    };
    let bounce = |after, kind: &str, subtype: &str, recipient: Value| {
        let details = json!({
            "feedbackId": feedback_id(),
            "bounceType": kind,
            "bounceSubType": subtype,
            "bouncedRecipients": [recipient],
        });
        (after, BOUNCE, details)
    };
    let refused =
        |text: &str| json!({"action": "failed", "status": "5.1.1", "diagnosticCode": text});
    let label = to.local.split('+').next().unwrap_or_default();
    match label.to_ascii_lowercase().as_str() {
        _ if to.domain != SIMULATOR => vec![delivery()],
        "bounce" => {
            let recipient = refused("smtp; 550 5.1.1 user unknown");
            vec![bounce(DELIVERY_DELAY, "Permanent", "General", recipient)]
        }
        "suppressionlist" => {
            let recipient = refused("Amazon SES has suppressed sending to this address.");
            vec![bounce(DELIVERY_DELAY, "Permanent", "Suppressed", recipient)]
        }
        "ooto" => {
            let reply = bounce(
                FEEDBACK_DELAY,
                "Transient",
                "General",
                json!({"emailAddress": address}),
            );
            vec![delivery(), reply]
        }
        "complaint" => {
            let details = json!({
                "feedbackId": feedback_id(),
                "complaintSubType": null,
                "complainedRecipients": [{"emailAddress": address}],
                "complaintFeedbackType": "abuse",
                "userAgent": "Amazon SES Mailbox Simulator",
            });
            vec![delivery(), (FEEDBACK_DELAY, COMPLAINT, details)]
        }
        _ => vec![delivery()],
    }
}

fn feedback_id() -> String {
    format!("{}-000000", random::unique_id())
}

/// The description of the mail in each event.
fn mail(email: &Email, configuration_set: &str) -> Value {
    let message = email.message();
    let header = |name: &str| message.headers.get(name).map_or("", String::as_str);
    let headers = message.headers.iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let from = header("From");
    let source = Mailbox::parse(from).map(|from| from.address);
    let domain = source.as_ref().map_or("", |source| source.domain.as_str());
    let mut tags = Map::from_iter([
        ("ses:operation".to_owned(), json!(["SendEmail"])),
        (
            "ses:configuration-set".to_owned(),
            json!([configuration_set]),
        ),
        ("ses:from-domain".to_owned(), json!([domain])),
        ("ses:caller-identity".to_owned(), json!(["send-transcript"])),
    ]);
    for tag in header("X-SES-MESSAGE-TAGS").split(", ") {
        if let Some((name, value)) = tag.split_once('=') {
            tags.insert(name.to_owned(), json!([value]));
        }
    }
    json!({
        "timestamp": email.sent_at(),
        "source": from,
        "sourceArn": format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}"),
        "sendingAccountId": ACCOUNT,
        "messageId": email.id(),
        "destination": message.to,
        "headersTruncated": false,
        "headers": headers,
        "commonHeaders": {
            "from": [from],
            "to": message.to,
            "messageId": email.id(),
            "subject": message.subject,
        },
        "tags": tags,
    })
}

fn event(
    kind: Kind,
    mut details: Value,
    mail: &Value,
    configuration_set: &str,
    sent_at: Timestamp,
    after: Duration,
) -> Value {
    let at = sent_at.plus_seconds(i64::try_from(after.as_secs()).unwrap_or_default());
    // The event `Send` has no details.
    if let Some(details) = details.as_object_mut().filter(|_| kind.name != SEND.name) {
        details.insert("timestamp".to_owned(), json!(at));
    }
    json!({
        "version": "0",
        "id": event_id(),
        "detail-type": kind.detail_type,
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [
            format!("arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{configuration_set}"),
        ],
        "detail": {"eventType": kind.event_type, "mail": mail, kind.name: details},
    })
}

/// A UUID, which is EventBridge's format of event IDs.
fn event_id() -> String {
    let digits = random::unique_id().to_string();
    let mut id = String::new();
    for (index, digit) in digits.char_indices() {
        if [8, 12, 16, 20].contains(&index) {
            id.push('-');
        }
        id.push(digit);
    }
    id
}
