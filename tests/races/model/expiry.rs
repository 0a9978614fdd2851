//! The time in which a rating request can be answered.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Event, Model, RatingRequest, RequestRef, floor_to_second};

impl Model {
    /// Limits the time for a first answer to a request that was made `at` this time. A limit that exists
    /// is kept. Returns the limit, or `None` if the request was answered.
    pub fn limit_answering(
        &mut self,
        request: RequestRef,
        at: Timestamp,
        days: u16,
    ) -> Option<Timestamp> {
        let until = floor_to_second(at) + SignedDuration::from_hours(24 * i64::from(days));
        let request = self.request_mut(request);
        if request.rating.is_some() {
            return None;
        }
        Some(*request.answerable_until.get_or_insert(until))
    }

    /// Adds the event of a request that expired without an answer, once.
    pub fn expire(&mut self, request: RequestRef, now: Timestamp) {
        let expired = self.request_mut(request);
        if !expired.is_expired(now) {
            return;
        }
        let at = expired.answerable_until.unwrap();
        let event = Event::RatingExpired {
            request: request.number,
        };
        let conversation = self.conversations.get_mut(&request.chat).unwrap();
        conversation.events.insert((at, event), 1);
    }

    fn request_mut(&mut self, request: RequestRef) -> &mut RatingRequest {
        let conversation = self.conversations.get_mut(&request.chat).unwrap();
        conversation.requests.get_mut(&request.number).unwrap()
    }
}

impl RatingRequest {
    /// Whether it can no longer be answered for the first time.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let until = self.answerable_until.filter(|_| self.rating.is_none());
        until.is_some_and(|until| until <= now)
    }
}
