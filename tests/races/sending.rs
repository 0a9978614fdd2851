//! The steps in which a transcript is sent.

use crate::codec::ComparableResponse;
use crate::commands::{Caller, CommandNumber, SendTranscript};
use crate::model::{
    Decision, Delivery, Draft, Model, Origin, Outcome, Refusal, Requester, Response,
};
use crate::step::{Step, Steps};

/// The progress of one transcript.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sending {
    NotStarted,
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

/// The next step of a transcript.
pub struct SendingStep<'a> {
    pub step: Step<'a>,
    pub send: &'a SendTranscript,
    /// The decision of a rule, which must be made again if the conversation was recorded since.
    pub decision: Option<Decision>,
}

impl Sending {
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

impl SendingStep<'_> {
    pub fn after(&self, sending: &Sending) -> Steps<Sending> {
        let Self { step, send, .. } = self;
        let Step { model, number, now } = *step;
        match sending {
            Sending::Prepared(draft)
                if self.has_changed(draft) && !model.is_retry(number, now, send) =>
            {
                step.unchanged(Sending::NotStarted)
            }
            Sending::Prepared(draft) => {
                step.only(
                    |model| match model.reserve_slots(number, now, send, draft) {
                        Ok(()) if send.asks_for_rating => Sending::Reserved(draft.clone()),
                        Ok(()) => begin_mailing(model, send, draft, None),
                        Err(response) => Sending::Done(response),
                    },
                )
            }
            Sending::Reserved(draft) if self.has_changed(draft) => {
                step.unchanged(Sending::CleaningUp(Cleanup {
                    is_released: false,
                    unmailed: None,
                    refusal: None,
                }))
            }
            Sending::Reserved(draft) => step.only(|model| {
                let requester = Requester {
                    agent: send.agent,
                    caller: send.caller,
                };
                let origin = Origin::InTranscript(send.key);
                let rating_request =
                    model.create_rating_request(number, now, send.chat, requester, origin);
                begin_mailing(model, send, draft, Some(rating_request))
            }),
            Sending::Mailing(mailing) => self.continue_mailing(mailing),
            Sending::CleaningUp(cleanup) => self.clean_up(cleanup),
            Sending::NotStarted => {
                step.unchanged(match model.prepare_transcript(number, now, send) {
                    Ok(draft) => Sending::Prepared(draft),
                    Err(response) => Sending::Done(response),
                })
            }
            Sending::Done(_) => Vec::new(),
        }
    }

    /// Whether a mail of `draft` must not be sent, because the conversation changed.
    fn has_changed(&self, draft: &Draft) -> bool {
        let model = self.step.model;
        let is_outdated = |decision| !model.still_has(decision);
        model.has_changed(self.send.chat, draft) || self.decision.is_some_and(is_outdated)
    }

    /// The call of SES and the count of the slots run in parallel. A throttled mail is retried once.
    fn continue_mailing(&self, mailing: &Mailing) -> Steps<Sending> {
        let Self { step, send, .. } = self;
        let Step { model, number, now } = *step;
        let chat = send.chat;
        let mut steps = Vec::new();
        match (mailing.delivery, mailing.remaining) {
            (Some(Delivery::Accepted), Some(remaining)) => {
                let rating_request = mailing.rating_request.clone();
                let outcome = Outcome {
                    remaining,
                    rating_request,
                };
                return step.only(|model| Sending::Done(model.mark_sent(number, chat, outcome)));
            }
            (Some(Delivery::Accepted), None) => {}
            (Some(Delivery::Unknown), _) => {
                return step.only(|model| Sending::Done(model.mark_unknown(number, chat)));
            }
            (Some(Delivery::Refused), _) => {
                return step.unchanged(mailing.end(Some(Refusal::EmailRefused)));
            }
            (Some(Delivery::Throttled), _) if mailing.attempts == 2 => {
                return step.unchanged(mailing.end(Some(Refusal::EmailUnavailable)));
            }
            (Some(Delivery::Throttled), _) if self.has_changed(&mailing.draft) => {
                return step.unchanged(mailing.end(None));
            }
            (None | Some(Delivery::Throttled), _) => {
                steps.extend(step.only(|model| {
                    Sending::Mailing(Mailing {
                        delivery: Some(model.send_mail(send, &mailing.draft)),
                        attempts: mailing.attempts + 1,
                        ..mailing.clone()
                    })
                }));
            }
        }
        if mailing.remaining.is_none() {
            let remaining = model.conversations[&chat].slots_left(now);
            steps.extend(step.unchanged(Sending::Mailing(Mailing {
                remaining: Some(remaining),
                ..mailing.clone()
            })));
        }
        steps
    }

    fn clean_up(&self, cleanup: &Cleanup) -> Steps<Sending> {
        let Self { step, send, .. } = self;
        let mut steps = Vec::new();
        if !cleanup.is_released {
            steps.extend(step.only(|model| {
                model.release_slots(step.number, send.chat);
                Sending::CleaningUp(Cleanup {
                    is_released: true,
                    ..cleanup.clone()
                })
            }));
        }
        if let Some(request) = cleanup.unmailed {
            steps.extend(step.only(|model| {
                model.mark_unmailed(send.chat, request);
                Sending::CleaningUp(Cleanup {
                    unmailed: None,
                    ..cleanup.clone()
                })
            }));
        }
        if steps.is_empty() {
            return step.unchanged(match &cleanup.refusal {
                Some(refusal) => Sending::Done(Response::Refused(refusal.clone())),
                None => Sending::NotStarted,
            });
        }
        steps
    }
}

impl Mailing {
    /// Starts the cleanup, after which the transcript is refused or prepared again.
    fn end(&self, refusal: Option<Refusal>) -> Sending {
        Sending::CleaningUp(Cleanup {
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
) -> Sending {
    let accepts_all = model.ses.is_empty();
    Sending::Mailing(Mailing {
        draft: draft.clone(),
        rating_request,
        attempts: usize::from(accepts_all),
        delivery: accepts_all.then(|| model.send_mail(send, draft)),
        // No response of a rule contains the remaining slots.
        remaining: (send.caller == Caller::Rule).then_some(0),
    })
}
