//! Rating requests and answers, as `functions/call-platform` records them.
//!
//! The day is shorter than the time in which an agent can ask once, and than the time in which a
//! rating can be changed.

use std::collections::BTreeMap;

use domain::Timestamp;
use platform_recordings::PromptAnswer;

use crate::rules::BrokenRule;

#[derive(Debug)]
pub(crate) struct Requests {
    broken: Option<BrokenRule>,
    /// The requests of each conversation. The last one is the current one.
    conversations: BTreeMap<String, Vec<Request>>,
}

#[derive(Debug)]
pub(crate) struct Request {
    /// The id of the task that made it, or the marker of its prompt.
    pub(crate) id: String,
    pub(crate) agent: String,
    is_withdrawn: bool,
    rating: Option<Rating>,
    /// The prompt. Requests by command have none, because their prompts are not in the day.
    post: Option<Post>,
}

#[derive(Debug)]
struct Rating {
    score: String,
    /// When it was submitted on the page, or read in the prompt.
    at: Timestamp,
}

#[derive(Debug)]
struct Post {
    /// `None` if the response to the post was lost.
    message_id: Option<String>,
    answer: Option<String>,
    /// When the answer was last read.
    answer_read_at: Option<Timestamp>,
}

/// Why a prompt was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadReason {
    /// An event is about the prompt.
    Event,
    /// The whole thread was read.
    Thread,
}

/// What the recording of an answer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerEffect {
    /// It does not count.
    Ignored,
    /// It is the answer that was recorded last from this prompt.
    SameAsBefore,
    /// The rating is newer, or may be.
    Older,
    /// It becomes the rating.
    Rated,
}

impl Requests {
    pub(crate) fn new(broken: Option<BrokenRule>) -> Self {
        Self {
            broken,
            conversations: BTreeMap::new(),
        }
    }

    /// Whether the request of a task was made.
    pub(crate) fn was_asked(&self, conversation: &str, task: &str) -> bool {
        self.request(conversation, task).is_some()
            && self.broken != Some(BrokenRule::RequestsRepeated)
    }

    /// Makes the request of a task. An agent can ask once in a conversation. Returns whether it was made.
    pub(crate) fn ask(&mut self, conversation: &str, task: &str, agent: &str) -> bool {
        let requests = self.conversations.entry(conversation.to_owned());
        let requests = requests.or_default();
        let is_on_cooldown = requests.iter().any(|it| it.agent == agent)
            && !matches!(
                self.broken,
                Some(BrokenRule::RequestsRepeated | BrokenRule::CooldownIgnored)
            );
        if !is_on_cooldown {
            requests.push(Request::new(task, agent, None));
        }
        !is_on_cooldown
    }

    /// Adds a request that was made through the API by an agent of its own, and whose prompt was posted.
    pub(crate) fn add_prompt(
        &mut self,
        conversation: &str,
        marker: &str,
        message_id: Option<String>,
    ) {
        let post = Post {
            message_id,
            answer: None,
            answer_read_at: None,
        };
        let request = Request::new(marker, &format!("agent of {marker}"), Some(post));
        let requests = self.conversations.entry(conversation.to_owned());
        requests.or_default().push(request);
    }

    /// Withdraws the current request if it is unanswered, because the conversation was reopened.
    pub(crate) fn withdraw(&mut self, conversation: &str) {
        let requests = self.conversations.get_mut(conversation);
        if let Some(current) = requests.and_then(|it| it.last_mut())
            && current.rating.is_none()
        {
            current.is_withdrawn = true;
        }
    }

    /// Records a rating that the visitor submitted on the page. Returns whether it was accepted.
    pub(crate) fn rate_on_page(
        &mut self,
        conversation: &str,
        marker: &str,
        score: &str,
        at: Timestamp,
    ) -> bool {
        let current = self.current(conversation);
        let is_open = current.is_some_and(|it| it.id == marker && !it.is_withdrawn);
        if is_open {
            self.request_mut(conversation, marker).rate(score, at);
        }
        is_open
    }

    /// Records an answer that was read in a prompt. If the recorded answer is read again because of an event, the time
    /// of the read is recorded. An answer to a withdrawn request undoes the withdrawal.
    pub(crate) fn record_answer(
        &mut self,
        conversation: &str,
        answer: &PromptAnswer,
        read_at: Timestamp,
        reason: ReadReason,
    ) {
        let effect = self.effect_of(conversation, answer, read_at, reason);
        if effect == AnswerEffect::Ignored {
            return;
        }
        let is_restored = self.broken != Some(BrokenRule::WithdrawalKept);
        let is_advanced = self.broken != Some(BrokenRule::ReadTimeNotAdvanced);
        let value = answer.values.last().unwrap();
        let request = self.request_mut(conversation, &answer.prompt);
        if effect == AnswerEffect::Rated {
            request.rate(value, read_at);
            request.is_withdrawn &= !is_restored;
        }
        let is_rating = (request.rating.as_ref()).is_some_and(|rating| rating.score == *value);
        let is_noted = match effect {
            AnswerEffect::SameAsBefore => is_advanced && reason == ReadReason::Event,
            _ => is_rating,
        };
        let post = request.post.as_mut().unwrap();
        if is_noted && post.answer_read_at.is_none_or(|it| it <= read_at) {
            post.answer = Some(value.clone());
            post.answer_read_at = Some(read_at);
        }
    }

    /// What recording the answer would do.
    pub(crate) fn effect_of(
        &self,
        conversation: &str,
        answer: &PromptAnswer,
        read_at: Timestamp,
        reason: ReadReason,
    ) -> AnswerEffect {
        let value = answer.values.last();
        let request = self.request(conversation, &answer.prompt);
        let (Some(value), Some(request)) = (value, request) else {
            return AnswerEffect::Ignored;
        };
        let post = request.post.as_ref().unwrap();
        let is_own = match &post.message_id {
            _ if self.broken == Some(BrokenRule::CopiesCount) => true,
            Some(message_id) => message_id == answer.message_id.as_str(),
            None => answer.is_of_bot,
        };
        let is_outdated = (post.answer_read_at).is_some_and(|it| it > read_at)
            && self.broken != Some(BrokenRule::ReadTimeOfAnswerIgnored);
        if !is_own || is_outdated {
            return AnswerEffect::Ignored;
        }
        if post.answer.as_ref() == Some(value)
            && self.broken != Some(BrokenRule::SameAnswerRecordedAgain)
        {
            return AnswerEffect::SameAsBefore;
        }
        let can_be_rated = self.is_current(conversation, &answer.prompt)
            || self.broken == Some(BrokenRule::EarlierRequestsAnswerable);
        let is_refused =
            request.is_withdrawn && self.broken == Some(BrokenRule::WithdrawnRequestsClosed);
        // Each rating is recorded after its prompt was posted.
        let is_page_kept = reason == ReadReason::Thread
            && post.answer.is_none()
            && self.broken != Some(BrokenRule::ThreadsReplacePage);
        match &request.rating {
            _ if !can_be_rated || is_refused => AnswerEffect::Ignored,
            Some(_) if is_page_kept => AnswerEffect::Older,
            Some(_) if self.broken == Some(BrokenRule::FirstAnswerKept) => AnswerEffect::Ignored,
            Some(rating)
                if read_at < rating.at && self.broken != Some(BrokenRule::TimeOfRatingIgnored) =>
            {
                AnswerEffect::Older
            }
            _ => AnswerEffect::Rated,
        }
    }

    fn current(&self, conversation: &str) -> Option<&Request> {
        self.conversations.get(conversation)?.last()
    }

    /// Whether no newer request was made.
    fn is_current(&self, conversation: &str, id: &str) -> bool {
        self.current(conversation).is_some_and(|it| it.id == id)
    }

    /// Whether the request was withdrawn, because the conversation was reopened.
    pub(crate) fn is_withdrawn(&self, conversation: &str, id: &str) -> bool {
        let request = self.request(conversation, id);
        request.is_some_and(|it| it.is_withdrawn)
    }

    /// Whether an answer in the prompt was recorded.
    pub(crate) fn has_answer_in_prompt(&self, conversation: &str, id: &str) -> bool {
        let post = self.request(conversation, id);
        let post = post.and_then(|it| it.post.as_ref());
        post.is_some_and(|it| it.answer.is_some())
    }

    /// The score with which the visitor answered the request.
    pub(crate) fn score(&self, conversation: &str, id: &str) -> Option<&str> {
        let rating = self.request(conversation, id)?.rating.as_ref()?;
        Some(rating.score.as_str())
    }

    /// The requests by command, with their conversations.
    pub(crate) fn by_command(&self) -> impl Iterator<Item = (&str, &Request)> {
        let all = self.conversations.iter();
        let all = all.flat_map(|(id, requests)| requests.iter().map(|it| (id.as_str(), it)));
        all.filter(|(_, request)| request.post.is_none())
    }

    fn request(&self, conversation: &str, id: &str) -> Option<&Request> {
        let mut requests = self.conversations.get(conversation)?.iter();
        requests.find(|it| it.id == id)
    }

    fn request_mut(&mut self, conversation: &str, id: &str) -> &mut Request {
        let requests = self.conversations.get_mut(conversation).unwrap();
        requests.iter_mut().find(|it| it.id == id).unwrap()
    }
}

impl Request {
    fn new(id: &str, agent: &str, post: Option<Post>) -> Self {
        Self {
            id: id.to_owned(),
            agent: agent.to_owned(),
            is_withdrawn: false,
            rating: None,
            post,
        }
    }

    /// The same score again keeps the time of the rating.
    fn rate(&mut self, score: &str, at: Timestamp) {
        if self.rating.as_ref().is_none_or(|it| it.score != score) {
            let score = score.to_owned();
            self.rating = Some(Rating { score, at });
        }
    }
}
