//! `cargo run -p local-chatwoot` runs the stand-in for Chatwoot on this machine.

use std::error::Error;

use clap::Parser;
use local_chatwoot::{Chatwoot, DeliveryPlan, NewAgent, NewContact, NewInbox, Options, Role};

/// Runs a stand-in for a Chatwoot server, with one account and one conversation, in memory.
#[derive(Parser)]
#[command(name = "local-chatwoot", version)]
struct Arguments {
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 4100)]
    port: u16,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "this is the output for the user")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { port } = Arguments::parse();
    let chatwoot = Chatwoot::start(Options {
        port,
        ..Options::default()
    })
    .await?;
    let account = chatwoot.add_account("Acme");
    let inbox = chatwoot.add_inbox(account, &NewInbox::web_widget("Website"));
    let administrator = NewAgent {
        name: "Jo Okafor",
        email: "jo@example.com",
        role: Role::Administrator,
    };
    let administrator = chatwoot.add_agent(account, &administrator);
    let token = chatwoot.agent_token(administrator)?;
    let visitor = NewContact {
        name: "Ana Reis".to_owned(),
        email: Some("ana@example.org".to_owned()),
        ..NewContact::default()
    };
    let visitor = chatwoot.add_contact(account, visitor);
    let (conversation, _) = chatwoot.start_conversation(visitor, inbox, "Where is my parcel?")?;
    chatwoot.deliver_in_background(DeliveryPlan::in_order());
    println!(
        "The stand-in for Chatwoot runs at {}, with the account {}, the conversation {} and the\n\
         access token of an administrator: {token}\n\
         Open it in a browser: both sides of the conversation are on one page.",
        chatwoot.origin(),
        account.0,
        conversation.display_id,
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}
