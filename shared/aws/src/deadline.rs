//! How much of an invocation's time is left. Calls that are retried only after seconds need it.

use std::time::{Duration, Instant};

tokio::task_local! {
    /// When the time of the current work ends; `None` if it is not limited.
    static DEADLINE: Option<Instant>;
}

/// The time that [`scope`] leaves for the current work. It is unlimited outside of `scope`.
pub fn time_left() -> Duration {
    let deadline = DEADLINE.try_with(|deadline| *deadline).unwrap_or(None);
    deadline.map_or(Duration::MAX, |deadline| {
        deadline.saturating_duration_since(Instant::now())
    })
}

/// Runs `work`. During `work`, [`time_left`] returns the rest of `time`. `work` is not cancelled
/// when the time is over.
pub async fn scope<T>(time: Duration, work: impl Future<Output = T>) -> T {
    DEADLINE.scope(Instant::now().checked_add(time), work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_in_a_scope_reads_how_much_time_is_left() {
        let left = scope(Duration::from_secs(7), async { time_left() }).await;
        assert!(left <= Duration::from_secs(7) && left > Duration::from_secs(1));
        assert_eq!(time_left(), Duration::MAX);
    }
}
