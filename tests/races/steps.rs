//! Commands in progress: the steps of the model that each command may take next. Steps of other
//! commands may come between them.

use jiff::Timestamp;

use crate::background::{self, Background};
use crate::codec::ComparableResponse;
use crate::commands::CommandNumber;
use crate::commands::{
    Agent, Caller, Command, RecordMessages, ResolvedCommand, SendOwnTranscript, SendTranscript,
};
use crate::model::{
    Decision, Delivery, Draft, Message, Model, Origin, Outcome, Refusal, Requester, Response,
    SENDER_OF_SETTINGS,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    NotStarted,
    /// The visitor may request a transcript.
    Authorized,
    /// What happens by itself.
    Background(Background),
    /// The conversation exists. These messages are still to be recorded.
    RecordingMessages(Vec<usize>),
    /// The transcript may be sent.
    Prepared(Draft),
    /// The slots are reserved.
    Reserved(Draft),
    /// The mail is being sent, and the remaining slots are being counted.
    Mailing(Mailing),
    /// Nothing was sent. The slots are freed and the request is marked as unmailed, in any order.
    CleaningUp(Cleanup),
    Done(Response),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mailing {
    draft: Draft,
    rating_request: Option<Result<CommandNumber, Refusal>>,
    attempts: usize,
    delivery: Option<Delivery>,
    remaining: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cleanup {
    is_released: bool,
    /// The request that is still to be marked.
    unmailed: Option<CommandNumber>,
    /// The response. `None` if the transcript is prepared again because the conversation has changed.
    refusal: Option<Refusal>,
}

/// The possible next steps of `command`, which started at `now`, each with the state after it.
pub fn next_steps(
    model: &Model,
    number: CommandNumber,
    command: &ResolvedCommand,
    now: Timestamp,
    progress: &Progress,
) -> Vec<(Model, Progress)> {
    let step = Step {
        model,
        number,
        now,
        decision: None,
    };
    match (command, progress) {
        (_, Progress::Done(_)) => Vec::new(),
        (Command::RequestRating(command), _) => {
            step.only(|model| model.request_rating(number, now, command))
        }
        (Command::SubmitRating(command), _) => step.only(|model| model.submit_rating(now, command)),
        (Command::ShowRatingRequest(command), _) => {
            step.only(|model| model.show_rating_request(now, command))
        }
        (Command::RecordConversation(command), _) => {
            step.only(|model| model.record_conversation(number, now, command))
        }
        (Command::RecordMessages(command), progress) => step.record_messages(command, progress),
        (Command::SendTranscript(send), progress) => step.send_transcript(send, progress),
        (Command::SendOwnTranscript(command), progress) => {
            step.send_own_transcript(command, progress)
        }
        (Command::DeliverEvents, Progress::NotStarted) => {
            step.unchanged(Progress::Background(Background::default()))
        }
        (Command::DeliverEvents, progress) => background::deliver_events(&step, progress),
        (Command::FireSchedules(firing), Progress::NotStarted) => {
            background::begin_firing(&step, *firing)
        }
        (Command::FireSchedules(_), progress) => background::continue_all(&step, progress),
    }
}

impl Progress {
    /// Whether `observed` may still be the response, if no message is recorded at the same time. This
    /// ends the search early.
    pub fn may_lead_to(&self, observed: &ComparableResponse) -> bool {
        let is_sent = observed.status == 201 && !observed.replayed;
        match self {
            Self::Prepared(draft) if is_sent => {
                observed.body["transcript"]["message_count"] == draft.len()
            }
            Self::Reserved(_) => is_sent || observed.status >= 500,
            Self::Mailing(mailing) => match mailing.remaining {
                Some(remaining) => is_sent && observed.body["quota"]["remaining"] == remaining,
                None => is_sent || observed.status >= 500,
            },
            _ => true,
        }
    }
}

pub struct Step<'a> {
    pub model: &'a Model,
    pub number: CommandNumber,
    pub now: Timestamp,
    /// The decision of a rule, which must be made again if the conversation was recorded since.
    pub decision: Option<Decision>,
}

pub type Steps = Vec<(Model, Progress)>;

impl Step<'_> {
    /// The last step of a command.
    pub fn only(&self, step: impl FnOnce(&mut Model) -> Response) -> Steps {
        let mut model = self.model.clone();
        let response = step(&mut model);
        vec![(model, Progress::Done(response))]
    }

    /// A step that does not change the model.
    pub fn unchanged(&self, progress: Progress) -> Steps {
        vec![(self.model.clone(), progress)]
    }

    /// Messages are recorded one by one, in any order.
    fn record_messages(&self, command: &RecordMessages, progress: &Progress) -> Steps {
        let left = match progress {
            Progress::NotStarted if !self.model.conversations.contains_key(&command.chat) => {
                let refused = Response::Refused(Refusal::ConversationNotFound);
                return self.unchanged(Progress::Done(refused));
            }
            Progress::RecordingMessages(left) => left.clone(),
            _ => (0..command.messages.len()).collect(),
        };
        let each = left.iter().map(|index| {
            let (name, visibility, wording) = command.messages[*index];
            let message = Message {
                visibility,
                wording,
            };
            let mut model = self.model.clone();
            model.record_message(command.chat, name, message);
            let left: Vec<_> = left
                .iter()
                .copied()
                .filter(|other| other != index)
                .collect();
            let progress = if left.is_empty() {
                let messages = command.messages.len();
                Progress::Done(Response::MessagesRecorded { messages })
            } else {
                Progress::RecordingMessages(left)
            };
            (model, progress)
        });
        each.collect()
    }

    /// The token and the settings are checked before the transcript begins.
    fn send_own_transcript(
        &self,
        command: &SendOwnTranscript<CommandNumber>,
        progress: &Progress,
    ) -> Steps {
        let send = SendTranscript {
            chat: command.chat,
            agent: Agent::Visitor,
            key: command.key,
            asks_for_rating: false,
            caller: Caller::Visitor,
            sender_name: SENDER_OF_SETTINGS,
        };
        match progress {
            Progress::NotStarted => {
                let authorized = self.model.clone().authorize_own_transcript(command);
                self.unchanged(match authorized {
                    Ok(()) => Progress::Authorized,
                    Err(response) => Progress::Done(response),
                })
            }
            // The transcript is prepared again, without another check of the token.
            _ => {
                let steps = self.send_transcript(&send, progress).into_iter();
                let authorized = |(model, progress)| match progress {
                    Progress::NotStarted => (model, Progress::Authorized),
                    progress => (model, progress),
                };
                steps.map(authorized).collect()
            }
        }
    }

    /// Whether a mail of `draft` must not be sent, because the conversation changed.
    fn has_changed(&self, draft: &Draft, send: &SendTranscript) -> bool {
        let is_outdated = |decision| !self.model.still_has(decision);
        self.model.has_changed(send.chat, draft) || self.decision.is_some_and(is_outdated)
    }

    pub fn send_transcript(&self, send: &SendTranscript, progress: &Progress) -> Steps {
        let Self {
            model, number, now, ..
        } = *self;
        match progress {
            Progress::Prepared(draft)
                if self.has_changed(draft, send) && !model.is_retry(number, now, send) =>
            {
                self.unchanged(Progress::NotStarted)
            }
            Progress::Prepared(draft) => {
                let mut model = model.clone();
                let progress = match model.reserve_slots(number, now, send, draft) {
                    Ok(()) if send.asks_for_rating => Progress::Reserved(draft.clone()),
                    Ok(()) => begin_mailing(&mut model, send, draft, None),
                    Err(response) => Progress::Done(response),
                };
                vec![(model, progress)]
            }
            Progress::Reserved(draft) if self.has_changed(draft, send) => {
                self.unchanged(Progress::CleaningUp(Cleanup {
                    is_released: false,
                    unmailed: None,
                    refusal: None,
                }))
            }
            Progress::Reserved(draft) => {
                let mut model = model.clone();
                let requester = Requester {
                    agent: send.agent,
                    caller: send.caller,
                };
                let origin = Origin::InTranscript(send.key);
                let rating_request =
                    model.create_rating_request(number, now, send.chat, requester, origin);
                let progress = begin_mailing(&mut model, send, draft, Some(rating_request));
                vec![(model, progress)]
            }
            Progress::Mailing(mailing) => self.continue_mailing(send, mailing),
            Progress::CleaningUp(cleanup) => self.clean_up(send, cleanup),
            _ => self.unchanged(match model.prepare_transcript(number, now, send) {
                Ok(draft) => Progress::Prepared(draft),
                Err(response) => Progress::Done(response),
            }),
        }
    }

    /// The call of SES and the count of the slots run in parallel. A throttled mail is retried once.
    fn continue_mailing(&self, send: &SendTranscript, mailing: &Mailing) -> Steps {
        let Self { model, number, .. } = *self;
        let chat = send.chat;
        let mut steps = Vec::new();
        match (mailing.delivery, mailing.remaining) {
            (Some(Delivery::Accepted), Some(remaining)) => {
                let rating_request = mailing.rating_request.clone();
                let outcome = Outcome {
                    remaining,
                    rating_request,
                };
                return self.only(|model| model.mark_sent(number, chat, outcome));
            }
            (Some(Delivery::Accepted), None) => {}
            (Some(Delivery::Unknown), _) => {
                return self.only(|model| model.mark_unknown(number, chat));
            }
            (Some(Delivery::Refused), _) => {
                return self.unchanged(mailing.end(Some(Refusal::EmailRefused)));
            }
            (Some(Delivery::Throttled), _) if mailing.attempts == 2 => {
                return self.unchanged(mailing.end(Some(Refusal::EmailUnavailable)));
            }
            (Some(Delivery::Throttled), _) if self.has_changed(&mailing.draft, send) => {
                return self.unchanged(mailing.end(None));
            }
            (None | Some(Delivery::Throttled), _) => {
                let mut model = model.clone();
                let delivery = Some(model.send_mail(send, &mailing.draft));
                let attempts = mailing.attempts + 1;
                let mailing = Mailing {
                    delivery,
                    attempts,
                    ..mailing.clone()
                };
                steps.push((model, Progress::Mailing(mailing)));
            }
        }
        if mailing.remaining.is_none() {
            let remaining = model.conversations[&chat].slots_left(self.now);
            let mailing = Mailing {
                remaining: Some(remaining),
                ..mailing.clone()
            };
            steps.push((model.clone(), Progress::Mailing(mailing)));
        }
        steps
    }

    fn clean_up(&self, send: &SendTranscript, cleanup: &Cleanup) -> Steps {
        let mut steps = Vec::new();
        if !cleanup.is_released {
            let mut model = self.model.clone();
            model.release_slots(self.number, send.chat);
            let cleanup = Cleanup {
                is_released: true,
                ..cleanup.clone()
            };
            steps.push((model, Progress::CleaningUp(cleanup)));
        }
        if let Some(request) = cleanup.unmailed {
            let mut model = self.model.clone();
            model.mark_unmailed(send.chat, request);
            let cleanup = Cleanup {
                unmailed: None,
                ..cleanup.clone()
            };
            steps.push((model, Progress::CleaningUp(cleanup)));
        }
        if steps.is_empty() {
            let progress = match &cleanup.refusal {
                Some(refusal) => Progress::Done(Response::Refused(refusal.clone())),
                None => Progress::NotStarted,
            };
            return self.unchanged(progress);
        }
        steps
    }
}

impl Mailing {
    /// Starts the cleanup, after which the transcript is refused or prepared again.
    fn end(&self, refusal: Option<Refusal>) -> Progress {
        Progress::CleaningUp(Cleanup {
            is_released: false,
            unmailed: self.rating_request.clone().and_then(Result::ok),
            refusal,
        })
    }
}

/// If SES has no faults, the time of the send makes no difference. So the mail is sent immediately,
/// which leaves fewer orders to search.
fn begin_mailing(
    model: &mut Model,
    send: &SendTranscript,
    draft: &Draft,
    rating_request: Option<Result<CommandNumber, Refusal>>,
) -> Progress {
    let accepts_all = model.ses.is_empty();
    Progress::Mailing(Mailing {
        draft: draft.clone(),
        rating_request,
        attempts: usize::from(accepts_all),
        delivery: accepts_all.then(|| model.send_mail(send, draft)),
        // No response of a rule contains the remaining slots.
        remaining: (send.caller == Caller::Rule).then_some(0),
    })
}
