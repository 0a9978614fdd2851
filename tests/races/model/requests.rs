//! Rating requests and their answers.

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::commands::{Channel, Chat, RequestRating, ShowRatingRequest, SubmitRating};
use crate::model::{
    BusEvent, Conversation, Event, Model, Origin, Rating, Refusal, RequestRef, Requester, Response,
    Value,
};

impl Model {
    /// Creates a rating request in the chat.
    pub fn request_rating(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        command: &RequestRating,
    ) -> Response {
        let requester = Requester {
            agent: command.agent,
            caller: command.caller,
        };
        let origin = command.key.map_or(Origin::Chat, Origin::ChatWithKey);
        match self.create_rating_request(number, now, command.chat, requester, origin) {
            Ok(request) => Response::RatingRequested {
                chat: command.chat,
                request,
                replayed: request != number,
            },
            Err(refusal) => Response::Refused(refusal),
        }
    }

    /// Creates a rating request in the chat or in a transcript. A retry gets the existing request,
    /// even if the conversation has changed since then.
    pub fn create_rating_request(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        chat: Chat,
        requester: Requester,
        origin: Origin,
    ) -> Result<CommandNumber, Refusal> {
        let Some(conversation) = self.conversations.get_mut(&chat) else {
            return Err(Refusal::ConversationNotFound);
        };
        let is_in_transcript = matches!(origin, Origin::InTranscript(_));
        if let Some((existing, request)) = conversation.request_of(requester.agent, origin) {
            return if request.requester != requester {
                Err(Refusal::IdempotencyKeyReused)
            } else if is_in_transcript {
                conversation.reuse_request(existing, now)
            } else {
                Ok(existing)
            };
        }
        if conversation.requests.contains_key(&number) {
            return conversation.reuse_request(number, now);
        }
        if conversation.channel != Channel::Widget {
            return Err(Refusal::ChannelNotSupported(conversation.channel));
        }
        if let Some(available_at) = conversation.cooldown_of(requester.agent, now) {
            return match conversation.unmailed_request_of(requester.agent) {
                Some(unmailed) if is_in_transcript => conversation.reuse_request(unmailed, now),
                _ => Err(Refusal::RatingAlreadyRequested { available_at }),
            };
        }
        self.add_request(number, now, chat, requester, origin);
        Ok(number)
    }

    /// Adds a request that no limit refuses.
    pub(super) fn add_request(
        &mut self,
        number: CommandNumber,
        now: Timestamp,
        chat: Chat,
        requester: Requester,
        origin: Origin,
    ) {
        let conversation = self.conversations.get_mut(&chat).unwrap();
        conversation.add_request(number, now, requester, origin);
        let request = RequestRef { chat, number };
        self.publish(BusEvent::RatingRequested { request, at: now });
    }

    /// Answers a rating request, or changes the answer.
    pub fn submit_rating(
        &mut self,
        now: Timestamp,
        command: &SubmitRating<CommandNumber, CommandNumber>,
    ) -> Response {
        match self.try_to_submit(now, command) {
            Ok((is_first, rating)) => Response::Rated { is_first, rating },
            Err(refusal) => Response::Refused(refusal),
        }
    }

    fn try_to_submit(
        &mut self,
        now: Timestamp,
        command: &SubmitRating<CommandNumber, CommandNumber>,
    ) -> Result<(bool, Rating), Refusal> {
        let conversation = self.authorize_visitor(command.chat, command.token)?;
        let number = command.request.ok_or(Refusal::RatingRequestNotFound)?;
        let is_current = conversation.current == Some(number);
        let is_withdrawn = conversation.is_withdrawn;
        let request = conversation
            .requests
            .get_mut(&number)
            .ok_or(Refusal::RatingRequestNotFound)?;
        if !is_current {
            return Err(Refusal::RatingRequestSuperseded);
        }
        if is_withdrawn {
            return Err(Refusal::RatingRequestWithdrawn);
        }
        if request.is_expired(now) {
            return Err(Refusal::RatingRequestExpired);
        }
        let Some(old) = request.rating.clone() else {
            let value = Value {
                score: command.score,
                comment: command.comment.filter(|comment| !comment.is_empty()),
            };
            let rating = Rating {
                value,
                rated_at: now,
            };
            conversation.add_first_rating(number, rating.clone());
            return Ok((true, rating));
        };
        let value = Value {
            score: command.score,
            comment: match command.comment {
                None => old.value.comment,
                Some("") => None,
                Some(comment) => Some(comment),
            },
        };
        if value == old.value {
            return Ok((false, old));
        }
        if now >= old.changeable_until() {
            return Err(Refusal::RatingClosed);
        }
        let rating = Rating {
            value: value.clone(),
            rated_at: old.rated_at,
        };
        request.rating = Some(rating.clone());
        conversation.add_event(
            now,
            Event::RatingChanged {
                request: number,
                old: old.value,
                new: value,
            },
        );
        Ok((false, rating))
    }

    /// Shows the current rating to the visitor, and the current request until its answer can no
    /// longer be changed.
    pub fn show_rating_request(
        &mut self,
        now: Timestamp,
        command: &ShowRatingRequest<CommandNumber>,
    ) -> Response {
        match self.authorize_visitor(command.chat, command.token) {
            Ok(conversation) => {
                let rating = conversation.current_rating().cloned();
                let is_final = rating
                    .as_ref()
                    .is_some_and(|rating| now >= rating.changeable_until());
                let is_expired = conversation
                    .current
                    .is_some_and(|number| conversation.requests[&number].is_expired(now));
                let is_closed = is_final || is_expired || conversation.is_withdrawn;
                Response::RatingRequestShown {
                    chat: command.chat,
                    request: conversation.current.filter(|_| !is_closed),
                    rating,
                }
            }
            Err(refusal) => Response::Refused(refusal),
        }
    }

    pub(super) fn authorize_visitor(
        &mut self,
        chat: Chat,
        token: Option<CommandNumber>,
    ) -> Result<&mut Conversation, Refusal> {
        self.conversations
            .get_mut(&chat)
            .filter(|conversation| Some(conversation.visitor_token) == token)
            .ok_or(Refusal::InvalidVisitorToken)
    }
}
