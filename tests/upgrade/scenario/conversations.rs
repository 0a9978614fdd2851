//! Recording, reading and erasing conversations.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Caller, message, note};

use crate::scenario::{CONVERSATION, HIDDEN, NOTE, Scenario, read};

impl Scenario {
    pub(super) async fn record(&self) -> Caller {
        let visitor = self.stack.conversation("c1").await;
        // Each message has its own time, because the versions order messages of the same time differently.
        let mut hidden = message("m3", "2026-01-05T09:31:00Z", HIDDEN);
        let messages = json!({ "messages": [
            message("m2", "2026-01-05T09:30:00Z", "Where is it?"),
            hidden,
            note("m4", "2026-01-05T09:32:00Z", NOTE),
        ] });
        let path = format!("{CONVERSATION}/messages");
        for _ in 0..2 {
            self.platform
                .post(&path, messages.clone())
                .await
                .expect(200);
        }
        hidden["visibility"] = json!("private");
        let private = json!({ "messages": [hidden] });
        for _ in 0..2 {
            self.platform.post(&path, private.clone()).await.expect(200);
        }
        let change = json!({ "visitor": { "time_zone": "Europe/Lisbon" } });
        for _ in 0..2 {
            let recorded = self.platform.put(CONVERSATION, change.clone()).await;
            assert_eq!(recorded.expect(200)["visitor_token"], visitor.token());
        }
        let read = read(&self.kim, CONVERSATION).await;
        let entries = read["thread"]["entries"].as_array().unwrap();
        let shown: BTreeSet<_> = entries
            .iter()
            .map(|entry| {
                (
                    entry["id"].as_str().unwrap(),
                    entry["visibility"].as_str().unwrap(),
                )
            })
            .collect();
        let expected = [
            ("m1", "public"),
            ("m2", "public"),
            ("m3", "private"),
            ("m4", "private"),
        ];
        assert_eq!(shown, expected.into());
        assert_eq!(self.pages().await, ["m1", "m2", "m3", "m4"]);
        visitor
    }

    /// The ids of the thread's entries. Each page is read by another version.
    async fn pages(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("{CONVERSATION}?limit=1{cursor}");
            let page = self.kim.get(&path).await.expect(200);
            let entries = page["thread"]["entries"].as_array().unwrap();
            let on_page = entries.iter().map(|entry| entry["id"].as_str().unwrap());
            ids.extend(on_page.map(str::to_owned));
            match page["thread"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        ids.sort();
        ids
    }

    pub(super) async fn erase(&self, visitor: &Caller) {
        self.erase_all(CONVERSATION).await;
        // The visitor of all other conversations.
        self.erase_all("/v1/visitors/ana@example.org").await;
        for conversation in ["c1", "c2", "c3", "full"] {
            for _ in 0..2 {
                let path = format!("/v1/conversations/{conversation}");
                let body = json!({ "channel": "widget" });
                let refused = self.platform.put(&path, body).await;
                refused.expect_problem(410, "conversation_erased");
                assert_eq!(self.kim.get(&path).await.status, 404);
            }
        }
        for _ in 0..2 {
            let shown = visitor.get("/v1/visitor/rating-request").await;
            shown.expect_problem(401, "invalid_visitor_token");
        }
        let left = json!(self.stack.items().await).to_string();
        for text in [
            NOTE,
            HIDDEN,
            "ana@example.org",
            "Ana",
            "Slow",
            "Better",
            "Where is it?",
        ] {
            assert!(!left.contains(text), "{text} is left");
        }
        assert!(self.stack.deliver_stream().await);
        self.check_counts().await;
    }

    /// Sends the erasure until it is complete.
    async fn erase_all(&self, path: &str) {
        for _ in 0..10 {
            let erased = self.kim.delete(path).await.expect_success();
            if erased["done"] == true {
                return;
            }
        }
        panic!("{path} is not erased");
    }
}
