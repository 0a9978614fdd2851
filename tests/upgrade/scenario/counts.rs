//! Counts, roll-ups and reports.

use serde_json::{Value, json};
use store::CountedBy;
use tests::{recount, total};

use crate::scenario::{Scenario, assert_agree, read};

impl Scenario {
    /// Counts equal a recount, even if records are repeated and each version rolls up.
    pub(super) async fn count_and_roll_up(&self) {
        assert!(self.stack.deliver_stream().await);
        self.check_counts().await;
        let records = self.stack.stream_records().await;
        for record in &records {
            self.stack
                .deliver_records(std::slice::from_ref(record))
                .await;
        }
        self.check_counts().await;

        let items = self.stack.items().await;
        for (days_ago, score) in [(5, 1), (4, 2), (5, 3), (4, 4)] {
            self.rate_days_ago(&items, days_ago, score).await;
            assert!(self.stack.roll_up().await);
            self.check_counts().await;
        }
        let items = self.stack.items().await;
        let days = items
            .iter()
            .filter(|item| item["sk"]["S"].as_str().unwrap().starts_with("DAY#"));
        assert_eq!(days.count(), 2);
    }

    /// Stores a copy of a rated request with a date some days ago, and counts it.
    async fn rate_days_ago(&self, items: &[Value], days: i64, score: u8) {
        let is_rated = |item: &&Value| {
            let is_request = item["sk"]["S"].as_str().unwrap().starts_with("REQUEST#");
            is_request && item.get("answer").is_some()
        };
        let mut copy = items
            .iter()
            .find(is_rated)
            .expect("a rated request")
            .clone();
        let now: jiff::Timestamp = self.stack.now().await.parse().unwrap();
        let asked = now - jiff::SignedDuration::from_hours(24 * days);
        let day = asked.strftime("%Y-%m-%d").to_string();
        let id = format!("copy-{days}-{score}");
        copy["sk"] = json!({ "S": format!("REQUEST#{id}") });
        copy["request_id"] = json!({ "S": id });
        copy["requested_at"] = json!({ "S": format!("{asked:.3}") });
        copy["report_day"] = json!({ "S": day });
        copy["ratings_of"] = json!({ "S": format!("main#{day}#00") });
        copy["answer"]["M"]["score"] = json!({ "N": score.to_string() });
        copy["rated_score"] = json!({ "N": score.to_string() });
        copy.as_object_mut().unwrap().remove("counted");
        let put = json!({ "TableName": "afterchat", "Item": copy });
        let put = self.stack.dynamodb_as("owner", "PutItem", put).await;
        put.expect(200);
        assert!(self.stack.deliver_stream().await);
    }

    pub(super) async fn check_counts(&self) {
        let expected = recount(&self.stack.items().await, "main");
        let counts = self.stack.counts("main", CountedBy::Agent).await;
        assert_eq!(counts, expected);
        let by_channel = self.stack.counts("main", CountedBy::Channel).await;
        assert_eq!(total(&by_channel), total(&expected));
    }

    pub(super) async fn report(&self) {
        let now: jiff::Timestamp = self.stack.now().await.parse().unwrap();
        let day = |days: i64| {
            let day = now + jiff::SignedDuration::from_hours(24 * days);
            day.strftime("%Y-%m-%d").to_string()
        };
        let days = format!("from={}&to={}", day(-7), day(1));
        let expected = total(&recount(&self.stack.items().await, "main"));
        for grouping in ["day", "agent", "channel"] {
            let path = format!("/v1/satisfaction?{days}&group_by={grouping}&compare=previous");
            let report = read(&self.kim, &path).await;
            assert_eq!(report["total"]["requests"], expected[0]);
        }
        let all = read(&self.kim, &format!("/v1/ratings?{days}")).await;
        let mut paged = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/ratings?{days}&limit=1{cursor}");
            let mut page = self.kim.get(&path).await.expect(200);
            paged.append(page["ratings"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_agree(&all["ratings"], &Value::Array(paged));
    }
}
