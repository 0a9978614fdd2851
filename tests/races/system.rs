//! The product: a stack whose clock stands still, and those who call it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use lambda::clock::Clock;
use local::Options;
use serde_json::{Value as Json, json};
use tests::{
    AwsCall, AwsError, AwsProxy, Caller as Http, Conflicting, FaultInjection, FrozenClock, Reply,
    SENDER, Stack,
};

use crate::codec::{
    self, Ids, Naming, agent_id, message_id, message_text, message_time, rating_request_id,
    token_id,
};
use crate::commands::{
    Agent, Ask, Caller, Command, MessageName, Place, Rate, Record, SendTranscript, Sent, SesFault,
    Show, Visibility, Wording, Write,
};
use crate::model::{AGENT_CAP, Mail, Message, Number, ORGANISATION_CAP};

/// Long after the machine's own time, by which the embedded DynamoDB deletes what has expired:
/// nothing expires for it.
const BEGINNING: &str = "2100-01-01T00:00:00Z";

/// An id that no rating request has.
const UNKNOWN_REQUEST: &str = "00000000000000000000000000000000";

/// What goes wrong between the functions and AWS, never so often that an answer may differ for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Transactions meet conflicts, and replies are lost.
    pub injects_faults: bool,
    /// If DynamoDB refuses a transaction, other items of it conflict.
    pub mixes: bool,
}

/// A stack, and those who call it.
pub struct System {
    stack: Stack,
    clock: Arc<FrozenClock>,
    agents: BTreeMap<Agent, Http>,
    platform: Http,
    aws: Option<AwsProxy>,
    faults: Faults,
    pub naming: Naming,
}

impl System {
    /// Starts a stack that meets `faults`.
    pub async fn open(faults: Faults) -> Self {
        let clock = FrozenClock::at(BEGINNING.parse().unwrap());
        let parameters = [
            ("AgentTranscriptsPerHour", AGENT_CAP),
            ("OrganisationTranscriptsPerHour", ORGANISATION_CAP),
        ];
        let parameters = parameters.map(|(name, cap)| (name.to_owned(), cap.to_string()));
        let options = Options {
            clock: Arc::clone(&clock) as _,
            // In this process, for no other goes by this clock.
            host: None,
            parameters: parameters.into(),
            ..Stack::options()
        };
        let (stack, aws) = if faults.injects_faults || faults.mixes {
            let (stack, aws) = Stack::start_behind_proxy(options).await;
            if faults.injects_faults {
                inject_faults(&aws);
            }
            (stack, Some(aws))
        } else {
            (Stack::start_with(options).await, None)
        };
        stack.verified_sender().await;
        let mut agents = BTreeMap::new();
        for agent in Agent::ALL {
            agents.insert(agent, stack.agent(agent_id(agent)).await);
        }
        Self {
            platform: stack.platform().await,
            stack,
            clock,
            agents,
            aws,
            faults,
            naming: Naming { case: 0 },
        }
    }

    /// Begins another case: with conversations of its own, on another day.
    pub async fn begin(&mut self, milliseconds: u64) {
        const DAY: u64 = 24 * 3_600_000;
        self.naming.case += 1;
        let now = u64::try_from(self.now().as_millisecond()).unwrap();
        self.advance(Duration::from_millis(DAY - now % DAY + milliseconds));
        self.meet(&[]).await;
        // By the case's own number, so that the case is the same when it is played again.
        if let Some(aws) = self.aws.as_ref().filter(|_| self.faults.mixes) {
            aws.mix_cancellation_reasons(Conflicting::AtRandom(milliseconds));
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now().to_jiff()
    }

    pub fn advance(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub async fn stop(self) {
        self.stack.stop().await;
    }

    /// Says what the next mails meet.
    pub async fn meet(&self, faults: &[SesFault]) {
        let faults = faults.iter().map(|fault| match fault {
            SesFault::Throttle => "throttle",
            SesFault::Reject => "reject",
            SesFault::Error => "error",
            SesFault::LostReply => "lost_reply",
        });
        self.stack.next_sends(&faults.collect::<Vec<_>>()).await;
    }

    /// Sends a command.
    pub async fn issue(&self, command: &Sent, ids: &Ids) -> Reply {
        match command {
            Command::Ask(ask) => self.ask(ask).await,
            Command::Rate(rate) => self.rate(rate, ids).await,
            Command::Show(show) => {
                let visitor = self.visitor(show, ids);
                visitor.get("/v1/visitor/rating-request").await
            }
            Command::Send(send) => self.send(send).await,
            Command::Record(record) => self.record(record).await,
            Command::Write(write) => self.write(write).await,
        }
    }

    async fn ask(&self, ask: &Ask) -> Reply {
        let agent = agent_id(ask.agent);
        let (caller, body) = match ask.caller {
            Caller::Agent => (&self.agents[&ask.agent], json!({})),
            Caller::Platform => (
                &self.platform,
                json!({ "agent": { "id": agent, "name": "An agent" } }),
            ),
        };
        let path = self.path(ask.place, "/rating-requests");
        match ask.key {
            Some(key) => caller.post_once(&path, &format!("{key:?}"), body).await,
            None => caller.post(&path, body).await,
        }
    }

    async fn rate(&self, rate: &Rate<Number, Number>, ids: &Ids) -> Reply {
        let mut body = json!({ "score": rate.score });
        if let Some(comment) = rate.comment {
            body["comment"] = comment.into();
        }
        let (place, token) = (rate.place, rate.token);
        let visitor = self.visitor(&Show { place, token }, ids);
        let request = rate
            .request
            .and_then(|number| ids.get(&rating_request_id(number)));
        let request = request.map_or(UNKNOWN_REQUEST, String::as_str);
        visitor.rate(request, body).await
    }

    fn visitor(&self, show: &Show<Number>, ids: &Ids) -> Http {
        let token = show.token.and_then(|number| ids.get(&token_id(number)));
        match token {
            Some(token) => self.stack.bearer(token),
            None => {
                let conversation = self.naming.conversation(show.place);
                let parts: [&[u8]; 3] = [b"main", conversation.as_bytes(), &[7; 32]];
                let forged = parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
                self.stack.bearer(&forged.join("."))
            }
        }
    }

    async fn send(&self, send: &SendTranscript) -> Reply {
        let mut body = json!({ "from": SENDER, "sender_name": send.sender_name });
        if send.asks_for_rating {
            body["ask_for_rating"] = true.into();
        }
        let path = self.path(send.place, "/transcripts");
        let agent = &self.agents[&send.agent];
        match send.key {
            Some(key) => agent.post_once(&path, &format!("{key:?}"), body).await,
            None => agent.post(&path, body).await,
        }
    }

    async fn record(&self, record: &Record) -> Reply {
        let mut body = json!({ "renew_visitor_token": record.renews_token });
        if let Some(channel) = record.channel {
            body["channel"] = codec::channel(channel).into();
        }
        if let Some(status) = record.status {
            body["status"] = codec::status(status).into();
        }
        if record.tells_visitor {
            body["visitor"] = json!({ "email": self.naming.address(record.place) });
        }
        self.platform.put(&self.path(record.place, ""), body).await
    }

    async fn write(&self, write: &Write) -> Reply {
        let messages = write.messages.iter().map(|(name, visibility, wording)| {
            let message = Message {
                visibility: *visibility,
                wording: *wording,
            };
            json!({
                "id": message_id(*name),
                "sent_at": message_time(*name),
                "author": { "kind": "visitor" },
                "visibility": codec::visibility(*visibility),
                "text": message_text(*name, message),
            })
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        let path = self.path(write.place, "/messages");
        self.platform.post(&path, body).await
    }

    fn path(&self, place: Place, rest: &str) -> String {
        let conversation = self.naming.conversation(place);
        format!("/v1/conversations/{conversation}{rest}")
    }

    /// A conversation as `agent` reads it, without the ids of its events, which only have to keep
    /// the thread in order.
    pub async fn read(&self, place: Place, agent: Agent) -> Result<Json, String> {
        let reply = self.agents[&agent]
            .get(&self.path(place, "?limit=500"))
            .await;
        let mut read = reply.expect(200);
        let entries = read["thread"]["entries"].as_array_mut().unwrap();
        let keys = |entry: &Json| (entry["at"].to_string(), entry["id"].to_string());
        if !entries.is_sorted_by(|one, next| keys(one) < keys(next)) {
            return Err(format!("the thread is not in order: {entries:?}"));
        }
        for entry in entries.iter_mut().filter(|entry| entry["kind"] == "event") {
            entry.as_object_mut().unwrap().remove("id");
        }
        Ok(read)
    }

    /// The mails of this case that SES took, each with the texts that stand anywhere in it.
    pub async fn mails(&self) -> BTreeMap<Mail, usize> {
        let mut mails = BTreeMap::new();
        for mail in self.stack.outbox().await {
            let is_to = |place: &Place| mail["to"] == json!([self.naming.address(*place)]);
            if let Some(place) = Place::ALL.into_iter().find(is_to) {
                let text = mail.to_string();
                let held: BTreeSet<_> = all_messages()
                    .filter(|(name, message)| text.contains(&message_text(*name, *message)))
                    .collect();
                *mails.entry((place, held)).or_default() += 1;
            }
        }
        mails
    }
}

fn all_messages() -> impl Iterator<Item = (MessageName, Message)> {
    let names = [MessageName::M1, MessageName::M2];
    let visibilities = [Visibility::Public, Visibility::Private];
    let wordings = [Wording::First, Wording::Second];
    names.into_iter().flat_map(move |name| {
        visibilities.into_iter().flat_map(move |visibility| {
            wordings.into_iter().map(move |wording| {
                let message = Message {
                    visibility,
                    wording,
                };
                (name, message)
            })
        })
    })
}

/// Of all transactions a third meet another one, once to three times; of some the reply is lost.
fn inject_faults(aws: &AwsProxy) {
    let transacts = |call: &AwsCall| call.is("dynamodb:TransactWriteItems");
    // A transaction that is retried after a conflict has another token, and the same items.
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let conflicts = move |call: &AwsCall| {
        transacts(call) && {
            let items = call.body["TransactItems"].to_string();
            let left = left
                .entry(items)
                .or_insert_with(|| conflicts_of(&token_of(call)));
            let conflicts = *left > 0;
            *left = left.saturating_sub(1);
            conflicts
        }
    };
    aws.inject_always(
        conflicts,
        FaultInjection::Refuse(AwsError::TransactionConflict),
    );
    let mut lost = BTreeSet::new();
    let loses = move |call: &AwsCall| {
        transacts(call) && token_of(call).starts_with(['e', 'f']) && lost.insert(token_of(call))
    };
    aws.inject_always(loses, FaultInjection::LoseReply);
}

fn token_of(call: &AwsCall) -> String {
    call.body["ClientRequestToken"].as_str().unwrap().to_owned()
}

/// Tokens are random.
fn conflicts_of(token: &str) -> usize {
    match token.as_bytes()[1] {
        b'0'..=b'9' => 0,
        b'a' | b'b' => 1,
        b'c' | b'd' => 2,
        _ => 3,
    }
}
