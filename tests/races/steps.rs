//! Commands in progress: the steps of the model that each command may take next. Steps of other
//! commands may come between them.

use jiff::Timestamp;

use crate::background::Background;
use crate::codec::ComparableResponse;
use crate::commands::CommandNumber;
use crate::commands::{
    Agent, Caller, Command, RecordMessages, ResolvedCommand, SendOwnTranscript, SendTranscript,
};
use crate::model::{Message, Model, Refusal, Response, SENDER_OF_SETTINGS};
use crate::sending::{Sending, SendingStep};
use crate::step::{Step, Steps};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    NotStarted,
    /// What happens by itself.
    Background(Background),
    /// The conversation exists. These messages are still to be recorded.
    RecordingMessages(Vec<usize>),
    /// The caller may send the transcript.
    Sending(Sending),
    Done(Response),
}

/// The possible next steps of `command`, which started at `now`, each with the state after it.
pub fn next_steps(
    model: &Model,
    number: CommandNumber,
    command: &ResolvedCommand,
    now: Timestamp,
    progress: &Progress,
) -> Steps<Progress> {
    let step = Step { model, number, now };
    let only =
        |change: &dyn Fn(&mut Model) -> Response| step.only(|model| Progress::Done(change(model)));
    match (command, progress) {
        (_, Progress::Done(_)) => Vec::new(),
        (Command::RequestRating(command), _) => {
            only(&|model| model.request_rating(number, now, command))
        }
        (Command::SubmitRating(command), _) => only(&|model| model.submit_rating(now, command)),
        (Command::ShowRatingRequest(command), _) => {
            only(&|model| model.show_rating_request(now, command))
        }
        (Command::RecordConversation(command), _) => {
            only(&|model| model.record_conversation(number, now, command))
        }
        (Command::RecordMessages(command), progress) => record_messages(step, command, progress),
        (Command::SendTranscript(send), progress) => send_transcript(step, send, progress),
        (Command::SendOwnTranscript(command), progress) => {
            send_own_transcript(step, command, progress)
        }
        (Command::DeliverEvents, Progress::Background(background)) => {
            continue_background(background.deliver_events(step))
        }
        (Command::DeliverEvents, _) => step.unchanged(Progress::Background(Background::default())),
        (Command::FireSchedules(_), Progress::Background(background)) => {
            continue_background(background.continue_all(step))
        }
        (Command::FireSchedules(firing), _) => {
            continue_background(Background::begin_firing(step, *firing))
        }
    }
}

impl Progress {
    /// Whether `observed` may still be the response, if no message is recorded at the same time. This
    /// ends the search early.
    pub fn may_lead_to(&self, observed: &ComparableResponse) -> bool {
        match self {
            Self::Sending(sending) => sending.may_lead_to(observed),
            _ => true,
        }
    }
}

/// Messages are recorded one by one, in any order.
fn record_messages(
    step: Step<'_>,
    command: &RecordMessages,
    progress: &Progress,
) -> Steps<Progress> {
    let left = match progress {
        Progress::NotStarted if !step.model.conversations.contains_key(&command.chat) => {
            let refused = Response::Refused(Refusal::ConversationNotFound);
            return step.unchanged(Progress::Done(refused));
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
        let mut model = step.model.clone();
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

fn send_transcript(step: Step<'_>, send: &SendTranscript, progress: &Progress) -> Steps<Progress> {
    let sending = match progress {
        Progress::Sending(sending) => sending,
        _ => &Sending::NotStarted,
    };
    let sending_step = SendingStep {
        step,
        send,
        decision: None,
    };
    let steps = sending_step.after(sending).into_iter();
    let steps = steps.map(|(model, sending)| match sending {
        Sending::Done(response) => (model, Progress::Done(response)),
        sending => (model, Progress::Sending(sending)),
    });
    steps.collect()
}

/// The token and the settings are checked once, before the transcript begins.
fn send_own_transcript(
    step: Step<'_>,
    command: &SendOwnTranscript<CommandNumber>,
    progress: &Progress,
) -> Steps<Progress> {
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
            let authorized = step.model.clone().authorize_own_transcript(command);
            step.unchanged(match authorized {
                Ok(()) => Progress::Sending(Sending::NotStarted),
                Err(response) => Progress::Done(response),
            })
        }
        progress => send_transcript(step, &send, progress),
    }
}

fn continue_background(steps: Steps<Option<Background>>) -> Steps<Progress> {
    let steps = steps.into_iter().map(|(model, background)| {
        let progress = match background {
            Some(background) => Progress::Background(background),
            None => Progress::Done(Response::BackgroundDone),
        };
        (model, progress)
    });
    steps.collect()
}
