//! Commands on their way: which step of the model each may take next. Between the steps of one
//! command, those of others may come.

use jiff::Timestamp;

use crate::codec::Observed;
use crate::commands::{Caller, Command, SendTranscript, Sent, Write};
use crate::model::{
    Answer, Asker, Delivery, Draft, Message, Model, Number, Origin, Outcome, Refusal,
};

/// How far a command has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// It has not begun.
    Waiting,
    /// The conversation stands; some of the messages do.
    Writing(Vec<usize>),
    /// The transcript may be sent.
    Checked(Draft),
    /// Its slot is reserved.
    Reserved(Draft),
    /// It is being mailed, and the slots that are left are being counted.
    Mailing(Mailing),
    /// Nothing was sent: the slot is given back, and its request noted as unmailed, in any order.
    Ending(Ending),
    /// It is answered.
    Answered(Answer),
}

/// A transcript that is being mailed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mailing {
    draft: Draft,
    asked: Option<Result<Number, Refusal>>,
    tries: usize,
    delivery: Option<Delivery>,
    remaining: Option<usize>,
}

/// The end of a transcript of which nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ending {
    is_released: bool,
    unmailed: Option<Number>,
    /// What is answered; nothing if it is prepared once more, for the conversation has changed.
    refusal: Option<Refusal>,
}

/// The steps that `command`, which began at `now`, may take next, each with what then stands.
pub fn next_steps(
    model: &Model,
    number: Number,
    command: &Sent,
    now: Timestamp,
    progress: &Progress,
) -> Vec<(Model, Progress)> {
    let step = Step { model, number, now };
    match (command, progress) {
        (_, Progress::Answered(_)) => Vec::new(),
        (Command::Ask(ask), _) => step.whole(|model| model.ask(number, now, ask)),
        (Command::Rate(rate), _) => step.whole(|model| model.rate(now, rate)),
        (Command::Show(show), _) => step.whole(|model| model.show(now, show)),
        (Command::Record(record), _) => step.whole(|model| model.record(number, now, record)),
        (Command::Write(write), progress) => step.of_write(write, progress),
        (Command::Send(send), progress) => step.of_send(send, progress),
    }
}

impl Progress {
    /// Whether `observed` may still be the answer, if no message is written at the same time. It
    /// keeps the search from going on where it is not.
    pub fn may_lead_to(&self, observed: &Observed) -> bool {
        let is_sent = observed.status == 201 && !observed.replayed;
        match self {
            Self::Checked(draft) if is_sent => {
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

struct Step<'a> {
    model: &'a Model,
    number: Number,
    now: Timestamp,
}

type Steps = Vec<(Model, Progress)>;

impl Step<'_> {
    /// The one step of a command that has no more.
    fn whole(&self, step: impl FnOnce(&mut Model) -> Answer) -> Steps {
        let mut model = self.model.clone();
        let answer = step(&mut model);
        vec![(model, Progress::Answered(answer))]
    }

    /// The next step without a change of the model.
    fn only(&self, progress: Progress) -> Steps {
        vec![(self.model.clone(), progress)]
    }

    /// Messages are written one by one, in any order.
    fn of_write(&self, write: &Write, progress: &Progress) -> Steps {
        let left = match progress {
            Progress::Waiting if !self.model.conversations.contains_key(&write.place) => {
                let refused = Answer::Refused(Refusal::ConversationNotFound);
                return self.only(Progress::Answered(refused));
            }
            Progress::Writing(left) => left.clone(),
            _ => (0..write.messages.len()).collect(),
        };
        let each = left.iter().map(|place| {
            let (name, visibility, wording) = write.messages[*place];
            let message = Message {
                visibility,
                wording,
            };
            let mut model = self.model.clone();
            model.write(write.place, name, message);
            let left: Vec<_> = left
                .iter()
                .copied()
                .filter(|other| other != place)
                .collect();
            let progress = if left.is_empty() {
                let messages = write.messages.len();
                Progress::Answered(Answer::Written { messages })
            } else {
                Progress::Writing(left)
            };
            (model, progress)
        });
        each.collect()
    }

    fn of_send(&self, send: &SendTranscript, progress: &Progress) -> Steps {
        let Self { model, number, now } = *self;
        match progress {
            Progress::Checked(draft)
                if model.has_changed(send.place, draft) && !model.is_known(now, send) =>
            {
                self.only(Progress::Waiting)
            }
            Progress::Checked(draft) => {
                let mut model = model.clone();
                let progress = match model.reserve(number, now, send, draft) {
                    Ok(()) if send.asks_for_rating => Progress::Reserved(draft.clone()),
                    Ok(()) => begin_mailing(&mut model, send, draft, None),
                    Err(answer) => Progress::Answered(answer),
                };
                vec![(model, progress)]
            }
            Progress::Reserved(draft) if model.has_changed(send.place, draft) => {
                self.only(Progress::Ending(Ending {
                    is_released: false,
                    unmailed: None,
                    refusal: None,
                }))
            }
            Progress::Reserved(draft) => {
                let mut model = model.clone();
                let asker = Asker {
                    agent: send.agent,
                    caller: Caller::Agent,
                };
                let origin = Origin::Beneath(send.key);
                let asked = model.make_request(number, now, send.place, asker, origin);
                let progress = begin_mailing(&mut model, send, draft, Some(asked));
                vec![(model, progress)]
            }
            Progress::Mailing(mailing) => self.of_mailing(send, mailing),
            Progress::Ending(ending) => self.of_ending(send, ending),
            _ => self.only(match model.check(now, send) {
                Ok(draft) => Progress::Checked(draft),
                Err(answer) => Progress::Answered(answer),
            }),
        }
    }

    /// SES is called and the slots are counted side by side; a throttled mail is sent once more.
    fn of_mailing(&self, send: &SendTranscript, mailing: &Mailing) -> Steps {
        let Self { model, number, .. } = *self;
        let place = send.place;
        let mut steps = Vec::new();
        match (mailing.delivery, mailing.remaining) {
            (Some(Delivery::Accepted), Some(remaining)) => {
                let asked = mailing.asked.clone();
                let outcome = Outcome { remaining, asked };
                return self.whole(|model| model.mark_sent(number, place, outcome));
            }
            (Some(Delivery::Accepted), None) => {}
            (Some(Delivery::Unknown), _) => {
                return self.whole(|model| model.mark_unknown(number, place));
            }
            (Some(Delivery::Refused), _) => {
                return self.only(mailing.end(Some(Refusal::EmailRefused)));
            }
            (Some(Delivery::Throttled), _) if mailing.tries == 2 => {
                return self.only(mailing.end(Some(Refusal::EmailUnavailable)));
            }
            (Some(Delivery::Throttled), _) if model.has_changed(place, &mailing.draft) => {
                return self.only(mailing.end(None));
            }
            (None | Some(Delivery::Throttled), _) => {
                let mut model = model.clone();
                let delivery = Some(model.deliver(send, &mailing.draft));
                let tries = mailing.tries + 1;
                let mailing = Mailing {
                    delivery,
                    tries,
                    ..mailing.clone()
                };
                steps.push((model, Progress::Mailing(mailing)));
            }
        }
        if mailing.remaining.is_none() {
            let remaining = model.conversations[&place].slots_left(self.now);
            let mailing = Mailing {
                remaining: Some(remaining),
                ..mailing.clone()
            };
            steps.push((model.clone(), Progress::Mailing(mailing)));
        }
        steps
    }
}

impl Step<'_> {
    fn of_ending(&self, send: &SendTranscript, ending: &Ending) -> Steps {
        let mut steps = Vec::new();
        if !ending.is_released {
            let mut model = self.model.clone();
            model.release(self.number, send.place);
            let ending = Ending {
                is_released: true,
                ..ending.clone()
            };
            steps.push((model, Progress::Ending(ending)));
        }
        if let Some(request) = ending.unmailed {
            let mut model = self.model.clone();
            model.note_unmailed(send.place, request);
            let ending = Ending {
                unmailed: None,
                ..ending.clone()
            };
            steps.push((model, Progress::Ending(ending)));
        }
        if steps.is_empty() {
            let progress = match &ending.refusal {
                Some(refusal) => Progress::Answered(Answer::Refused(refusal.clone())),
                None => Progress::Waiting,
            };
            return self.only(progress);
        }
        steps
    }
}

impl Mailing {
    /// Ends without a mail, with a refusal or to be prepared once more.
    fn end(&self, refusal: Option<Refusal>) -> Progress {
        Progress::Ending(Ending {
            is_released: false,
            unmailed: self.asked.clone().and_then(Result::ok),
            refusal,
        })
    }
}

/// Where SES takes every mail, nobody can tell when it took this one: it takes it at once, which
/// leaves fewer orders to look through.
fn begin_mailing(
    model: &mut Model,
    send: &SendTranscript,
    draft: &Draft,
    asked: Option<Result<Number, Refusal>>,
) -> Progress {
    let takes_all = model.ses.is_empty();
    Progress::Mailing(Mailing {
        draft: draft.clone(),
        asked,
        tries: usize::from(takes_all),
        delivery: takes_all.then(|| model.deliver(send, draft)),
        remaining: None,
    })
}
