//! Plays a case: the product and the model side by side.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::codec::{Observed, differences, fits, rating_request_id};
use crate::commands::{
    Agent, Case, Channel, Command, Drawn, MessageName, Place, Rate, Record, Sent, Show, Step,
    Token, Visibility, Wait, Which, Wording, Write,
};
use crate::linearize::{Issued, World, expected, explain};
use crate::model::{Model, Number, hour_of};
use crate::system::System;

/// What is known while a case is played.
struct Play<'a> {
    system: &'a System,
    /// Every way in which it can have come this far. While commands come one by one it is one.
    worlds: Vec<World>,
    /// How many commands were sent.
    count: usize,
    /// Tokens that were good once.
    tokens: BTreeMap<Place, Vec<Number>>,
}

/// Plays `case`, and says what the model cannot explain.
pub async fn play(system: &mut System, case: &Case) -> Result<(), String> {
    system.begin(case.begins).await;
    let mut play = Play {
        system,
        worlds: vec![World::default()],
        count: 0,
        tokens: BTreeMap::new(),
    };
    for command in beginning() {
        play.at_once(&[command], None).await?;
    }
    for step in &case.steps {
        match step {
            Step::Wait(wait) => system.advance(length(*wait, system.now())),
            Step::Ses(faults) => {
                system.meet(faults).await;
                for world in &mut play.worlds {
                    world.model.ses = faults.clone().into();
                }
            }
            Step::AtOnce(commands, wait) => play.at_once(commands, *wait).await?,
        }
    }
    play.end().await
}

/// A conversation in the widget with its visitor and one public message.
fn beginning() -> [Drawn; 2] {
    let place = Place::C1;
    let record = Record {
        place,
        channel: Some(Channel::Widget),
        status: None,
        tells_visitor: true,
        renews_token: false,
    };
    let message = (MessageName::M1, Visibility::Public, Wording::First);
    let write = Write {
        place,
        messages: vec![message],
    };
    [Command::Record(record), Command::Write(write)]
}

fn length(wait: Wait, now: Timestamp) -> Duration {
    let into_the_hour = now.as_millisecond() - hour_of(now).as_millisecond();
    wait.duration(into_the_hour.unsigned_abs())
}

impl Play<'_> {
    /// Sends `commands` at once, moves the clock meanwhile, and looks for what explains the answers.
    async fn at_once(&mut self, commands: &[Drawn], wait: Option<Wait>) -> Result<(), String> {
        let system = self.system;
        let begins = system.now();
        let world = &self.worlds[0];
        let sent: Vec<(Number, Sent)> = commands
            .iter()
            .enumerate()
            .map(|(place, command)| {
                let number = Number(self.count + place);
                (number, self.resolve(command, &world.model))
            })
            .collect();
        let pause = Duration::from_millis(self.count as u64 % 4);
        self.count += sent.len();
        let moving = async {
            if let Some(wait) = wait {
                tokio::time::sleep(pause).await;
                system.advance(length(wait, begins));
            }
        };
        let replies = join_all(
            sent.iter()
                .map(|(_, command)| system.issue(command, &world.ids)),
        );
        let (replies, ()) = tokio::join!(replies, moving);
        let batch: Vec<Issued> = sent
            .into_iter()
            .zip(&replies)
            .map(|((number, command), reply)| Issued {
                number,
                command,
                observed: Observed::of(reply),
            })
            .collect();
        let mut moments = vec![begins];
        moments.extend(wait.map(|_| system.now()));
        let explained = explain(&self.worlds, &batch, &moments, system.naming);
        if explained.is_empty() {
            return Err(self.unexplained(&batch, begins));
        }
        self.worlds = explained;
        self.remember_tokens();
        if commands.len() > 1 || self.has_unknown_ids() {
            self.read().await?;
        }
        Ok(())
    }

    fn unexplained(&self, batch: &[Issued], now: Timestamp) -> String {
        let mut text = if batch.len() == 1 {
            "the answer is not the model's:".to_owned()
        } else {
            "no order of these commands explains their answers:".to_owned()
        };
        for issued in batch {
            text.push_str(&format!(
                "\n  number {}, {:?}\n    was answered {}",
                issued.number.0, issued.command, issued.observed
            ));
            let alone = expected(&self.worlds[0], issued, now, self.system.naming);
            if let Some(alone) = alone {
                text.push_str(&format!("\n    alone it is   {alone}"));
            }
        }
        text
    }

    /// Says of what was drawn which request and which token is meant.
    fn resolve(&self, command: &Drawn, model: &Model) -> Sent {
        match command.clone() {
            Command::Ask(ask) => Command::Ask(ask),
            Command::Send(send) => Command::Send(send),
            Command::Record(record) => Command::Record(record),
            Command::Write(write) => Command::Write(write),
            Command::Show(Show { place, token }) => Command::Show(Show {
                place,
                token: token.and_then(|token| self.token(place, token, model)),
            }),
            Command::Rate(rate) => Command::Rate(Rate {
                place: rate.place,
                token: rate
                    .token
                    .and_then(|token| self.token(rate.place, token, model)),
                request: rate
                    .request
                    .and_then(|which| request(rate.place, which, model)),
                score: rate.score,
                comment: rate.comment,
            }),
        }
    }

    fn token(&self, place: Place, token: Token, model: &Model) -> Option<Number> {
        let good = model.conversations.get(&place)?.visitor_token;
        match token {
            Token::Good => Some(good),
            Token::Bad => {
                let mut tokens = self.tokens.get(&place)?.iter().copied();
                tokens.rfind(|token| *token != good)
            }
        }
    }

    fn remember_tokens(&mut self) {
        for (place, conversation) in &self.worlds[0].model.conversations {
            let tokens = self.tokens.entry(*place).or_default();
            if !tokens.contains(&conversation.visitor_token) {
                tokens.push(conversation.visitor_token);
            }
        }
    }

    /// Whether the model knows a current request whose id no answer has told yet.
    fn has_unknown_ids(&self) -> bool {
        let World { model, ids } = &self.worlds[0];
        let mut current = model.conversations.values().filter_map(|it| it.current);
        current.any(|number| !ids.contains_key(&rating_request_id(number)))
    }

    /// Reads what stands, which leaves the worlds in which the same stands.
    async fn read(&mut self) -> Result<(), String> {
        let system = self.system;
        let agent = Agent::ALL[self.count % Agent::ALL.len()];
        for place in Place::ALL {
            let is_there = |world: &World| world.model.conversations.contains_key(&place);
            if !is_there(&self.worlds[0]) {
                continue;
            }
            let read = system.read(place, agent).await?;
            let expect = |world: &World| {
                let model = &world.model;
                is_there(world).then(|| model.read(system.naming, place, agent, system.now()))
            };
            let wanted = expect(&self.worlds[0]).unwrap_or_default();
            let ids = self.worlds[0].ids.clone();
            self.worlds.retain_mut(|world| {
                let expected = expect(world);
                expected.is_some_and(|expected| fits(&expected, &read, &mut world.ids))
            });
            if self.worlds.is_empty() {
                let differences = differences(&wanted, &read, &ids);
                return Err(format!(
                    "what {agent:?} reads of {place:?} is not the model's:{differences}"
                ));
            }
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), String> {
        self.read().await?;
        let shown = Place::ALL.map(|place| {
            Command::Show(Show {
                place,
                token: Some(Token::Good),
            })
        });
        for show in shown {
            self.at_once(&[show], None).await?;
        }
        let mails = self.system.mails().await;
        let model = self.worlds[0].model.clone();
        self.worlds.retain(|world| world.model.mails == mails);
        if self.worlds.is_empty() {
            let wanted = model.mails;
            return Err(format!(
                "the mails are not the model's:\n  SES has {mails:?}\n  the model has {wanted:?}"
            ));
        }
        Ok(())
    }
}

/// The number of the rating request that is meant.
fn request(place: Place, which: Which, model: &Model) -> Option<Number> {
    let other = match place {
        Place::C1 => Place::C2,
        Place::C2 => Place::C1,
    };
    let newest = |place| model.conversations.get(&place)?.current;
    match which {
        Which::Newest => newest(place),
        Which::Foreign => newest(other),
        Which::Unknown => None,
        Which::Older => {
            let current = newest(place)?;
            let requests = &model.conversations.get(&place)?.requests;
            requests
                .range(..current)
                .next_back()
                .map(|(number, _)| *number)
        }
    }
}
