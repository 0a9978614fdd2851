use crate::fault::{Fault, Times};
use crate::scenario::Scenario;
use crate::trial::Outcome;

/// A scenario in which one call had a fault.
pub(crate) struct Trial<'a> {
    pub(crate) scenario: &'a Scenario,
    /// The outcome without a fault.
    pub(crate) baseline: &'a Outcome,
    pub(crate) subject: &'a str,
    pub(crate) fault: Fault,
    pub(crate) times: Times,
    pub(crate) outcome: Outcome,
}

impl Trial<'_> {
    /// The promises of the product that the outcome breaks.
    pub(crate) fn broken_promises(&self) -> Vec<&'static str> {
        let promises: [(&str, bool); 7] = [
            (
                "a known fault is not answered with a bare 500",
                self.has_a_defined_response(),
            ),
            (
                "a fault that happens once has no effect",
                self.tolerates_one_fault(),
            ),
            ("a success is stored", self.stores_its_success()),
            (
                "a request that took effect is not refused",
                self.reports_its_write(),
            ),
            ("nothing is written twice", self.writes_once()),
            ("no mail is sent twice", self.mails_once()),
            (
                "a send that certainly failed leaves no used slot",
                self.releases_its_slot(),
            ),
        ];
        let broken = promises.into_iter().filter(|(_, holds)| !holds);
        broken.map(|(promise, _)| promise).collect()
    }

    fn has_a_defined_response(&self) -> bool {
        self.outcome.response.status != 500 && self.outcome.retry.status != 500
    }

    /// `SendEmail` is not retried, because that could send a second mail. The exception is a throttled
    /// call.
    fn tolerates_one_fault(&self) -> bool {
        let is_retried = self.subject != "SendEmail" || self.fault == Fault::Throttled;
        let is_unchanged = self.outcome.response == self.baseline.response && self.is_done();
        self.times == Times::Always || !is_retried || is_unchanged
    }

    /// A GET stores nothing. A transcript whose mail is sent may lack its record, which is repaired
    /// later. An event whose mail may have been sent is done, because it must not be sent twice.
    fn stores_its_success(&self) -> bool {
        let is_read = self
            .scenario
            .routes
            .iter()
            .any(|route| route.starts_with("GET"));
        let is_event = self.scenario.is_event() && self.subject == "SendEmail";
        let is_success = self.outcome.response.is_success() && self.baseline.response.is_success();
        is_read || is_event || !is_success || self.is_done() || self.outcome.change.mails > 0
    }

    fn reports_its_write(&self) -> bool {
        let is_refused = |status| matches!(status, 409 | 429);
        let took_effect = self.baseline.response.is_success() && self.is_done();
        !took_effect || !is_refused(self.outcome.response.status)
    }

    fn writes_once(&self) -> bool {
        let Outcome {
            change,
            change_with_retry,
            ..
        } = &self.outcome;
        let limit = match self.is_done_by_first() {
            true => &self.baseline.change,
            false => &self.baseline.change_with_retry,
        };
        let changes = [(change, &self.baseline.change), (change_with_retry, limit)];
        changes.into_iter().all(|(change, most)| {
            let mut kinds = change.kinds();
            kinds.all(|kind| change.count(kind) <= most.count(kind).max(1))
        })
    }

    fn mails_once(&self) -> bool {
        let Outcome {
            change,
            change_with_retry,
            ..
        } = &self.outcome;
        let both = match self.is_done_by_first() {
            true => self.baseline.change.mails,
            false => self.baseline.change_with_retry.mails,
        };
        change.mails <= 1 && change_with_retry.mails <= both
    }

    fn releases_its_slot(&self) -> bool {
        let is_unknown = self.outcome.response.status == 504;
        let is_released = self.outcome.change.count("TRANSCRIPT") == 0;
        self.outcome.response.is_success()
            || is_unknown
            || is_released
            || (self.times == Times::Always && self.subject.contains("TRANSCRIPT"))
    }

    /// Whether the second request changes nothing if there is no fault.
    fn is_done_by_first(&self) -> bool {
        self.scenario.repeatable && self.baseline.response.is_success()
    }

    fn is_done(&self) -> bool {
        self.outcome.change == self.baseline.change
    }
}
