//! Reads messages on the platform and records them.

use chatwoot::{Message, map_conversation, map_messages};
use errors::Fault;
use lambda::events::EventOutcome;
use platform_store::{record_conversation, record_messages};

use crate::CallPlatform;
use crate::connected_conversation::ConnectedConversation;

/// The outcome of reading a whole conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadThread {
    /// It is recorded as it is on the platform.
    Recorded,
    /// It was erased here, or does not exist here.
    NotRecorded,
    /// The platform does not return it, for this reason.
    OutOfReach(&'static str),
}

impl CallPlatform {
    /// Reads one message and records it, and the visitor's answer in it.
    pub(crate) async fn read_message(
        &self,
        connected: &ConnectedConversation,
        message_id: u64,
    ) -> Result<EventOutcome, Fault> {
        let read = connected
            .client
            .read_message(connected.display_id, message_id);
        let message = match read.await {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(EventOutcome::unchanged("no_message")),
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(EventOutcome::unchanged(reason));
            }
        };
        self.record(connected, &[message]).await?;
        Ok(EventOutcome::applied("message_recorded"))
    }

    /// Reads the whole conversation and records it. A conversation that was deleted on the platform stays as it
    /// is recorded.
    pub(crate) async fn read_conversation(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<EventOutcome, Fault> {
        Ok(match self.read_thread(connected).await? {
            ReadThread::Recorded => EventOutcome::applied("conversation_recorded"),
            ReadThread::NotRecorded => EventOutcome::unchanged("no_conversation"),
            ReadThread::OutOfReach(reason) => EventOutcome::unchanged(reason),
        })
    }

    /// Reads the whole conversation and records it, and the visitor's answers in it.
    pub(crate) async fn read_thread(
        &self,
        connected: &ConnectedConversation,
    ) -> Result<ReadThread, Fault> {
        let (client, display_id) = (&connected.client, connected.display_id);
        let conversation = match client.read_conversation(display_id).await {
            Ok(conversation) => conversation,
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(ReadThread::OutOfReach(reason));
            }
        };
        if conversation.display_id != display_id {
            return Err(Fault::internal(
                "the platform returned another conversation",
            ));
        }
        let recordings = map_conversation(&connected.connection, &conversation, connected.now);
        for recording in recordings {
            let recorded = record_conversation(
                &self.table,
                &connected.organisation,
                &recording,
                connected.now,
            );
            if !recorded.await?.is_recorded() {
                return Ok(ReadThread::NotRecorded);
            }
        }
        let thread = match client.read_thread(display_id).await {
            Ok(thread) => thread,
            Err(error) => {
                let reason = self.out_of_reach(connected, error).await?;
                return Ok(ReadThread::OutOfReach(reason));
            }
        };
        self.record(connected, &thread).await?;
        Ok(ReadThread::Recorded)
    }

    /// Records `messages`, and the visitor's answers in them.
    async fn record(
        &self,
        connected: &ConnectedConversation,
        messages: &[Message],
    ) -> Result<(), Fault> {
        let mapping = map_messages(&connected.connection, messages, connected.now);
        let (organisation, conversation) = (&connected.organisation, &connected.conversation);
        for body in &mapping.bodies {
            let recorded =
                record_messages(&self.table, organisation, conversation, body, connected.now);
            if !recorded.await?.is_recorded() {
                return Ok(());
            }
        }
        for answer in &mapping.answers {
            self.record_answer(connected, answer).await?;
        }
        Ok(())
    }
}
