//! The contract in `infra/openapi.yaml`, compared with the code, the template and real responses.

mod answers;
mod codes;
mod template;
mod watch_router;
