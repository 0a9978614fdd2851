/// A limit as the IETF's RateLimit header fields describe it
/// (draft-ietf-httpapi-ratelimit-headers).
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// The name of the policy in the header fields.
    pub policy: &'static str,
    /// How many requests a window allows.
    pub quota: u32,
    /// The length of a window in seconds.
    pub window_seconds: i64,
}

impl RateLimit {
    /// The header fields of a window that allows no more requests and resets in `seconds`.
    pub fn exhausted_fields(&self, seconds: u64) -> [(&'static str, String); 2] {
        let Self {
            policy,
            quota,
            window_seconds,
        } = self;
        [
            (
                "ratelimit-policy",
                format!("\"{policy}\";q={quota};w={window_seconds}"),
            ),
            ("ratelimit", format!("\"{policy}\";r=0;t={seconds}")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_contain_the_policy_and_the_seconds_until_the_reset() {
        let limit = RateLimit {
            policy: "transcripts",
            quota: 5,
            window_seconds: 3_600,
        };
        assert_eq!(
            limit.exhausted_fields(90),
            [
                ("ratelimit-policy", "\"transcripts\";q=5;w=3600".to_owned()),
                ("ratelimit", "\"transcripts\";r=0;t=90".to_owned()),
            ]
        );
    }
}
