# A text for every code of mailing-core/src/code.rs: what is wrong, where, and what to do.

code-not-found = There is no such thing here, or it is not yours. Check the address or the id.
code-denied = Your role does not allow this. If you need it, write to the administrator.
code-signed-out = Nobody is signed in. Sign in and repeat.
code-changed-meanwhile = Somebody changed it after you opened it. Open it again and repeat your change.
code-too-many-requests = Too many requests within a minute. Go on in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
code-internal = A fault on our side. Try again in a minute; if it stays, give the request number to support.
code-required = This is missing. Fill it in.
code-too-long = Too long: { $length ->
    [one] { $length } character
   *[other] { $length } characters
}, at most { $max } fit. Shorten it.
code-control-character = There is an invisible control character in the text, such as a line break. Remove it or type the text by hand.
code-markup-tangled = The HTML in the text has too many tags, or they are nested too deeply or not closed in order. Simplify it.

code-store-unavailable = The database does not answer. Nothing is lost; check that it runs and try again.
code-store-busy = The database is busy with another process. Try again in a few seconds.
code-store-read-only = The database cannot be written. Check the rights on its file and folder.
code-store-newer = The database was made by a newer version of Mailing. Start that version or restore a copy made before the upgrade.
code-store-outdated = The database was made by an older version of Mailing and lacks { $pending } { $pending ->
    [one] migration
   *[other] migrations
}. Make a copy of it, then run “mailing migrate”.
code-store-url = The address of the database cannot be read. Write sqlite://file.db or postgres://user@host/database.
code-store-unreachable = The database server does not answer at this address. Check that PostgreSQL runs, and the host and port in the settings.
code-store-refused = The database server refuses the user or the password. Check both in the settings.
code-store-no-database = The database server has no such database. Create it with “createdb” or correct its name in the settings.
code-store-no-folder = The folder of the database file { $path } does not exist. Create it or choose another place.
code-store-not-writable = The database file { $path } cannot be written. Check the rights on the file and its folder.
code-store-locked = The database file { $path } is locked by another process. End that process or wait until it is done, then try again.
code-store-not-a-database = The file { $path } is not a database of Mailing, or it is damaged. Choose another file or restore a copy.
code-store-corrupt = A stored row cannot be read: table { $table }, column { $column }, row { $id }. Restore a copy or correct the row.
code-store-full = The disk with the database is full. Free some space and try again.
code-store-damaged = The database file is damaged. Nothing is sent or written any more, so that no more of it is lost. Stop Mailing, keep a copy of the file, and restore your last backup.

code-address-no-at = The address has no “@”. Write it as name@example.com.
code-address-local = The part before “@” is not allowed in an address. Check it for spaces, double dots and stray signs.
code-address-domain = The part after “@” is not a domain. Write it as example.com.
code-address-too-long = The address is too long: at most 254 characters, of them 64 before “@”.
code-address-ip = The part after “@” is an IP address. Write the name of a domain, such as example.com.
code-address-no-dot = The part after “@” has no dot. Write the whole domain, such as example.com.

code-attribute-key = “{ $key }” cannot be the name of an attribute. Use up to 63 Latin letters, digits and “_”, no digit first.
code-attribute-twice = The attribute “{ $key }” is given twice. Keep one of the two.
code-attribute-too-many = Too many attributes: a recipient has at most { $max }. Remove some.
code-attribute-nested = The attribute “{ $key }” is a list or an object. Give a text, a number, true or false.
code-attribute-shape = Attributes are written as an object of names and values: {"{"}"city": "Perm"{"}"}.

code-import-unreadable = The file cannot be read. Check that it is there and that you may open it.
code-import-no-file = Choose a file, or paste rows.
code-import-empty = The file is empty. Choose a CSV file with one row for each recipient.
code-import-file-too-large = The file is larger than { $max } bytes. Split it and import the parts.
code-import-too-many-rows = There are more than { $max } rows; what stands before line { $line } was read. Split the file and import the rest.
code-import-too-many-columns = There are more than { $max } columns. Leave only those that you need.
code-import-not-text = This is no text but perhaps a workbook or an archive. Save it as CSV and import that.
code-import-encoding = The row is not in { $encoding } like the file. Type its letters again or remove them.
code-import-unknown-encoding = There is no encoding “{ $name }” here. Try utf-8, utf-16le or windows-1251.
code-import-too-many-cells = The row has { $cells } cells, the header { $columns }. Check it for a stray delimiter; a cell that holds one must be quoted.
code-import-cell-too-long = A cell is longer than { $max } bytes. Shorten it.
code-import-line-too-long = The row is longer than { $max } bytes. Shorten it.
code-import-unclosed-quote = A quote (") opens in this row and is never closed. Close it or remove it.
code-import-duplicate = This address is in line { $line } already. Remove one of the two.
code-import-no-email-column = No column holds e-mail addresses; the file has: { $columns }. Name one “email”, or say which one it is.
code-import-unknown-column = There is no column “{ $column }”; the file has: { $columns }. Give a name or a number from 1.
code-import-map-syntax = “{ $part }” says no column. Write it as email=2,full_name=1.
code-import-target-twice = Two columns are to become “{ $target }”. Keep one.
code-import-too-many-files = { $max } of your files are being checked or imported. Wait until one is done.
code-import-rejects-left-out = { $count ->
    [one] From this line on { $count } more row with errors is left out here. Mend the file and check it again.
   *[other] From this line on { $count } more rows with errors are left out here. Mend the file and check it again.
}
code-import-taken-over = Another process is working on this import. What it has done stays; look at the list of imports.
code-import-undone = This import was undone before.
code-import-undo-too-late = An import can be undone for { $hours } hours, and these are over.
code-export-running = Another export is still being prepared. Wait for it, or cancel it.

code-message-unknown-variable = Line { $line }, column { $column }: there is no variable “{ $name }”. Perhaps you meant “{ $nearest }”.
code-message-bad-placeholder = Line { $line }, column { $column }: “{ $text }” is no variable. Write {"{{ recipient.full_name }}"} or {"{{ recipient.full_name | default(\"friend\") }}"}.
code-message-too-many-variables = There are more than { $max } variables in the text. Use fewer.
code-message-body-empty = There is nothing to read in the message. Write its text.
code-message-body-too-large = The text is too large: { $length } bytes, at most { $max } fit. Shorten it; put pictures on a web server.
code-message-output-too-large = Filled with this recipient’s values the message is larger than { $max } bytes. Use fewer variables or shorten the values.
code-message-body-tangled = The HTML has too many tags, or they are nested too deeply or not closed in order. Simplify it; scripts, forms and drawings do not belong into mail.

code-schedule-end-before-start = The end is not later than the start, { $start }. Choose a later end or clear it.
code-schedule-unknown-zone = There is no time zone “{ $zone }”. { $nearest ->
    [none] Write it like Europe/Berlin.
   *[other] Perhaps you mean: { $nearest }.
}
code-schedule-unreadable-time = “{ $text }” is not a date and time. Write it like { $example }, in the local time of the chosen zone.
code-schedule-unreadable-clock = “{ $text }” is not a time. Write it like { $example }.
code-schedule-unreadable-date = “{ $text }” is not a date. Write it like { $example }.
code-schedule-unreadable-instant = “{ $text }” is not a moment in time. Write it like { $example }.
code-schedule-impossible-date = There is no such date: { $text }. { $days ->
    [0] Months are numbered 01 to 12.
   *[other] This month has { $days } days.
}
code-schedule-impossible-time = There is no such time: { $text }. Hours go from 00 to 23, minutes and seconds from 00 to 59.
code-schedule-part-of-second = Times are whole seconds. Leave the fraction out.
code-schedule-year-out-of-range = The year is too far away. Choose one from { $min } to { $max }.
code-schedule-out-of-range = { $value } does not fit. Choose a number from { $min } to { $max }.
code-schedule-unknown-word = “{ $text }” is not known here. Possible: { $allowed }.
code-schedule-not-with-repeat = This does not belong to the repeat “{ $repeat }”, only to: { $belongs_to }. Leave it out or change the repeat.
code-schedule-day-and-nth-weekday = A month has either a day or a weekday by number. Leave one of the two out.
code-schedule-too-many-dates = { $count } dates are too many: at most { $max } can be left out. Shorten the list.
code-schedule-too-many-windows = { $count } windows are too many: a mailing has at most { $max }. Remove some.
code-schedule-never-fires = By this rule nothing is ever sent. Check the dates, the end and the excluded days.
code-schedule-unreadable-spec = The schedule cannot be read: { $what }.
code-schedule-cron-fields = A cron expression has five fields: minute, hour, day, month, weekday. Here there are { $count }. Example: 0 9 * * mon-fri.
code-schedule-cron-unreadable = “{ $item }” in the field “{ $part_of }” cannot be read. A field is a list of: *, 5, 1-5, */2, 1-10/3; three-letter names stand for months and weekdays, L for the last day.
code-schedule-cron-out-of-range = “{ $item }” in the field “{ $part_of }” does not fit. Numbers go from { $min } to { $max }.
code-schedule-cron-backwards = The range “{ $item }” in the field “{ $part_of }” runs backwards. Write { $instead }.
code-schedule-cron-step = The step in “{ $item }” of the field “{ $part_of }” is 0. The smallest step is 1.

code-unknown-value = “{ $value }” is not one of the known values. Check the spelling.

code-user-exists = There is an account with this address already. Sign in with it or choose another address.
code-password-wrong = This is not your password.
code-second-factor-code = This is not the code. Type the one that the app shows now, or a recovery code that you have not used.
code-second-factor-on = Sign-in by code is on already.
code-word-wrong = Another word stands here. Type the one that is asked for.
code-country-unknown = There is no such country in the list. Choose another one, or “Not given”.
code-user-same-address = The account has this address already. Type the new one.
code-sender-verified = The sender is confirmed already.
code-sender-in-use = Mailings are sent from this address. Give them another sender first.
code-sender-limit = There can be at most { $max } senders. Remove one first.
code-user-verified = Your address is confirmed already.
code-user-not-verified = Your address is not confirmed yet, so nothing can be sent. Open the link in the mail that we sent you.
code-user-blocked = This account is blocked: { $reason } If you disagree, write to the administrator.
code-user-owner-not-named = Whose things are meant? Name the owner with --as and the address.
code-user-unknown = There is no account with the address { $email }. Check the spelling.
code-user-yourself = You cannot do this to your own account. Ask another administrator.
code-registration-closed = Nobody makes an account here by themselves. Write to the administrator.
code-user-last-administrator = This is the last administrator. Give the role to somebody else first.
code-user-administrator = A manager neither blocks an administrator nor takes the block away. Take the role away first, or do it in the console.
code-user-blocked-already = This account is blocked already.
code-user-not-blocked = This account is not blocked.
code-sign-in-failed = Address or password is wrong. Check both and try again.
code-sign-in-throttled = Too many failed tries. Try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
code-sign-in-busy = Too many people are signing in at this moment. Try again in a few seconds.
code-password-too-short = The password is too short: at least 12 characters. A sentence is easy to remember.
code-password-too-long = The password is too long: at most 128 characters.
code-password-common = This password is easily guessed. Take several words that do not belong together.

code-sender-not-verified = This sender address is not confirmed yet. Confirm it first, or choose another sender.
code-sender-exists = You have a sender with this address already.
code-sender-unknown = You have no such sender. Choose one of your own.
code-sender-missing = You have no sender yet. Add the address that your mail comes from.

code-recipient-exists = You have a recipient with this address already.
code-recipient-unknown = You have no recipient with the address { $email }. Add it first or check the spelling.
code-list-exists = You have a list with this name already. Choose another name.
code-recipient-in-trash = A recipient with this address is in the trash. Take it out of there, or give another address.
code-list-in-use = Mailings use this list: { $mailings }. Choose another list in them, or finish them.
code-list-unknown = You have no list named “{ $name }”. Check the spelling or make the list first.
code-suppression-exists = Nothing is sent there already: it is on your suppression list.
code-suppression-of-recipient = The recipient wanted no more mail. Only the recipient can take that back, by the link in a message.

code-attachment-empty = “{ $name }” is empty. Choose a file with something in it.
code-attachment-type = “{ $name }” is a program or a web page, and mail servers refuse such files. Send a PDF, or put it into a ZIP archive.
code-attachment-too-large = The files are too large for a message: { $length } bytes together, at most { $max } fit. Put large ones on a web server and link to them.
code-attachment-too-many = A message can have at most { $max } files.
code-message-unknown = You have no such message. Choose one of your own.
code-message-in-use = The message is used by { $count ->
    [one] { $count } mailing
   *[other] { $count } mailings
}: { $mailings }. Choose another message there first.
code-test-addresses = A test goes to at most { $max } addresses. Leave some out.
code-test-limit = You have sent { $max } tests within a day. The next one is possible in { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}.

code-mailing-no-recipients = Nobody would get this mailing. Add active recipients or choose other lists.
code-mailing-too-many-chosen = Too many recipients are picked one by one: at most { $max }. Put them on a list instead.
code-mailing-window-twice = This window is the same as window { $window }. Change one of them, or remove it.
code-mailing-window-start-in-past = { $start } has passed, it is { $now } already. Send now or pick another time.
code-mailing-unknown-chosen = Some of the chosen recipients are not there any more. Choose them again.
code-mailing-nothing-left = Nothing would be sent any more: every send of this schedule has passed. Choose a later start or end.
code-mailing-lateness = A send may be at most { $max_hours } hours late, and not less than none. Change the limit.
code-mailing-state = { $event ->
    [launched] Only a draft can be launched
    [paused] Only a launched mailing that is not paused can be paused
    [resumed] Only a paused mailing can be resumed
    [finished_by_owner] Only a launched mailing can be finished early
    [reopened] Only a finished mailing can be reopened
    [disabled] The mailing is disabled already
    [enabled] Only a disabled mailing can be enabled
    [retried] Nothing can be sent again while a manager has stopped the mailing
    [send_now] Only a launched mailing that nobody holds can be sent now
   *[other] The mailing’s state does not allow this
}; this one is { $status ->
    [draft] a draft
    [created] launched and waiting for its first send
    [running] running
    [paused] paused
    [disabled] disabled
    [finished] finished
   *[other] in another state
}.
code-mailing-sent-just-now = This mailing was sent at this very moment already. Look at its runs before you send again.
code-run-state = Only a run that is being sent, is held or has ended can be retried; this one { $state ->
    [due] waits for its start
    [freezing] is being prepared
    [missed] did not take place
    [stopping] is being stopped
    [deleted] belongs to a deleted mailing
   *[other] is in another state
}.
code-run-nothing-to-retry = No delivery of this run is in that state. Look at its deliveries first.

# Contacts
code-phone = This is no phone number. Write it in digits, such as +44 20 7946 0958, or leave the field empty.
code-feedback-too-fast = The form came back faster than anybody could fill it in. Your input is kept: send it once more.

code-rate-not-understood = Write a rate as a number and a time: “100 per minute”, “10 per second”, “5000 per hour”, “20000 per day”, or “unlimited”.
code-rate-zero = At a rate of zero nothing would ever be sent. Write a number from 1 on, or “unlimited”; to stop sending, pause the mailings.
code-rate-negative = A rate cannot be negative. Write a number from 1 on.
code-rate-too-high = That is faster than anything can send. The highest rate is { $max } per second; without a limit, write “unlimited”.
code-rate-target = Write “server”, the address of a user, or a domain such as gmail.com.

# Configuration
code-config-unknown-key = There is no such setting. Did you mean { $nearest }?
code-config-bad-value = This value cannot be used. Expected: { $expected }.
code-config-file-unreadable = { $path } cannot be used: { $why }.
code-config-secret-readable = { $path } holds a secret and others can read it (mode { $mode }). Run chmod 600 on it.
code-config-unknown-scheme = “{ $scheme }:” is not known here. Known: { $known }.
code-config-feature-off = This program was built without “{ $feature }”. Take a build that has it.
code-config-mail = Mail cannot go there: { $why }.
code-config-demo-public = The demo stays on this machine. Leave this setting out, or serve without --demo.
code-config-listen = { $listen } cannot be listened on: { $why }. Stop the other program or choose another port.
code-log-days = The last day is before the first. Give a later one.
code-post-slug = The address has no letters and no digits. Leave it empty to have it made from the title.
code-post-slug-taken = Another post has this address. “{ $free }” is free.
code-post-content-empty = There is nothing to read in the post. Write its text.
code-post-content-too-large = The text is too large: { $length } bytes, at most { $max } fit. Make two posts of it.
code-post-not-published = The post is a draft already.
code-picture-too-large = The picture is too large: { $length } bytes, at most { $max } fit. Save it smaller.
code-picture-type = This is not a picture in PNG, JPEG or WebP. Save it as one of these.
code-picture-animated = This is an animation. Choose a still picture.
code-picture-too-many-pixels = The picture has { $width } × { $height } pixels, at most { $max } million fit. Scale it down.
code-picture-damaged = The picture is damaged. Save or download it again.
code-picture-slow = Reading the picture takes too long. Save it smaller or as JPEG.
code-picture-busy = Too many pictures are being worked on. Try again in a minute.
code-report-too-long = That is { $days } days; a report covers at most { $max }. Give a later first day.
code-calendar-month = “{ $value }” is not a month of the calendar. Give one such as 2026-11.
