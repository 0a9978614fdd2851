//! The mail of a transcript, from messages to the parts that the reader sees.

// Clippy allows `unwrap` in helper functions only in modules with `#[cfg(test)]`.

#[cfg(test)]
mod agent_note;
#[cfg(test)]
mod attachments;
#[cfg(test)]
mod authors;
#[cfg(test)]
mod brand;
#[cfg(test)]
mod card_numbers;
#[cfg(test)]
mod conversation;
#[cfg(test)]
mod days;
#[cfg(test)]
mod faces;
#[cfg(test)]
mod injection;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod length;
#[cfg(test)]
mod links;
#[cfg(test)]
mod scripts;
