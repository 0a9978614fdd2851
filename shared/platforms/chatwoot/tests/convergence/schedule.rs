//! When the events of an imperfect delivery are built, delivered and read back.

use domain::MessageId;
use serde_json::Value;

use crate::day::{Action, CONVERSATIONS, Case, Copy, IMMEDIATE, What};
use crate::delivery::{Delivery, ReadBack, Target};
use crate::records::content;
use crate::requests::AnswerEffect;
use crate::rules::BrokenRule;
use crate::server::Event;

/// How many actions after the last one the threads are read.
const RECONCILED_AFTER: usize = 2;

/// What happens to the events of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Losses {
    /// Some events are lost and some reads fail. The threads are read at the end, before the last
    /// events are delivered.
    Reconciled,
    /// No event is lost, and no read fails. The threads are not read at the end.
    None,
    /// As [`Self::Reconciled`], and the orders that are not guaranteed occur, too. The threads are read
    /// again after everything was delivered.
    ReconciledTwice,
}

enum Work {
    Arrive(Value),
    Record(ReadBack),
}

/// Something that happens after a number of actions.
struct Underway<'a> {
    due: usize,
    copy: &'a Copy,
    work: Work,
}

struct Schedule<'a> {
    actions: &'a [Action],
    delivery: Delivery,
    losses: Losses,
    step: usize,
    unbuilt: Vec<(usize, Event, &'a Copy)>,
    underway: Vec<Underway<'a>>,
}

pub(crate) fn deliver_imperfectly(
    case: &Case,
    losses: Losses,
    broken: Option<BrokenRule>,
) -> Delivery {
    let mut schedule = Schedule {
        actions: &case.actions,
        delivery: Delivery::new(broken),
        losses,
        step: 0,
        unbuilt: Vec::new(),
        underway: Vec::new(),
    };
    let reconciled_at = case.actions.len() + RECONCILED_AFTER;
    while schedule.step <= reconciled_at || schedule.is_unfinished() {
        match case.actions.get(schedule.step) {
            Some(action) => schedule.apply(action),
            None => schedule.delivery.server.now += 1_000,
        }
        schedule.build();
        while let Some(next) = schedule.next_due() {
            let Underway { copy, work, .. } = schedule.underway.remove(next);
            schedule.perform(copy, work);
        }
        if schedule.step == reconciled_at && losses != Losses::None {
            schedule.reconcile();
        }
        schedule.step += 1;
    }
    if losses == Losses::ReconciledTwice {
        schedule.reconcile();
    }
    schedule.delivery
}

impl<'a> Schedule<'a> {
    fn is_unfinished(&self) -> bool {
        !self.unbuilt.is_empty() || !self.underway.is_empty()
    }

    /// Whether an order is kept that the product does not guarantee.
    fn keeps(&self, order: BrokenRule) -> bool {
        self.losses != Losses::ReconciledTwice && !self.delivery.is_broken(order)
    }

    fn apply(&mut self, action: &'a Action) {
        if let What::RateOnPage { position, face } = action.what
            && self.keeps(BrokenRule::ChoiceReadAfterPage)
        {
            self.read_before_page(action.conversation, position, face);
        }
        let events = self.delivery.apply(action);
        for (event, plan) in events.into_iter().zip(&action.plans) {
            let is_saved = plan.copies.is_empty() && self.losses == Losses::None;
            let copies = if is_saved {
                std::slice::from_ref(&IMMEDIATE)
            } else {
                &plan.copies
            };
            let step = self.step;
            self.unbuilt.extend(
                copies
                    .iter()
                    .map(|copy| (step + copy.built_after, event.clone(), copy)),
            );
        }
    }

    /// Builds the bodies of the events that are due.
    fn build(&mut self) {
        let step = self.step;
        for (_, event, copy) in self.unbuilt.extract_if(.., |(due, ..)| *due == step) {
            self.underway.push(Underway {
                due: step + copy.arrives_after,
                copy,
                work: Work::Arrive(self.delivery.server.body(&event)),
            });
        }
    }

    fn next_due(&self) -> Option<usize> {
        let due = self.underway.iter().enumerate();
        let due = due.filter(|(_, it)| it.due <= self.step);
        due.min_by_key(|(_, it)| it.copy.order)
            .map(|(index, _)| index)
    }

    fn perform(&mut self, copy: &'a Copy, work: Work) {
        let targets = match work {
            Work::Arrive(body) => self.delivery.receive(&body),
            Work::Record(read) => self.delivery.record(&read),
        };
        self.read(copy, targets);
    }

    /// Reads now, to be recorded later.
    fn read(&mut self, copy: &'a Copy, targets: Vec<Target>) {
        if copy.reads_fail && self.losses != Losses::None {
            return;
        }
        for target in targets {
            let read = self.delivery.read(target);
            self.underway.push(Underway {
                due: self.step + 1 + copy.reads_recorded_after,
                copy,
                work: Work::Record(read),
            });
        }
    }

    /// Reads and records the prompt that the visitor is about to rate on the page, if a later read could replace the
    /// rating.
    fn read_before_page(&mut self, place: usize, position: usize, face: u8) {
        let Some(prompt) = self.delivery.server.prompt_for_page(place, position) else {
            return;
        };
        let (id, marker) = (prompt.message_id, prompt.marker.clone());
        let conversation = self.delivery.conversation_id(place);
        let has_answer = self
            .delivery
            .requests
            .has_answer_in_prompt(&conversation, &marker);
        let is_read = has_answer
            || self.is_event_underway(id)
            || self.is_edited_later(place)
            || self.is_answer_underway(&marker, face);
        if is_read {
            let read = self.delivery.read(Target::Message(place, id));
            self.delivery.record(&read);
        }
    }

    /// Whether an event of the message will arrive.
    fn is_event_underway(&self, message_id: u64) -> bool {
        let is_of_message =
            |event: &Event| matches!(event, Event::Message(_, _, id) if *id == message_id);
        let is_unbuilt = self
            .unbuilt
            .iter()
            .any(|(_, event, _)| is_of_message(event));
        is_unbuilt
            || self.underway.iter().any(|it| match &it.work {
                Work::Arrive(body) => body["id"] == message_id,
                Work::Record(_) => false,
            })
    }

    /// Whether a message of the conversation, which may be the prompt, is edited later.
    fn is_edited_later(&self, place: usize) -> bool {
        let mut later = self.actions.iter().skip(self.step);
        later.any(|it| it.conversation == place && matches!(it.what, What::Edit { .. }))
    }

    /// Whether a read of the prompt with this face is not recorded yet.
    fn is_answer_underway(&self, marker: &str, face: u8) -> bool {
        let face = face.to_string();
        self.underway.iter().any(|it| match &it.work {
            Work::Arrive(_) => false,
            Work::Record(read) => read
                .answers
                .iter()
                .any(|answer| answer.prompt == marker && answer.values.contains(&face)),
        })
    }

    /// Reads and records the threads.
    fn reconcile(&mut self) {
        if self.delivery.is_broken(BrokenRule::ThreadsNotRead) {
            return;
        }
        for place in 0..CONVERSATIONS {
            if self.delivery.server.api_conversation(place).is_none() {
                continue;
            }
            let read = self.delivery.read(Target::Thread(place));
            while let Some(index) = self.older_in(&read) {
                let Underway { copy, work, .. } = self.underway.remove(index);
                self.perform(copy, work);
            }
            let targets = self.delivery.record(&read);
            self.read(&IMMEDIATE, targets);
        }
    }

    /// The position of something that is not recorded yet and would replace a message or an answer, although
    /// that is recorded as it is in `read`.
    fn older_in(&self, read: &ReadBack) -> Option<usize> {
        let records = &self.delivery.records;
        let id = &read.conversation;
        let is_older = |version: &Value| {
            let mut messages = read.messages();
            let current = messages.find(|it| it["id"] == version["id"]);
            current.is_some_and(|current| {
                records.has_content(id, current)
                    && content(current) != content(version)
                    && records.would_change(id, version)
            })
        };
        self.underway.iter().position(|it| match &it.work {
            Work::Record(older) if older.conversation == *id => {
                let has_version = || older.messages().any(is_older);
                let has_answer = || self.has_older_answer(older, read);
                self.keeps(BrokenRule::OlderReadLast) && has_version()
                    || self.keeps(BrokenRule::OlderAnswerLast) && has_answer()
            }
            Work::Arrive(body) if self.keeps(BrokenRule::OlderEventLast) => self
                .delivery
                .version_in(body)
                .as_ref()
                .is_some_and(is_older),
            _ => false,
        })
    }

    /// Whether `older` would replace an answer, although that is recorded as it is in `read`.
    fn has_older_answer(&self, older: &ReadBack, read: &ReadBack) -> bool {
        let effect_in = |of: &ReadBack, message: &MessageId| {
            let answer = of.answers.iter().find(|it| it.message_id == *message)?;
            let requests = &self.delivery.requests;
            Some(requests.effect_of(&of.conversation, answer, of.read_at, of.reason()))
        };
        read.answers.iter().any(|answer| {
            let id = &answer.message_id;
            effect_in(read, id) == Some(AnswerEffect::SameAsBefore)
                && effect_in(older, id) == Some(AnswerEffect::Rated)
        })
    }
}
