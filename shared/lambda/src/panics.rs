//! Panics: each one becomes a log line, and a fault if a caller waits for a response.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::task::Poll;

use errors::Fault;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

thread_local! {
    /// Whether the code on this thread reports its panics itself.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// The location of the last panic that is reported in this way.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Logs only the location of each panic, because its message may contain a caller's data. A panic
/// that [`caught`] turns into a fault is logged with that fault, and not twice.
pub(crate) fn log_places() {
    panic::set_hook(Box::new(|panic| {
        let place = place(panic);
        if IS_CAUGHT.get() {
            PLACE.set(place);
        } else {
            tracing::error!(message = "panic", place);
        }
    }));
}

fn place(panic: &PanicHookInfo<'_>) -> Option<String> {
    panic.location().map(ToString::to_string)
}

/// Runs `work`, and returns a fault if it panics.
///
/// The work is boxed, because a function's future is tens of kilobytes, which each layer around it would
/// move. The runtime's own layers are also deeply nested already.
pub(crate) fn caught<T>(work: BoxFuture<'_, T>) -> impl Future<Output = Result<T, Fault>> + Send {
    let mut work = AssertUnwindSafe(work).catch_unwind();
    std::future::poll_fn(move |context| {
        IS_CAUGHT.set(true);
        let polled = work.poll_unpin(context);
        IS_CAUGHT.set(false);
        match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(done)) => Poll::Ready(Ok(done)),
            Poll::Ready(Err(panic)) => Poll::Ready(Err(fault(panic))),
        }
    })
}

/// A fault that does not include the panic's message.
fn fault(_panic: Box<dyn Any + Send>) -> Fault {
    match PLACE.take() {
        Some(place) => Fault::internal(format!("the function panicked at {place}")),
        None => Fault::internal("the function panicked"),
    }
}

#[cfg(test)]
mod tests {
    use errors::Cause;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_fault_that_does_not_repeat_its_message() {
        let fault = caught(async { panic!("the secret") }.boxed())
            .await
            .unwrap_err();
        let Cause::Other(cause) = fault.cause() else {
            panic!("{fault:?}");
        };
        assert!(cause.starts_with("the function panicked"), "{cause}");
        assert!(!cause.contains("secret"));
    }

    #[tokio::test]
    async fn work_without_a_panic_returns_its_result() {
        let work = async {
            tokio::task::yield_now().await;
            5
        };
        assert_eq!(caught(work.boxed()).await.unwrap(), 5);
    }
}
