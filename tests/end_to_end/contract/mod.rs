//! The contract in `infra/openapi.yaml`: against the code, the template, and real answers.

mod answers;
mod codes;
mod template;
mod watch_router;
