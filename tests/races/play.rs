//! Runs a case on the product and on the model.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::codec::{ComparableResponse, Ids, differences, matches, rating_request_id};
use crate::commands::CommandNumber;
use crate::commands::{
    Agent, Case, Channel, Chat, Command, MessageName, RandomCommand, RecordConversation,
    RecordMessages, RequestChoice, ResolvedCommand, SendOwnTranscript, ShowRatingRequest, Step,
    SubmitRating, TokenChoice, Visibility, Wait, Wording,
};
use crate::linearize::{Candidate, Exchange, expected, linearize};
use crate::model::{Model, hour_of};
use crate::system::System;

/// The state of a running case.
struct CaseRun<'a> {
    system: &'a System,
    /// The possible states of the model. While commands are sequential, there is only one.
    candidates: Vec<Candidate>,
    /// The number of commands so far.
    count: usize,
    /// The current and former tokens.
    tokens: BTreeMap<Chat, Vec<CommandNumber>>,
}

/// Runs `case`.
///
/// # Errors
/// A description of a response that differs from the model's.
pub async fn run_case(system: &mut System, case: &Case) -> Result<(), String> {
    system.begin_case(case.starts_at, case.settings).await;
    let model = Model {
        settings: case.settings,
        ..Model::default()
    };
    let ids = Ids::new();
    let mut run = CaseRun {
        system,
        candidates: vec![Candidate { model, ids }],
        count: 0,
        tokens: BTreeMap::new(),
    };
    for command in setup() {
        run.send_concurrently(&[command], None).await?;
    }
    for step in &case.steps {
        match step {
            Step::Wait(wait) => system.advance(duration(*wait, system.now())),
            Step::Ses(faults) => {
                system.set_ses_faults(faults).await;
                for candidate in &mut run.candidates {
                    candidate.model.ses = faults.clone().into();
                }
            }
            Step::Concurrent(commands, wait) => {
                run.send_concurrently(commands, *wait).await?;
                if commands.iter().any(Command::is_background) {
                    run.show_rating_requests().await?;
                }
            }
        }
    }
    run.finish().await
}

/// Records a widget conversation with a visitor and one public message.
fn setup() -> [RandomCommand; 2] {
    let chat = Chat::C1;
    let record = RecordConversation {
        chat,
        channel: Some(Channel::Widget),
        status: None,
        assignee: None,
        sets_visitor_email: true,
        renews_token: false,
    };
    let message = (MessageName::M1, Visibility::Public, Wording::First);
    let write = RecordMessages {
        chat,
        messages: vec![message],
    };
    [
        Command::RecordConversation(record),
        Command::RecordMessages(write),
    ]
}

fn duration(wait: Wait, now: Timestamp) -> Duration {
    let milliseconds = now.as_millisecond() - hour_of(now).as_millisecond();
    wait.duration(milliseconds.unsigned_abs())
}

impl CaseRun<'_> {
    /// Sends `commands` at the same time, advances the clock meanwhile, and compares the responses.
    async fn send_concurrently(
        &mut self,
        commands: &[RandomCommand],
        wait: Option<Wait>,
    ) -> Result<(), String> {
        let system = self.system;
        let start = system.now();
        let candidate = &self.candidates[0];
        let sent: Vec<(CommandNumber, ResolvedCommand)> = commands
            .iter()
            .enumerate()
            .map(|(index, command)| {
                let number = CommandNumber(self.count + index);
                (number, self.resolve(command, &candidate.model))
            })
            .collect();
        let pause = Duration::from_millis(self.count as u64 % 4);
        self.count += sent.len();
        let advancing = async {
            if let Some(wait) = wait {
                tokio::time::sleep(pause).await;
                system.advance(duration(wait, start));
            }
        };
        let all: Vec<_> = sent.iter().map(|(_, command)| command).collect();
        let replies = system.execute_all(&all, &candidate.ids);
        let (replies, ()) = tokio::join!(replies, advancing);
        let batch: Vec<Exchange> = sent
            .into_iter()
            .zip(&replies)
            .map(|((number, command), reply)| Exchange {
                number,
                command,
                observed: ComparableResponse::from_reply(reply),
            })
            .collect();
        let mut moments = vec![start];
        moments.extend(wait.map(|_| system.now()));
        let candidates = linearize(&self.candidates, &batch, &moments, system.naming);
        if candidates.is_empty() {
            return Err(self.describe_failure(&batch, start));
        }
        self.candidates = candidates;
        self.add_tokens();
        let is_background = commands.iter().any(Command::is_background);
        if commands.len() > 1 || is_background || self.has_unknown_ids() {
            self.compare_reads().await?;
        }
        Ok(())
    }

    fn describe_failure(&self, batch: &[Exchange], now: Timestamp) -> String {
        let mut text = if batch.len() == 1 {
            "the response differs from the model's:".to_owned()
        } else {
            "in no order of these commands does the model give these responses:".to_owned()
        };
        for exchange in batch {
            text.push_str(&format!(
                "\n  number {}, {:?}\n    got {}",
                exchange.number.0, exchange.command, exchange.observed
            ));
            let alone = expected(&self.candidates[0], exchange, now, self.system.naming);
            if let Some(alone) = alone {
                text.push_str(&format!(
                    "\n    the model's response to it alone is {alone}"
                ));
            }
        }
        text
    }

    /// Replaces the choices of a command with a request and a token.
    fn resolve(&self, command: &RandomCommand, model: &Model) -> ResolvedCommand {
        match command.clone() {
            Command::RequestRating(command) => Command::RequestRating(command),
            Command::SendTranscript(command) => Command::SendTranscript(command),
            Command::RecordConversation(command) => Command::RecordConversation(command),
            Command::RecordMessages(command) => Command::RecordMessages(command),
            Command::DeliverEvents => Command::DeliverEvents,
            Command::FireSchedules(firing) => Command::FireSchedules(firing),
            Command::SendOwnTranscript(SendOwnTranscript { chat, token, key }) => {
                Command::SendOwnTranscript(SendOwnTranscript {
                    chat,
                    token: token.and_then(|token| self.token(chat, token, model)),
                    key,
                })
            }
            Command::ShowRatingRequest(ShowRatingRequest { chat, token }) => {
                Command::ShowRatingRequest(ShowRatingRequest {
                    chat,
                    token: token.and_then(|token| self.token(chat, token, model)),
                })
            }
            Command::SubmitRating(command) => Command::SubmitRating(SubmitRating {
                chat: command.chat,
                token: command
                    .token
                    .and_then(|token| self.token(command.chat, token, model)),
                request: command
                    .request
                    .and_then(|choice| request(command.chat, choice, model)),
                score: command.score,
                comment: command.comment,
            }),
        }
    }

    fn token(&self, chat: Chat, choice: TokenChoice, model: &Model) -> Option<CommandNumber> {
        let current = model.conversations.get(&chat)?.visitor_token;
        match choice {
            TokenChoice::Good => Some(current),
            TokenChoice::Bad => {
                let mut tokens = self.tokens.get(&chat)?.iter().copied();
                tokens.rfind(|token| *token != current)
            }
        }
    }

    fn add_tokens(&mut self) {
        for (chat, conversation) in &self.candidates[0].model.conversations {
            let tokens = self.tokens.entry(*chat).or_default();
            if !tokens.contains(&conversation.visitor_token) {
                tokens.push(conversation.visitor_token);
            }
        }
    }

    /// Whether the model has a current request whose id was in no response yet.
    fn has_unknown_ids(&self) -> bool {
        let Candidate { model, ids } = &self.candidates[0];
        let mut current = model.conversations.values().filter_map(|it| it.current);
        current.any(|number| !ids.contains_key(&rating_request_id(number)))
    }

    /// Reads every conversation, and drops the candidates that differ.
    async fn compare_reads(&mut self) -> Result<(), String> {
        let system = self.system;
        let agent = Agent::ALL[self.count % Agent::ALL.len()];
        for chat in Chat::ALL {
            let exists = |candidate: &Candidate| candidate.model.conversations.contains_key(&chat);
            if !exists(&self.candidates[0]) {
                continue;
            }
            let read = system.read_conversation(chat, agent).await?;
            let expect = |candidate: &Candidate| {
                let model = &candidate.model;
                exists(candidate)
                    .then(|| model.read_conversation(system.naming, chat, agent, system.now()))
            };
            let expected_first = expect(&self.candidates[0]).unwrap_or_default();
            let ids = self.candidates[0].ids.clone();
            self.candidates.retain_mut(|candidate| {
                let expected = expect(candidate);
                expected.is_some_and(|expected| matches(&expected, &read, &mut candidate.ids))
            });
            if self.candidates.is_empty() {
                let differences = differences(&expected_first, &read, &ids);
                return Err(format!(
                    "the response to {agent:?} who reads {chat:?} differs from the model's:{differences}"
                ));
            }
        }
        Ok(())
    }

    /// Compares what each visitor sees, which shows the order of two rating requests at the same time.
    async fn show_rating_requests(&mut self) -> Result<(), String> {
        let commands = Chat::ALL.map(|chat| {
            Command::ShowRatingRequest(ShowRatingRequest {
                chat,
                token: Some(TokenChoice::Good),
            })
        });
        for command in commands {
            self.send_concurrently(&[command], None).await?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), String> {
        self.compare_reads().await?;
        self.show_rating_requests().await?;
        let mails = self.system.mails().await;
        let model = self.candidates[0].model.clone();
        self.candidates
            .retain(|candidate| candidate.model.mails == mails);
        if self.candidates.is_empty() {
            let expected = model.mails;
            return Err(format!(
                "the mails differ from the model's:\n  SES has {mails:?}\n  the model has {expected:?}"
            ));
        }
        Ok(())
    }
}

/// The number of the chosen rating request.
fn request(chat: Chat, choice: RequestChoice, model: &Model) -> Option<CommandNumber> {
    let other = match chat {
        Chat::C1 => Chat::C2,
        Chat::C2 => Chat::C1,
    };
    let newest = |chat| model.conversations.get(&chat)?.current;
    match choice {
        RequestChoice::Newest => newest(chat),
        RequestChoice::Foreign => newest(other),
        RequestChoice::Unknown => None,
        RequestChoice::Older => {
            let current = newest(chat)?;
            let requests = &model.conversations.get(&chat)?.requests;
            requests
                .range(..current)
                .next_back()
                .map(|(number, _)| *number)
        }
    }
}
