//! How much of an invocation's time is left, and how long it has taken. Calls that are retried only after seconds need it.

use std::time::{Duration, Instant};

tokio::task_local! {
    static WORK: Work;
}

/// The current work.
#[derive(Clone, Copy)]
struct Work {
    began: Instant,
    /// When its time ends; `None` if it is not limited.
    deadline: Option<Instant>,
}

/// The time that [`scope`] leaves for the current work. It is unlimited outside of `scope`.
pub fn time_left() -> Duration {
    let deadline = WORK.try_with(|work| work.deadline).unwrap_or(None);
    deadline.map_or(Duration::MAX, |deadline| {
        deadline.saturating_duration_since(Instant::now())
    })
}

/// How long the current work has taken. It is zero outside of [`scope`].
pub fn time_taken() -> Duration {
    WORK.try_with(|work| work.began.elapsed())
        .unwrap_or_default()
}

/// Runs `work`. During `work`, [`time_left`] returns the rest of `time`. `work` is not cancelled
/// when the time is over.
pub async fn scope<T>(time: Duration, work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let deadline = began.checked_add(time);
    WORK.scope(Work { began, deadline }, work).await
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

    #[tokio::test]
    async fn work_in_a_scope_reads_how_long_it_has_taken() {
        let pause = Duration::from_millis(20);
        let work = async {
            tokio::time::sleep(pause).await;
            time_taken()
        };
        assert!(scope(Duration::from_secs(7), work).await >= pause);
        assert_eq!(time_taken(), Duration::ZERO);
    }
}
