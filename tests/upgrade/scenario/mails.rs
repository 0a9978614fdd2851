//! Transcripts, their delivery and their limit.

use serde_json::json;
use tests::{mail_event, tokens_of, transcript, transcript_with_faces};

use crate::scenario::{CONVERSATION, HIDDEN, NOTE, Scenario, assert_agree, read};

impl Scenario {
    pub(super) async fn mail(&self) {
        let path = format!("{CONVERSATION}/transcripts");
        let sent = self
            .kim
            .post_with_key(&path, "send", transcript())
            .await
            .expect_first();
        for _ in 0..4 {
            let retry = self.kim.post_with_key(&path, "send", transcript()).await;
            assert_agree(&retry.expect_replayed(), &sent);
        }
        let outbox = self.stack.outbox().await;
        assert_eq!(outbox.len(), 1);
        for part in ["text", "html"] {
            let part = outbox[0][part].as_str().unwrap();
            assert!(part.contains("Where is it?"), "{part}");
            assert!(!part.contains(NOTE) && !part.contains(HIDDEN), "{part}");
        }
        let id = sent["transcript"]["id"].as_str().unwrap();
        for (event, state) in [
            ("mail-delivered", "delivered"),
            ("mail-bounced", "bounced"),
            ("mail-delivered", "bounced"),
        ] {
            self.stack
                .put_mail_events(&[mail_event(event, "c1", id)])
                .await;
            let read = read(&self.kim, CONVERSATION).await;
            assert_eq!(read["transcripts"][0]["state"], state);
        }
        assert_eq!(self.kim.events("c1", "transcript_sent").await.len(), 1);
        assert_eq!(self.kim.events("c1", "transcript_bounced").await.len(), 1);

        // A transcript with a rating request has a link for each face.
        let sent = self
            .jo
            .send_transcript_as("c1", transcript_with_faces())
            .await
            .expect(201);
        let request = sent["rating_request"]["id"].as_str().unwrap();
        let mail = self.stack.outbox().await.pop().unwrap();
        let link = self
            .stack
            .bearer(&tokens_of(mail["text"].as_str().unwrap())[0]);
        for (score, status) in [(1, 201), (2, 200), (3, 200)] {
            let answer = json!({ "score": score });
            link.rate(request, answer).await.expect(status);
        }
    }

    pub(super) async fn limits(&self) {
        self.stack.conversation("full").await;
        let hour = async || self.stack.now().await[..13].to_owned();
        let before = hour().await;
        let mut sent = Vec::new();
        for _ in 0..6 {
            sent.push(self.kim.send_transcript("full").await.status);
        }
        // If the hour changed, there were new slots.
        if hour().await == before {
            assert_eq!(sent, [201, 201, 201, 201, 201, 429]);
        }
    }
}
