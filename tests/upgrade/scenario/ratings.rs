//! Rating requests, answers and withdrawals.

use serde_json::json;
use tests::Caller;

use crate::scenario::{CONVERSATION, Scenario, assert_agree, read};

impl Scenario {
    pub(super) async fn ask_and_rate(&self, visitor: &Caller) {
        let path = format!("{CONVERSATION}/rating-requests");
        let asked = self
            .kim
            .post_with_key(&path, "ask", json!({}))
            .await
            .expect_first();
        for _ in 0..4 {
            let retry = self.kim.post_with_key(&path, "ask", json!({})).await;
            assert_agree(&retry.expect_replayed(), &asked);
            let other = self.kim.ask("c1").await;
            other.expect_problem(429, "rating_already_requested");
        }
        assert!(self.stack.deliver_stream().await);
        let shown = read(visitor, "/v1/visitor/rating-request").await;
        let request = shown["rating_request"]["id"].as_str().unwrap();
        let rated = json!({ "score": 2, "comment": "Slow" });
        visitor.rate(request, rated.clone()).await.expect(201);
        for _ in 0..2 {
            visitor.rate(request, rated.clone()).await.expect(200);
        }
        assert!(self.stack.deliver_stream().await);
        for score in [3, 4, 5] {
            let change = json!({ "score": score, "comment": "Better" });
            visitor.rate(request, change).await.expect(200);
        }
        let read = read(&self.kim, CONVERSATION).await;
        assert_eq!(read["rating"]["score"], 5);
        assert_eq!(self.kim.events("c1", "rating_requested").await.len(), 1);
        assert_eq!(self.kim.events("c1", "rating_changed").await.len(), 3);
    }

    pub(super) async fn withdraw(&self) {
        for conversation in ["c2", "c3"] {
            let visitor = self.stack.conversation(conversation).await;
            let request = self.kim.ask_for_id(conversation).await;
            let path = format!("/v1/conversations/{conversation}");
            for status in ["resolved", "open"] {
                let change = json!({ "status": status });
                self.platform.put(&path, change).await.expect(200);
            }
            for _ in 0..2 {
                let rated = visitor.rate(&request, json!({ "score": 1 })).await;
                rated.expect_problem(410, "rating_request_withdrawn");
            }
            // Another request supersedes the withdrawn one.
            let second = self.jo.ask_for_id(conversation).await;
            let rated = visitor.rate(&request, json!({ "score": 1 })).await;
            assert_eq!(rated.status, 410, "{rated:?}");
            visitor
                .rate(&second, json!({ "score": 4 }))
                .await
                .expect(201);
        }
    }
}
