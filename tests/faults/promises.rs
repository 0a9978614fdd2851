use crate::fault::{Fault, Times};
use crate::scenario::Scenario;
use crate::trial::Outcome;

/// One try of a scenario, in which one call met a fault.
pub(crate) struct Try<'a> {
    pub(crate) scenario: &'a Scenario,
    /// What comes of it where nothing goes wrong.
    pub(crate) well: &'a Outcome,
    pub(crate) subject: &'a str,
    pub(crate) fault: Fault,
    pub(crate) times: Times,
    pub(crate) outcome: Outcome,
}

impl Try<'_> {
    /// The promises that it breaks.
    pub(crate) fn broken_promises(&self) -> Vec<&'static str> {
        let promises: [(&str, bool); 7] = [
            ("a known fault is no bare 500", self.has_a_defined_answer()),
            ("what goes wrong once is tried again", self.is_cured()),
            (
                "a success is no empty promise",
                self.keeps_what_it_promised(),
            ),
            ("what took place is not refused", self.owns_its_write()),
            ("nothing is written twice", self.writes_once()),
            ("no mail is sent twice", self.mails_once()),
            (
                "no slot is lost on a send that surely failed",
                self.gives_back(),
            ),
        ];
        let broken = promises.into_iter().filter(|(_, holds)| !holds);
        broken.map(|(promise, _)| promise).collect()
    }

    fn has_a_defined_answer(&self) -> bool {
        self.outcome.answer.status != 500 && self.outcome.again.status != 500
    }

    /// A send is the one call that nobody tries again, unless SES says that it refused it for its
    /// haste: it would be a second mail.
    fn is_cured(&self) -> bool {
        let is_tried_again = self.subject != "SendEmail" || self.fault == Fault::Throttled;
        let is_cured = self.outcome.answer == self.well.answer && self.is_done();
        self.times == Times::ForEver || !is_tried_again || is_cured
    }

    /// But for a transcript whose mail is out: that it is not written down is mended later. A GET
    /// promises nothing beside what it shows.
    fn keeps_what_it_promised(&self) -> bool {
        let is_read = self
            .scenario
            .routes
            .iter()
            .any(|route| route.starts_with("GET"));
        let is_promised = self.outcome.answer.is_success() && self.well.answer.is_success();
        is_read || !is_promised || self.is_done() || self.outcome.change.mails > 0
    }

    fn owns_its_write(&self) -> bool {
        let is_refused = |status| matches!(status, 409 | 429);
        let is_own = self.well.answer.is_success() && self.is_done();
        !is_own || !is_refused(self.outcome.answer.status)
    }

    fn writes_once(&self) -> bool {
        let Outcome {
            change,
            change_by_both,
            ..
        } = &self.outcome;
        let well = match self.is_done_by_one() {
            true => &self.well.change,
            false => &self.well.change_by_both,
        };
        let changes = [(change, &self.well.change), (change_by_both, well)];
        changes.into_iter().all(|(change, most)| {
            let mut kinds = change.kinds();
            kinds.all(|kind| change.count(kind) <= most.count(kind).max(1))
        })
    }

    fn mails_once(&self) -> bool {
        let Outcome {
            change,
            change_by_both,
            ..
        } = &self.outcome;
        let both = match self.is_done_by_one() {
            true => self.well.change.mails,
            false => self.well.change_by_both.mails,
        };
        change.mails <= 1 && change_by_both.mails <= both
    }

    fn gives_back(&self) -> bool {
        let is_unsure = self.outcome.answer.status == 504;
        let is_given_back = self.outcome.change.count("TRANSCRIPT") == 0;
        self.outcome.answer.is_success()
            || is_unsure
            || is_given_back
            || (self.times == Times::ForEver && self.subject.contains("TRANSCRIPT"))
    }

    /// Whether the second request has nothing left to do where nothing goes wrong.
    fn is_done_by_one(&self) -> bool {
        self.scenario.repeatable && self.well.answer.is_success()
    }

    fn is_done(&self) -> bool {
        self.outcome.change == self.well.change
    }
}
