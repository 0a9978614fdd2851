/// A limit as the IETF's RateLimit header fields describe it
/// (draft-ietf-httpapi-ratelimit-headers).
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// The policy's name.
    pub policy: &'static str,
    /// How much a window allows.
    pub quota: u32,
    /// How long a window is.
    pub window_seconds: i64,
}

impl RateLimit {
    /// The fields of a window that is used up and resets in `seconds`.
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
