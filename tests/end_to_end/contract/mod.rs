//! The contract in `infra/openapi.yaml`, compared with the code, the template and real responses.

mod codes;
mod example_details;
mod responses;
mod template;
mod watch_router;
