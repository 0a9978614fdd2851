//! The transcript's e-mail, from messages to what its readers see.

#[cfg(test)]
mod attachments;
#[cfg(test)]
mod authors;
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
