use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::Stack;

impl Stack {
    /// Advances the functions' clock.
    pub async fn advance(&self, seconds: u64) {
        self.nobody()
            .post("/dev/clock", json!({ "advance_seconds": seconds }))
            .await
            .expect(200);
    }

    /// The time of the functions' clock, in RFC 3339.
    pub async fn now(&self) -> String {
        let body = self
            .nobody()
            .post("/dev/clock", json!({ "advance_seconds": 0 }))
            .await
            .expect(200);
        body["now"].as_str().unwrap().to_owned()
    }

    /// The days from 10 before the present one to the next, as query parameters of the report.
    pub async fn span_around_today(&self) -> String {
        let now: Timestamp = self.now().await.parse().unwrap();
        let day = |days: i64| (now + SignedDuration::from_hours(24 * days)).strftime("%Y-%m-%d");
        format!("from={}&to={}", day(-10), day(1))
    }

    /// Stops the functions' clock, so that all requests have the same time. [`Stack::advance`] also
    /// advances a stopped clock.
    pub fn stop_clock(&self) {
        self.clock().stop();
    }

    /// Stops the functions' clock exactly one second before `moment`, so that [`Stack::advance`] by 1
    /// reaches `moment`.
    pub async fn stop_clock_a_second_before(&self, moment: &str) {
        self.stop_clock();
        let moment: Timestamp = moment.parse().expect("a time in RFC 3339");
        let now: Timestamp = self.now().await.parse().unwrap();
        let left = moment.duration_since(now) - SignedDuration::from_secs(1);
        assert!(!left.is_negative(), "{moment} has passed or is next");
        // The server stores whole seconds, so that they survive a restart.
        self.advance(left.as_secs().unsigned_abs()).await;
        self.clock()
            .shift(SignedDuration::from_nanos(left.subsec_nanos().into()));
    }

    /// Advances the functions' clock to the first second of the next hour, so that the hour does not
    /// end during a test.
    pub async fn begin_an_hour(&self) {
        let now: Timestamp = self.now().await.parse().unwrap();
        let into_the_hour = u64::try_from(now.as_second().rem_euclid(3_600)).unwrap();
        self.advance(3_600 - into_the_hour).await;
    }
}
