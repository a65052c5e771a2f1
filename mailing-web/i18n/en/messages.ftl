menu-messages = Messages
messages-new = New message
messages-col-subject = Subject
messages-col-used = Used in
messages-col-saved = Saved
messages-empty-title = No messages yet
messages-empty-text = A message is what your recipients read: a subject and a text. Write one, look at it, send it to yourself, then plan a mailing.
message-subject-hint = Phones show about 40 characters.
format-markdown = Markdown
format-html = HTML
message-lead = Saved { $when }. { $n ->
    [0] Not used in a mailing yet.
    [one] Used in { $n } mailing.
   *[other] Used in { $n } mailings.
}
message-autosaved = What you typed is kept since { $time }.
message-unsaved = This was typed { $when } and is not saved yet. What is sent is the saved version.
message-discard = Drop it…
ask-discard-title = Drop what you typed into “{ $subject }”?
ask-discard-happens = The message is again as it was saved { $when }. What was typed since then is gone.
ask-discard-do = Drop it
ask-discard-keep = Keep it
message-conflict = The message was changed { $when } in another window. Your text is below, nothing is lost. Saving replaces what is shown here.
message-saved = The message is saved.
message-save-and-send = Save and send…
message-deleted = “{ $subject }” is deleted. It stays in the trash for 30 days.
message-undeleted = The message is back.
message-discarded = What was typed and not saved is dropped.
message-restored = Version { $n } is restored as version { $as }.
message-test-sent = { $n ->
    [one] The test message is on its way.
   *[other] { $n } test messages are on their way.
}
message-variables = Variables
message-own-text = Plain text part
message-text-hint = For readers without HTML. Empty: we make it from the text above.
message-preview = Preview
message-test = Test message
message-test-hint = To your own address or up to five; 20 a day. The message is saved first.
message-test-send = Send
message-used = Used in
message-delete = Delete message
message-history = History
message-history-lead = Each save makes a version. A run keeps the version it was started with.
message-col-version = Version
message-version = Version { $n }
message-current = newest
message-restore = Restore this version
preview-html = Mail
preview-text = Text
preview-recipient = Recipient…
preview-search = Whose mail to show
preview-as = As { $name } gets it.
preview-choose = Show
variable-full-name = Full name; the word in quotes where there is none
variable-email = Address
variable-attribute = An attribute of the recipient, here “city”
variable-unsubscribe = Link to unsubscribe; we add one below the text if you do not
variable-mailing = Name of the mailing
variable-sender = Your name as the sender
count-mailings = { $n ->
    [one] { $n } mailing
   *[other] { $n } mailings
}
files-title = Attachments
files-lead = { $n ->
    [0] No files yet. What you typed into the message is kept.
    [one] { $n } file, { $size } of { $max }.
   *[other] { $n } files, { $size } of { $max }.
}
files-hint = At most { $n } files, { $max } together. Not programs and web pages: mail servers refuse them.
files-attach = Attach
files-attach-link = Attach files…
files-change = Change…
files-remove = Remove
files-back = Back to the message
files-attached = { $n ->
    [one] The file is attached.
   *[other] { $n } files are attached.
}
files-removed = “{ $name }” is removed.
files-kilobytes = { $n } kB
files-megabytes = { $n }.{ $tenth } MB
