use serde_json::Value;

use crate::Caller;

impl Caller {
    /// All ratings of a query of `GET /v1/ratings`, read in pages of at most `limit`.
    pub async fn list_ratings(&self, query: &str, limit: usize) -> Vec<Value> {
        let mut ratings = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/ratings?{query}&limit={limit}{cursor}");
            let mut page = self.get(&path).await.expect(200);
            let listed = page["ratings"].as_array_mut().unwrap();
            assert!(listed.len() <= limit, "more than {limit} ratings on a page");
            ratings.append(listed);
            match page.get("next_cursor") {
                Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
                None => return ratings,
            }
        }
    }
}

/// The ids of the rating requests of listed ratings.
pub fn rating_ids(ratings: &[Value]) -> Vec<&str> {
    ratings
        .iter()
        .map(|it| it["rating_request_id"].as_str().unwrap())
        .collect()
}
