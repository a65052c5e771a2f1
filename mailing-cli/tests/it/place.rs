//! A folder of its own with the command in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The owner of most tests.
pub(crate) const ANN: &str = "ann@example.org";

/// A folder of its own; the command works in it with nothing of the caller's environment.
pub(crate) struct Place {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    /// A folder with a SQLite database to be made, and an outbox.
    pub(crate) fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            environment: Vec::new(),
        };
        place.with("MAILING_MAIL__URL", "file://outbox/")
    }

    /// As [`new`](Self::new), with an owner.
    pub(crate) fn with_owner() -> Self {
        let place = Self::new();
        place.user(ANN);
        place
    }

    /// As [`with_owner`](Self::with_owner), with two recipients and a message, whose id is given.
    pub(crate) fn furnished() -> (Self, String) {
        let place = Self::with_owner();
        place.import("email,full_name\nboris@example.org,Борис\nvera@example.org,Вера\n");
        let id = place.message("Hello {{ recipient.full_name }}", "The garden is open.\n");
        (place, id)
    }

    /// The same folder under one more setting.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a variable for the commands to come.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// The folder's files as they are on disk now, in a folder of their own, under the same settings.
    pub(crate) fn copied(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Self {
            folder,
            environment: self.environment.clone(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command with the words of `line`; what stands between single quotes is one word.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailing"));
        command
            .args(words(line))
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, line: &str) -> Said {
        Said::of(self.command(line).output().unwrap())
    }

    /// Runs the command with this on its standard input.
    pub(crate) fn feed(&self, line: &str, input: impl AsRef<[u8]>) -> Said {
        let mut child = self
            .command(line)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that refuses early reads no input: that is no fault of the test's.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        Said::of(child.wait_with_output().unwrap())
    }

    /// Makes a user.
    pub(crate) fn user(&self, email: &str) {
        self.feed(
            &format!("users create {email} --password-file -"),
            "crooked teapot sings 7\n",
        )
        .ends(0);
    }

    /// Imports recipients of the owner from this CSV text.
    pub(crate) fn import(&self, csv: &str) -> Said {
        self.feed(
            &format!("recipients import - --as {ANN} --rejects rejects.csv --yes --json"),
            csv,
        )
        .ends(0)
    }

    /// Writes a Markdown message of the owner and gives its id.
    pub(crate) fn message(&self, subject: &str, body: &str) -> String {
        let line = format!("messages create --as {ANN} --subject '{subject}' --body-file - --json");
        self.feed(&line, body).ends(0).id()
    }

    /// Plans a mailing of the owner and gives its id.
    pub(crate) fn mailing(&self, message: &str, rest: &str) -> String {
        let line = format!("mailings create --as {ANN} --message {message} --json {rest}");
        self.run(&line).ends(0).id()
    }

    /// The mail in the outbox, as it went out, by name of file.
    pub(crate) fn outbox(&self) -> Vec<Vec<u8>> {
        mails(&self.path("outbox"))
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            fs::File::open(&target).unwrap().sync_all().unwrap();
        }
    }
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Sees that it ended with this exit code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Sees that this stands somewhere on standard error.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "{text:?} not in {self:#?}");
        self
    }

    /// Standard output as one object.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// Standard output as JSON lines.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).unwrap();
        self.out.lines().map(line).collect()
    }

    /// The `id` of the object that was printed.
    #[track_caller]
    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }

    /// The error object of `--json`, the last line of standard error.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let line = self.err.lines().last().unwrap_or_default();
        let whole: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:#?}"));
        whole["error"].clone()
    }

    /// The codes of the error object's fields, as `field code`.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<String> {
        let error = self.error();
        let fields = error["fields"].as_array().unwrap();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        fields
            .iter()
            .map(|field| format!("{} {}", word(&field["field"]), word(&field["code"])))
            .collect()
    }
}

/// The `.eml` files of a folder and of those in it, by name.
fn mails(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .flat_map(|path| {
            if path.is_dir() {
                mails(path)
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                vec![fs::read(path).unwrap()]
            } else {
                Vec::new()
            }
        })
        .collect()
}

fn words(line: &str) -> Vec<String> {
    line.split('\'')
        .enumerate()
        .flat_map(|(index, part)| {
            if index % 2 == 1 {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}
