//! Says in the conversation that a transcript was sent, or that it was not.

use domain::TranscriptId;
use dynamodb::get_unexpired;
use errors::Fault;
use lambda::events::EventOutcome;
use store::{
    PlatformTask, PlatformTaskItem, TranscriptItem, TranscriptNotSent, get_conversation, key,
};
use texts::fill_isolated;

use crate::CallPlatform;
use crate::ask::refusal_marker;
use crate::connected_conversation::{ConnectedConversation, visitor_language};
use crate::notes;
use crate::post::Post;

impl CallPlatform {
    /// Says in a private note that the transcript of the task `id` was not sent, and why.
    pub(crate) async fn note_not_sent(
        &self,
        connected: &ConnectedConversation,
        id: &str,
    ) -> Result<EventOutcome, Fault> {
        let task = self.read_task(connected, id).await?;
        let Some(PlatformTaskItem {
            task: PlatformTask::SendTranscript { agent },
            not_sent: Some(outcome),
            ..
        }) = task
        else {
            return Ok(EventOutcome::unchanged("no_task"));
        };
        let (TranscriptNotSent::Refused { code, .. } | TranscriptNotSent::Failed { code }) =
            &outcome;
        let marker = refusal_marker("send", connected, agent.as_ref(), code);
        let note = Post::note(marker, notes::not_sent(&outcome));
        let posted = self.post_once(connected, note).await?;
        Ok(posted.into_event("note_posted"))
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
        let posted = self.post_once(connected, post).await?;
        Ok(posted.into_event("note_posted"))
    }
}
