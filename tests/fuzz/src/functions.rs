use std::collections::HashMap;
use std::sync::Arc;

use ::aws::Environment;
use ask_rating::AskRating;
use erase_conversations::EraseConversations;
use lambda::clock::SystemClock;
use lambda::http::{GatewayEvent, HttpEndpoint};
use lambda_http::Context;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_http::lambda_runtime::LambdaEvent;
use manage_senders::ManageSenders;
use read_conversation::ReadConversation;
use record_conversation::RecordConversation;
use report_satisfaction::ReportSatisfaction;
use send_transcript::SendTranscript;
use serve_widget::ServeWidget;
use submit_rating::SubmitRating;
use tokio::runtime::{Builder, Runtime};

use crate::aws;

/// All functions behind their real boundary, with the AWS emulator.
pub struct Functions {
    runtime: Runtime,
    ask_rating: HttpEndpoint<AskRating>,
    erase_conversations: HttpEndpoint<EraseConversations>,
    manage_senders: HttpEndpoint<ManageSenders>,
    read_conversation: HttpEndpoint<ReadConversation>,
    record_conversation: HttpEndpoint<RecordConversation>,
    report_satisfaction: HttpEndpoint<ReportSatisfaction>,
    send_transcript: HttpEndpoint<SendTranscript>,
    serve_widget: HttpEndpoint<ServeWidget>,
    submit_rating: HttpEndpoint<SubmitRating>,
}

impl Functions {
    /// Starts all functions.
    pub fn start() -> Self {
        let environment = environment(&aws::start());
        let clock = Arc::new(SystemClock);
        macro_rules! endpoint {
            ($function:ident) => {
                HttpEndpoint::new(
                    $function::from_environment(&environment).expect("the function starts"),
                    clock.clone(),
                )
            };
        }
        Self {
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            ask_rating: endpoint!(AskRating),
            erase_conversations: endpoint!(EraseConversations),
            manage_senders: endpoint!(ManageSenders),
            read_conversation: endpoint!(ReadConversation),
            record_conversation: endpoint!(RecordConversation),
            report_satisfaction: endpoint!(ReportSatisfaction),
            send_transcript: endpoint!(SendTranscript),
            serve_widget: HttpEndpoint::new(ServeWidget::new(), clock.clone()),
            submit_rating: endpoint!(SubmitRating),
        }
    }

    /// The response of the function in the folder `name` to an event.
    pub fn invoke(&self, name: &str, event: &GatewayEvent) -> ApiGatewayV2httpResponse {
        let mut context = Context::default();
        "r1".clone_into(&mut context.request_id);
        let event = LambdaEvent::new(event.clone(), context);
        let Ok(response) = self.runtime.block_on(async {
            match name {
                "ask-rating" => self.ask_rating.answer(event).await,
                "erase-conversations" => self.erase_conversations.answer(event).await,
                "manage-senders" => self.manage_senders.answer(event).await,
                "read-conversation" => self.read_conversation.answer(event).await,
                "record-conversation" => self.record_conversation.answer(event).await,
                "report-satisfaction" => self.report_satisfaction.answer(event).await,
                "send-transcript" => self.send_transcript.answer(event).await,
                "serve-widget" => self.serve_widget.answer(event).await,
                "submit-rating" => self.submit_rating.answer(event).await,
                _ => panic!("add functions/{name} to tests/fuzz/src/functions.rs"),
            }
        });
        response
    }

    /// The folders of all functions.
    pub const NAMES: [&str; 9] = [
        "ask-rating",
        "erase-conversations",
        "manage-senders",
        "read-conversation",
        "record-conversation",
        "report-satisfaction",
        "send-transcript",
        "serve-widget",
        "submit-rating",
    ];
}

fn environment(aws: &str) -> Environment {
    let variables = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "fuzz"),
        ("AWS_SECRET_ACCESS_KEY", "fuzz"),
        ("AWS_ENDPOINT_URL", aws),
        ("TABLE_NAME", "fuzz"),
        ("ORGANISATION", "main"),
        ("SCOPE_PREFIX", "afterchat/"),
        ("BRAND_NAME", "Acme"),
        ("REPLY_TO", "answers@example.com"),
        ("CONFIGURATION_SET", "fuzz"),
    ];
    let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Environment::from_variables(HashMap::from(owned))
}
