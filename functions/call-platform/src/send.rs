//! Sends a transcript, ordered by a private note or an action URL.

use domain::{Agent, TranscriptId};
use dynamodb::get_unexpired;
use errors::{Failure, Fault, FaultCode, Refusal, RefusalCode};
use lambda::events::EventOutcome;
use lambda::random;
use store::{TranscriptItem, get_conversation, key};
use texts::fill_isolated;
use transcripts::{NotSent, Payload, Purpose, RequestedBy, TranscriptRequest};

use crate::CallPlatform;
use crate::ask::{derived_id, refusal_marker};
use crate::connected_conversation::{ConnectedConversation, visitor_language};
use crate::notes;
use crate::post_once::Post;
use crate::read::ReadThread;

impl CallPlatform {
    /// Sends the transcript of the task `id` to the visitor's recorded address, once. The whole conversation
    /// is read on the platform before. A refusal is posted as a note.
    pub(crate) async fn send_transcript(
        &self,
        connected: &ConnectedConversation,
        id: &str,
        agent: Option<Agent>,
    ) -> Result<EventOutcome, Fault> {
        if self.read_thread(connected).await? != ReadThread::Recorded {
            return Ok(EventOutcome::unchanged("no_conversation"));
        }
        let settings = self.read_settings(connected).await?;
        let Some(sender) = self.sender.automatic_sender(&settings)? else {
            let refusal = Refusal::new(
                RefusalCode::SenderNotVerified,
                "The settings name no sender of transcripts.",
            );
            return self.note_not_sent(connected, &refusal).await;
        };
        let agent = self.acting_agent(connected, agent).await?;
        let request = TranscriptRequest {
            organisation: connected.organisation.clone(),
            conversation: connected.conversation.clone(),
            purpose: Purpose::Send,
            requested_by: RequestedBy::Agent,
            agent,
            payload: Payload::to_visitor(sender.address, sender.name),
            id: derived_id("transcript-by-task", connected, id).into(),
            attempt: random::unique_id(),
            rating_request: None,
            // It makes the request repeatable. The settings may change between two attempts.
            payload_fingerprint: Some("task".to_owned()),
            rating_mail: None,
            round: None,
            now: connected.now,
        };
        match self.sender.send(request).await {
            Ok(sent) if sent.is_replay => Ok(EventOutcome::unchanged("already_sent")),
            Ok(_) => Ok(EventOutcome::applied("transcript_sent")),
            // Another invocation is sending it.
            Err(NotSent::Failed(Failure::Refused(refusal)))
                if refusal.code() == RefusalCode::IdempotencyKeyInUse =>
            {
                Err(Fault::contended("another attempt sends the transcript"))
            }
            Err(NotSent::DecideAgain) => Err(Fault::contended("the conversation changed")),
            Err(NotSent::Failed(Failure::Refused(refusal))) => {
                self.note_not_sent(connected, &refusal).await
            }
            Err(NotSent::Failed(Failure::Faulted(fault))) => match fault.code() {
                FaultCode::EmailRefused
                | FaultCode::EmailUnavailable
                | FaultCode::EmailOutcomeUnknown => {
                    let note = format!("{}.", fault.code().title());
                    let note = format!("{note} {}", fault.code().detail());
                    let note = Post::note(format!("{id}-failed"), note);
                    self.post_once(connected, note).await?;
                    Ok(EventOutcome::unchanged(fault.code().as_str()))
                }
                _ => Err(fault),
            },
        }
    }

    async fn note_not_sent(
        &self,
        connected: &ConnectedConversation,
        refusal: &Refusal,
    ) -> Result<EventOutcome, Fault> {
        let marker = refusal_marker("send", refusal, connected.now);
        let note = Post::note(marker, notes::not_sent(refusal));
        self.post_once(connected, note).await?;
        Ok(EventOutcome::unchanged(refusal.code().as_str()))
    }

    /// Posts a public message that the transcript was sent, with the masked address.
    pub(crate) async fn post_transcript_note(
        &self,
        connected: &ConnectedConversation,
        id: &TranscriptId,
    ) -> Result<EventOutcome, Fault> {
        let now = connected.now;
        let transcript_key = key::transcript(&connected.organisation, &connected.conversation, id);
        let (conversation, transcript, settings) = tokio::try_join!(
            get_conversation(&self.table, connected.conversation_ref()),
            get_unexpired::<TranscriptItem>(&self.table, transcript_key, now),
            self.read_settings(connected),
        )?;
        let (Some(conversation), Some(transcript)) = (conversation, transcript) else {
            return Ok(EventOutcome::unchanged("no_transcript"));
        };
        let language = visitor_language(&conversation, &settings);
        let title = match self.brand(&settings) {
            Some(brand) => fill_isolated(language.mail_texts().title, &[("brand", brand)]),
            None => language.mail_texts().title_without_brand.to_owned(),
        };
        let sent = language.widget_texts().transcript.sent;
        let sent = fill_isolated(sent, &[("to", &transcript.to.mask())]);
        let post = Post {
            content: format!("{title}\n\n{sent}"),
            is_private: false,
            marker: format!("{id}-sent"),
            choices: Vec::new(),
        };
        let is_new = self.post_once(connected, post).await?;
        Ok(if is_new {
            EventOutcome::applied("note_posted")
        } else {
            EventOutcome::unchanged("note_posted_before")
        })
    }
}
