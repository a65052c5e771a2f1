//! The `mailing` command as people and scripts meet it: real processes in their own folders.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod control;
#[cfg(test)]
mod database;
#[cfg(test)]
mod exit_codes;
#[cfg(test)]
mod forecast;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod main_job;
#[cfg(test)]
mod place;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tour;
#[cfg(test)]
mod tree;
