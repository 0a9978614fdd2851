use domain::{Mailbox, SenderAddress, SenderName};
use errors::{Refusal, RefusalCode};

/// Checks that a mail's From header has room for `name` and `address`. `field` is the field that
/// contained the name.
///
/// # Errors
/// 422 `invalid_sender_name` if the header would be longer than SES accepts.
pub fn check_from_header(
    field: &str,
    name: &SenderName,
    address: &SenderAddress,
) -> Result<(), Refusal> {
    let mailbox = Mailbox { name, address };
    mailbox.check_length().map_err(|rule| {
        Refusal::invalid_field(field, &rule).with_code(RefusalCode::InvalidSenderName)
    })
}
