//! The example that `--help` shows for each command. A test runs each of them as it stands; words in
//! capitals are ids there.

use clap::Command;

/// Path of a command, and how it is used.
const EXAMPLES: &[(&str, &str)] = &[
    ("serve", "mailing serve --demo"),
    ("worker", "mailing worker"),
    ("send", "mailing send --mailing MAILING --now"),
    (
        "forecast",
        "mailing forecast --start 2027-01-31T09:00 --zone Europe/Berlin --repeat monthly",
    ),
    ("seed roles", "mailing seed roles"),
    ("seed demo", "mailing seed demo"),
    (
        "seed load",
        "mailing seed load --recipients 1000 --as ann@example.org",
    ),
    ("migrate", "mailing migrate --status"),
    ("doctor", "mailing doctor --ledger"),
    ("config show", "mailing config show"),
    ("config check", "mailing config check"),
    ("config init", "mailing config init"),
    (
        "users create",
        "mailing users create zoe@example.org --role manager --password-file password",
    ),
    ("users list", "mailing users list"),
    (
        "users roles",
        "mailing users roles ann@example.org --add manager",
    ),
    (
        "users block",
        "mailing users block bob@example.org --reason 'Sends spam' --yes",
    ),
    (
        "users unblock",
        "mailing users unblock eve@example.org --yes",
    ),
    (
        "users reset-password",
        "mailing users reset-password ann@example.org --password-file password --yes",
    ),
    (
        "users reset-code",
        "mailing users reset-code bob@example.org --yes",
    ),
    ("rates list", "mailing rates list"),
    ("rates set", "mailing rates set server '100 per minute'"),
    ("rates clear", "mailing rates clear gmail.com"),
    (
        "senders add",
        "mailing senders add news@example.org --name News --as ann@example.org",
    ),
    ("senders list", "mailing senders list --as ann@example.org"),
    (
        "senders verify",
        "mailing senders verify ann@example.org --as ann@example.org",
    ),
    (
        "senders resend",
        "mailing senders resend waiting@example.org --as ann@example.org",
    ),
    (
        "senders remove",
        "mailing senders remove waiting@example.org --as ann@example.org",
    ),
    (
        "recipients add",
        "mailing recipients add eve@example.org --name Eve --as ann@example.org",
    ),
    (
        "recipients list",
        "mailing recipients list --as ann@example.org",
    ),
    (
        "recipients import",
        "mailing recipients import people.csv --list Readers --as ann@example.org --yes",
    ),
    (
        "recipients imports",
        "mailing recipients imports --as ann@example.org",
    ),
    (
        "recipients export",
        "mailing recipients export --as ann@example.org -o people-today.csv",
    ),
    (
        "recipients suppress",
        "mailing recipients suppress rude@example.org --as ann@example.org --yes",
    ),
    (
        "recipients suppressions",
        "mailing recipients suppressions --as ann@example.org",
    ),
    ("lists list", "mailing lists list --as ann@example.org"),
    (
        "lists create",
        "mailing lists create Partners --as ann@example.org",
    ),
    (
        "lists rename",
        "mailing lists rename Friends Neighbours --as ann@example.org",
    ),
    (
        "lists add",
        "mailing lists add Friends vera@example.org --as ann@example.org",
    ),
    (
        "lists remove",
        "mailing lists remove Friends vera@example.org --as ann@example.org",
    ),
    (
        "lists delete",
        "mailing lists delete Friends --as ann@example.org --yes",
    ),
    (
        "messages create",
        "mailing messages create --subject News --body-file news.md --attach people.csv \
         --as ann@example.org",
    ),
    (
        "messages edit",
        "mailing messages edit MESSAGE --subject 'Spring news' --as ann@example.org",
    ),
    (
        "messages attach",
        "mailing messages attach MESSAGE news.md --as ann@example.org",
    ),
    (
        "messages detach",
        "mailing messages detach ATTACHED people.csv --as ann@example.org",
    ),
    (
        "messages history",
        "mailing messages history MESSAGE --as ann@example.org",
    ),
    (
        "messages restore",
        "mailing messages restore MESSAGE 1 --as ann@example.org",
    ),
    (
        "messages delete",
        "mailing messages delete ATTACHED --as ann@example.org --yes",
    ),
    (
        "messages undelete",
        "mailing messages undelete THROWN --as ann@example.org",
    ),
    (
        "messages list",
        "mailing messages list --as ann@example.org",
    ),
    (
        "messages show",
        "mailing messages show MESSAGE --as ann@example.org",
    ),
    (
        "messages preview",
        "mailing messages preview MESSAGE --part text --as ann@example.org",
    ),
    (
        "messages test",
        "mailing messages test MESSAGE --to me@example.org --as ann@example.org",
    ),
    (
        "mailings create",
        "mailing mailings create --message MESSAGE --all --start 2099-01-31T09:00 \
         --repeat monthly --as ann@example.org",
    ),
    (
        "mailings list",
        "mailing mailings list --as ann@example.org",
    ),
    (
        "mailings show",
        "mailing mailings show MAILING --as ann@example.org",
    ),
    (
        "mailings forecast",
        "mailing mailings forecast MAILING --limit 3 --as ann@example.org",
    ),
    (
        "mailings launch",
        "mailing mailings launch DRAFT --as ann@example.org",
    ),
    (
        "mailings pause",
        "mailing mailings pause MAILING --as ann@example.org",
    ),
    (
        "mailings resume",
        "mailing mailings resume PAUSED --as ann@example.org",
    ),
    (
        "mailings finish",
        "mailing mailings finish MAILING --as ann@example.org",
    ),
    (
        "mailings edit",
        "mailing mailings edit MAILING --name 'Winter news' --as ann@example.org",
    ),
    (
        "mailings reopen",
        "mailing mailings reopen FINISHED --as ann@example.org",
    ),
    (
        "mailings duplicate",
        "mailing mailings duplicate MAILING --name Copy --as ann@example.org",
    ),
    (
        "mailings delete",
        "mailing mailings delete MAILING --as ann@example.org --yes",
    ),
    (
        "mailings undelete",
        "mailing mailings undelete DELETED --as ann@example.org",
    ),
    (
        "mailings disable",
        "mailing mailings disable MAILING --reason 'Recipients complain' --yes",
    ),
    ("mailings enable", "mailing mailings enable DISABLED --yes"),
    ("posts list", "mailing posts list --shelf drafts"),
    (
        "posts publish",
        "mailing posts publish ARTICLE --at 2099-01-31T09:00:00Z",
    ),
    ("posts unpublish", "mailing posts unpublish PUBLISHED --yes"),
    ("runs list", "mailing runs list --open --as ann@example.org"),
    ("runs show", "mailing runs show RUN --as ann@example.org"),
    ("runs watch", "mailing runs watch RUN --as ann@example.org"),
    (
        "runs retry",
        "mailing runs retry RUN --failed --as ann@example.org --yes",
    ),
    (
        "deliveries explain",
        "mailing deliveries explain vera@example.org --run RUN --as ann@example.org",
    ),
    (
        "deliveries list",
        "mailing deliveries list --run RUN --as ann@example.org",
    ),
];

/// The whole tree with an example at each command.
pub(crate) fn added_to(tree: Command) -> Command {
    at(tree, "")
}

fn at(command: Command, path: &str) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let command = names.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}");
        command.mut_subcommand(name, |command| at(command, path.trim()))
    });
    match EXAMPLES.iter().find(|(of, _)| *of == path) {
        Some((_, example)) => command.after_help(format!("Example:\n  {example}")),
        None => command,
    }
}
