use domain::{Mailbox, SenderAddress, SenderName};
use errors::{Refusal, RefusalCode};

/// Checks that a mail's From header can hold `name`, which came in the field `field`, beside
/// `address`.
///
/// # Errors
/// 422 `invalid_sender_name` if the header would be longer than SES takes.
pub fn check_from_header(
    field: &str,
    name: &SenderName,
    address: &SenderAddress,
) -> Result<(), Refusal> {
    let mailbox = Mailbox { name, address };
    mailbox
        .check_length()
        .map_err(|rule| Refusal::invalid_field(field, &rule).under(RefusalCode::InvalidSenderName))
}
