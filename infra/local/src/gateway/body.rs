//! Reads a request's body to its end. A client that is still sending might not read an error
//! response.

use axum::body::{Body, Bytes};
use futures_util::StreamExt;

use crate::gateway::refusal::Refusal;

/// The maximum size of a body in API Gateway, in bytes.
const LIMIT: usize = 10 * 1024 * 1024;
/// The number of bytes that are read of a body that is too long. After that, the connection is
/// closed.
const PATIENCE: usize = 8 * LIMIT;

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
    async fn a_body_of_more_than_ten_megabytes_is_refused() {
        assert_eq!(read(Body::from(vec![0; LIMIT])).await.unwrap().len(), LIMIT);
        let refused = read(Body::from(vec![0; LIMIT + 1])).await;
        assert_eq!(refused.unwrap_err(), Refusal::BodyTooLarge);
    }
}
