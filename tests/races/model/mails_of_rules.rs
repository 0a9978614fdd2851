//! What follows after the transcript of a rule.

use jiff::Timestamp;

use crate::model::{Due, Event, Model, NEXT_ATTEMPT, Refusal, Response, Round};

impl Model {
    /// A mail that meets a limit or an unavailable SES is tried again in an hour. One that SES refuses is
    /// given up.
    pub fn end_transcript_of_rule(&mut self, round: Round, now: Timestamp, response: &Response) {
        let Response::Refused(refusal) = response else {
            return;
        };
        match refusal {
            Refusal::TranscriptLimitReached { .. } | Refusal::EmailUnavailable => {
                self.schedule(Due::SendTranscript(round), now + NEXT_ATTEMPT, now);
            }
            Refusal::EmailRefused => {
                let conversation = self.conversations.get_mut(&round.chat).unwrap();
                let event = Event::MailGivenUp {
                    round: round.number,
                };
                // Another firing of the same attempt may have said so.
                if !conversation.events.keys().any(|(_, known)| *known == event) {
                    conversation.events.insert((now, event), 1);
                }
            }
            _ => {}
        }
    }
}
