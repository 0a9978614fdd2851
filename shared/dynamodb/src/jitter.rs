use std::time::Duration;

/// A random part of `longest_milliseconds`, for the delay before a retry (full jitter).
pub fn random_delay(longest_milliseconds: u32) -> Duration {
    // If the random source fails, the longest delay is safe.
    let random = getrandom::u32().unwrap_or(u32::MAX);
    let product = u64::from(longest_milliseconds) * u64::from(random);
    Duration::from_millis(product / u64::from(u32::MAX))
}
