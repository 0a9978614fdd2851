//! Reads a request's body to its end, so that a refusal finds a client that has stopped sending.

use axum::body::{Body, Bytes};
use futures_util::StreamExt;

use super::refusal::Refusal;

/// What API Gateway takes of a body, in bytes.
const LIMIT: usize = 10 * 1024 * 1024;
/// What is read and thrown away of a body that is too long, before the connection is closed.
const PATIENCE: usize = 8 * LIMIT;

/// The whole body.
pub(super) async fn read(body: Body) -> Result<Bytes, Refusal> {
    let mut chunks = body.into_data_stream();
    let mut kept = Vec::new();
    let mut size = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::BadRequest)?;
        size += chunk.len();
        if size <= LIMIT {
            kept.extend_from_slice(&chunk);
        } else if size > PATIENCE {
            break;
        }
    }
    if size > LIMIT {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(kept.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ten_megabytes_are_the_most() {
        assert_eq!(read(Body::from(vec![0; LIMIT])).await.unwrap().len(), LIMIT);
        let refused = read(Body::from(vec![0; LIMIT + 1])).await;
        assert_eq!(refused.unwrap_err(), Refusal::BodyTooLarge);
    }
}
