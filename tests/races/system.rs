//! The product: a stack with a frozen clock, and its callers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use jiff::Timestamp;
use lambda::clock::Clock;
use local::Options;
use serde_json::{Value as Json, json};
use tests::{AwsProxy, Caller as Http, Conflicting, FrozenClock, Reply, SENDER, Stack};

use crate::codec::{
    self, Ids, Naming, agent_id, message_id, message_text, message_time, rating_request_id,
    token_id,
};
use crate::commands::CommandNumber;
use crate::commands::{
    Agent, Caller, Chat, Command, Firing, MessageName, RecordConversation, RecordMessages,
    RequestRating, ResolvedCommand, SendOwnTranscript, SendTranscript, SesFault, Settings,
    ShowRatingRequest, SubmitRating, Visibility, Wording,
};
use crate::conflicts::inject_faults;
use crate::held_write::HeldWrite;
use crate::model::{AGENT_CAP, Mail, Message, ORGANISATION_CAP};

/// Long after the machine's time. The embedded DynamoDB deletes expired items by the machine's time,
/// so it deletes none.
const START: &str = "2100-01-01T00:00:00Z";

/// An id that no rating request has.
const UNKNOWN_REQUEST: &str = "00000000000000000000000000000000";

/// The faults of calls to AWS. They never happen so often that a response may differ.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Some transactions conflict, and some replies are lost.
    pub injects_faults: bool,
    /// If DynamoDB refuses a transaction, the proxy reports conflicts for other items of it.
    pub mixes_reasons: bool,
}

/// Options with the model's caps.
pub fn options_with_caps() -> Options {
    Stack::options_with(&[
        ("AgentTranscriptsPerHour", &AGENT_CAP.to_string()),
        (
            "OrganisationTranscriptsPerHour",
            &ORGANISATION_CAP.to_string(),
        ),
    ])
}

/// A stack and its callers.
pub struct System {
    stack: Stack,
    clock: Arc<FrozenClock>,
    agents: BTreeMap<Agent, Http>,
    platform: Http,
    aws: Option<AwsProxy>,
    faults: Faults,
    /// The settings that are stored.
    settings: Settings,
    pub naming: Naming,
}

impl System {
    /// Starts a stack with `faults`.
    pub async fn start(faults: Faults) -> Self {
        let clock = FrozenClock::at(START.parse().unwrap());
        let options = Options {
            clock: Arc::clone(&clock) as _,
            // The functions run in this process, because other processes do not use this clock.
            host: None,
            ..options_with_caps()
        };
        let (stack, aws) = if faults.injects_faults || faults.mixes_reasons {
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
            settings: Settings::default(),
            naming: Naming { case: 0 },
        }
    }

    /// Starts another case, with its own conversations and on another day.
    pub async fn begin_case(&mut self, milliseconds: u64, settings: Settings) {
        const DAY: u64 = 24 * 3_600_000;
        self.naming.case += 1;
        if self.settings != Settings::default() || settings != Settings::default() {
            self.store_settings(Settings::default()).await;
            // The functions use copies of the settings that are up to a minute old.
            self.advance(Duration::from_millis(DAY));
            self.end_background().await;
            self.store_settings(settings).await;
        }
        let now = u64::try_from(self.now().as_millisecond()).unwrap();
        self.advance(Duration::from_millis(2 * DAY - now % DAY + milliseconds));
        self.set_ses_faults(&[]).await;
        // The seed is the case's own, so that the case is the same in each run.
        if let Some(aws) = self.aws.as_ref().filter(|_| self.faults.mixes_reasons) {
            aws.mix_cancellation_reasons(Conflicting::AtRandom(milliseconds));
        }
    }

    async fn store_settings(&mut self, settings: Settings) {
        if self.settings == settings {
            return;
        }
        self.settings = settings;
        let reply = self.agents[&Agent::Kim].put("/v1/settings", codec::settings(settings));
        reply.await.expect(200);
    }

    /// Ends what former cases left on the bus and in the scheduler. Without settings it changes nothing.
    async fn end_background(&self) {
        self.stack.deliver_events().await;
        self.fire_schedules(Firing::Once).await;
        self.stack.deliver_events().await;
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

    /// Sets the faults of the next calls of SES.
    pub async fn set_ses_faults(&self, faults: &[SesFault]) {
        let faults = faults.iter().map(|fault| match fault {
            SesFault::Throttle => "throttle",
            SesFault::Reject => "reject",
            SesFault::Error => "error",
            SesFault::LostReply => "lost_reply",
        });
        self.stack.next_sends(&faults.collect::<Vec<_>>()).await;
    }

    /// Sends a command.
    pub async fn execute(&self, command: &ResolvedCommand, ids: &Ids) -> Reply {
        match command {
            Command::RequestRating(command) => self.request_rating(command).await,
            Command::SubmitRating(command) => self.submit_rating(command, ids).await,
            Command::ShowRatingRequest(command) => {
                let visitor = self.visitor(command, ids);
                visitor.get("/v1/visitor/rating-request").await
            }
            Command::SendTranscript(command) => self.send_transcript(command).await,
            Command::RecordConversation(command) => self.record_conversation(command).await,
            Command::RecordMessages(command) => self.record_messages(command).await,
            Command::SendOwnTranscript(command) => self.send_own_transcript(command, ids).await,
            Command::DeliverEvents => {
                let reply = self.stack.nobody().post("/dev/events", json!({})).await;
                without_details(reply)
            }
            Command::FireSchedules(firing) => without_details(self.fire_schedules(*firing).await),
        }
    }

    /// Sends the commands at the same time. If the last one is what happens by itself, the others are sent
    /// between its first decision and the write, in stacks whose calls to AWS can be held.
    pub async fn execute_all(&self, commands: &[&ResolvedCommand], ids: &Ids) -> Vec<Reply> {
        let last = commands.split_last();
        let last = last.filter(|(last, others)| last.is_background() && !others.is_empty());
        let (Some((last, others)), Some(aws)) = (last, &self.aws) else {
            return self.execute_at_once(commands, ids).await;
        };
        let write = HeldWrite::of_next(aws);
        let background = async {
            let reply = self.execute(last, ids).await;
            write.release();
            reply
        };
        let meanwhile = async {
            write.arrived().await;
            let replies = self.execute_at_once(others, ids).await;
            write.release();
            replies
        };
        let (reply, mut replies) = tokio::join!(background, meanwhile);
        replies.push(reply);
        replies
    }

    async fn execute_at_once(&self, commands: &[&ResolvedCommand], ids: &Ids) -> Vec<Reply> {
        let commands = commands.iter();
        join_all(commands.map(|command| self.execute(command, ids))).await
    }

    async fn request_rating(&self, command: &RequestRating) -> Reply {
        let agent = agent_id(command.agent);
        let (caller, body) = match command.caller {
            Caller::Agent => (&self.agents[&command.agent], json!({})),
            _ => (
                &self.platform,
                json!({ "agent": { "id": agent, "name": "An agent" } }),
            ),
        };
        let path = self.path(command.chat, "/rating-requests");
        match command.key {
            Some(key) => caller.post_with_key(&path, &format!("{key:?}"), body).await,
            None => caller.post(&path, body).await,
        }
    }

    async fn submit_rating(
        &self,
        command: &SubmitRating<CommandNumber, CommandNumber>,
        ids: &Ids,
    ) -> Reply {
        let mut body = json!({ "score": command.score });
        if let Some(comment) = command.comment {
            body["comment"] = comment.into();
        }
        let (chat, token) = (command.chat, command.token);
        let visitor = self.visitor(&ShowRatingRequest { chat, token }, ids);
        let request = command
            .request
            .and_then(|number| ids.get(&rating_request_id(number)));
        let request = request.map_or(UNKNOWN_REQUEST, String::as_str);
        visitor.rate(request, body).await
    }

    fn visitor(&self, command: &ShowRatingRequest<CommandNumber>, ids: &Ids) -> Http {
        let token = command.token.and_then(|number| ids.get(&token_id(number)));
        match token {
            Some(token) => self.stack.bearer(token),
            None => {
                let conversation = self.naming.conversation(command.chat);
                let parts: [&[u8]; 3] = [b"main", conversation.as_bytes(), &[7; 32]];
                let forged = parts.map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
                self.stack.bearer(&forged.join("."))
            }
        }
    }

    async fn send_transcript(&self, command: &SendTranscript) -> Reply {
        let mut body = json!({ "from": SENDER, "sender_name": command.sender_name });
        if command.asks_for_rating {
            body["ask_for_rating"] = true.into();
        }
        let path = self.path(command.chat, "/transcripts");
        let agent = &self.agents[&command.agent];
        match command.key {
            Some(key) => agent.post_with_key(&path, &format!("{key:?}"), body).await,
            None => agent.post(&path, body).await,
        }
    }

    async fn send_own_transcript(
        &self,
        command: &SendOwnTranscript<CommandNumber>,
        ids: &Ids,
    ) -> Reply {
        let (chat, token) = (command.chat, command.token);
        let visitor = self.visitor(&ShowRatingRequest { chat, token }, ids);
        let path = "/v1/visitor/transcripts";
        match command.key {
            Some(key) => {
                let key = format!("{key:?}");
                visitor.post_with_key(path, &key, json!({})).await
            }
            None => visitor.post(path, json!({})).await,
        }
    }

    async fn fire_schedules(&self, firing: Firing) -> Reply {
        let firing = match firing {
            Firing::Once => "once",
            Firing::Twice => "twice",
            Firing::Lost => "lost",
        };
        // More than there are schedules.
        let next_firings = vec![firing; 100];
        let change = json!({ "next_firings": next_firings });
        self.stack.set_scheduler(change).await;
        let nobody = self.stack.nobody();
        nobody.post("/dev/scheduler/due", json!({})).await
    }

    async fn record_conversation(&self, command: &RecordConversation) -> Reply {
        let mut body = json!({ "renew_visitor_token": command.renews_token });
        if let Some(channel) = command.channel {
            body["channel"] = codec::channel(channel).into();
        }
        if let Some(status) = command.status {
            body["status"] = codec::status(status).into();
        }
        if let Some(assignee) = command.assignee {
            body["assignee"] = codec::agent(assignee);
        }
        if command.sets_visitor_email {
            body["visitor"] = json!({ "email": self.naming.address(command.chat) });
        }
        self.platform.put(&self.path(command.chat, ""), body).await
    }

    async fn record_messages(&self, command: &RecordMessages) -> Reply {
        let messages = command.messages.iter().map(|(name, visibility, wording)| {
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
        let path = self.path(command.chat, "/messages");
        self.platform.post(&path, body).await
    }

    fn path(&self, chat: Chat, rest: &str) -> String {
        let conversation = self.naming.conversation(chat);
        format!("/v1/conversations/{conversation}{rest}")
    }

    /// A conversation as `agent` reads it. It is compared without the ids of its events, because the
    /// model does not determine them.
    ///
    /// # Errors
    /// If the entries are not sorted by time and id.
    pub async fn read_conversation(&self, chat: Chat, agent: Agent) -> Result<Json, String> {
        let reply = self.agents[&agent]
            .get(&self.path(chat, "?limit=500"))
            .await;
        let mut read = reply.expect(200);
        let entries = read["thread"]["entries"].as_array_mut().unwrap();
        let keys = |entry: &Json| (entry["at"].to_string(), entry["id"].to_string());
        if !entries.is_sorted_by(|one, next| keys(one) < keys(next)) {
            return Err(format!("the thread is not sorted: {entries:?}"));
        }
        for entry in entries.iter_mut().filter(|entry| entry["kind"] == "event") {
            entry.as_object_mut().unwrap().remove("id");
        }
        Ok(read)
    }

    /// The mails of this case that SES accepted, each with the messages whose text is in it.
    pub async fn mails(&self) -> BTreeMap<Mail, usize> {
        let mut mails = BTreeMap::new();
        for mail in self.stack.outbox().await {
            let is_to = |chat: &Chat| mail["to"] == json!([self.naming.address(*chat)]);
            if let Some(chat) = Chat::ALL.into_iter().find(is_to) {
                let text = mail.to_string();
                let messages: BTreeSet<_> = all_messages()
                    .filter(|(name, message)| text.contains(&message_text(*name, *message)))
                    .collect();
                *mails.entry((chat, messages)).or_default() += 1;
            }
        }
        mails
    }
}

/// A reply of the bus or the scheduler without the deliveries, if all functions succeeded.
fn without_details(mut reply: Reply) -> Reply {
    let text = reply.body.to_string();
    if reply.status == 200 && !text.contains("\"succeeded\":false") {
        reply.body = Json::Null;
    }
    reply
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
