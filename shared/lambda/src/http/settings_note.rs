use std::cell::Cell;

tokio::task_local! {
    static NOTE: Cell<Option<&'static str>>;
}

/// Adds the member `settings` to the log line of the current request, such as `missing`. Without a
/// current request, it has no effect.
pub fn note_settings(state: &'static str) {
    // Only requests have a line to which the note belongs.
    let _ = NOTE.try_with(|note| note.set(Some(state)));
}

/// Runs `request`, and returns its output and the note that was made during it.
pub(crate) async fn with_note<T>(request: impl Future<Output = T>) -> (T, Option<&'static str>) {
    let noted = async { (request.await, NOTE.with(Cell::get)) };
    NOTE.scope(Cell::new(None), noted).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_note_belongs_to_the_request_during_which_it_is_made() {
        let noting = async {
            tokio::task::yield_now().await;
            note_settings("missing");
            1
        };
        let (noted, silent) = tokio::join!(with_note(noting), with_note(async { 2 }));
        assert_eq!(noted, (1, Some("missing")));
        assert_eq!(silent, (2, None));
        note_settings("missing");
    }
}
