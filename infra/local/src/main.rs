//! `cargo run -p local` runs afterchat on this machine.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use local::{Options, ParameterOverrides, Server, Storage, Webhook, WebhookError};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Runs afterchat on this machine: its API, and emulators of the AWS services that it uses.
#[derive(Parser)]
#[command(name = "local", version)]
struct Arguments {
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 4000)]
    port: u16,
    /// The directory in which data is kept between runs
    #[arg(long, value_name = "DIR", default_value = ".local")]
    data: PathBuf,
    /// Keep all data in memory and lose it at the end
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// Do not load the demo conversation
    #[arg(long)]
    no_demo: bool,
    /// Serve several organisations, identified by the token claim `org`
    #[arg(long)]
    organisations: bool,
    /// Values for the template's parameters, as `sam deploy` takes them: RetentionDays=1 BrandName=Acme
    #[arg(long, value_name = "KEY=VALUE", num_args = 1..)]
    parameter_overrides: Vec<ParameterOverrides>,
    /// Run only the AWS emulators, for functions that run elsewhere
    #[arg(long)]
    aws_only: bool,
    /// Limit calls to SES, except sends, to one per second, as AWS does
    #[arg(long)]
    ses_rate_limit: bool,
    /// Let SES send only to verified addresses and domains, as in a new account
    #[arg(long)]
    ses_sandbox: bool,
    /// Post each event to this URL (http only), with a signature
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// The secret that signs the posted events
    #[arg(
        long,
        value_name = "SECRET",
        default_value = "local-secret",
        requires = "webhook"
    )]
    webhook_secret: String,
}

impl TryFrom<Arguments> for Options {
    type Error = WebhookError;

    fn try_from(arguments: Arguments) -> Result<Self, WebhookError> {
        let secret = arguments.webhook_secret;
        let webhook = arguments.webhook.map(|url| Webhook::new(&url, secret));
        Ok(Self {
            port: arguments.port,
            storage: if arguments.memory {
                Storage::Memory
            } else {
                Storage::Directory(arguments.data)
            },
            demo: !arguments.no_demo,
            organisations: arguments.organisations,
            aws_only: arguments.aws_only,
            webhook: webhook.transpose()?,
            ses_rate_limit: arguments.ses_rate_limit,
            ses_sandbox: arguments.ses_sandbox,
            parameters: local_defaults()
                .into_iter()
                .chain(arguments.parameter_overrides.into_iter().flatten())
                .collect(),
            ..Self::default()
        })
    }
}

/// Values for parameters that differ from those of a deploy: a chat platform on this machine may be connected.
fn local_defaults() -> [(String, String); 1] {
    [("AllowPrivatePlatforms".to_owned(), "true".to_owned())]
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "this is the output for the user")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "this is the output for the user")]
async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let options = arguments.try_into()?;
    let stop_signal = stop_signal()?;
    let server = Server::start(options).await?;
    print!("{}", server.welcome());
    stop_signal.await;
    server.stop().await;
    Ok(())
}

/// Logs requests and faults to stderr in readable lines. `RUST_LOG` shows more. Levels below `info`
/// exist only in a debug build.
fn log_to_stderr() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::ERROR.into())
        .try_from_env()
        .unwrap_or_else(|_| EnvFilter::new("error,local=info"));
    tracing_subscriber::fmt()
        .compact()
        .without_time()
        .with_target(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// Returns a future that completes on Ctrl-C or SIGTERM, which supervisors send. The signal
/// handlers are installed when this function is called, not only when the future is awaited.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a future that completes on Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(arguments: &[&str]) -> Result<Vec<(String, String)>, clap::Error> {
        let arguments = ["local", "--parameter-overrides"].iter().chain(arguments);
        let options: Options = Arguments::try_parse_from(arguments)?.try_into().unwrap();
        assert_eq!(options.port, 0);
        Ok(options.parameters.into_iter().collect())
    }

    #[test]
    fn parameter_overrides_have_the_format_of_sam_deploy() {
        let expected = [
            ("AllowPrivatePlatforms", "true"),
            ("BrandName", "Acme Chat"),
            ("RetentionDays", "1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        for arguments in [
            &["RetentionDays=1", "BrandName=\"Acme Chat\"", "--port", "0"][..],
            &["RetentionDays=1 BrandName='Acme Chat'", "--port=0"],
            &[
                "ParameterKey=RetentionDays,ParameterValue=1",
                "ParameterKey=BrandName,ParameterValue=\"Acme Chat\"",
                "--port=0",
            ],
            &[
                "RetentionDays=7",
                "--port=0",
                "--parameter-overrides",
                "RetentionDays=1",
                "BrandName=Acme\\ Chat",
            ],
        ] {
            assert_eq!(parameters(arguments).unwrap(), expected, "{arguments:?}");
        }
    }

    #[test]
    fn an_invalid_parameter_override_is_refused_with_the_expected_format() {
        for arguments in [&["RetentionDays", "--port=0"][..], &["--port=0"]] {
            let refused = parameters(arguments).unwrap_err().to_string();
            assert!(refused.contains("--parameter-overrides"), "{refused}");
        }
    }
}
