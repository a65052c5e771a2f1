# Import: a file becomes recipients.
recipients-import = Import
import-title = Import recipients
import-step-file = File
import-step-columns = Columns
import-step-check = Check and import
import-file-hint = CSV with one row for each recipient, up to { $megabytes } MB. From Excel: Save as, “CSV UTF-8”.
import-template = Download a template
import-template-email = email
import-template-name = full name
import-template-comment = comment
import-template-town = city
import-template-example = Anna Kuznetsova
import-template-separator = ,
import-pasted-hint = Copied from a spreadsheet, or one address a line. Used when no file is chosen.
import-pasted-rows = Pasted rows
import-agreed = Import only people who agreed to get your mail. Whoever unsubscribed before stays unsubscribed.
import-next = Continue
import-nothing-yet = Nothing is imported yet.
import-before = Imported before
import-col-when = When
import-col-state = State
import-col-sums = Result
import-col-do = Action
import-was-running = Running or interrupted
import-was-finished = Imported
import-was-undoing = Being undone
import-was-undone = Undone
import-sums = { $added } added, { $updated } updated, { $skipped } already there, { $rejected } with errors
import-undo-of = Undo the import of { $when }
import-columns-title = What is in each column?
import-columns-lead = { $rows ->
    [one] { $name }, { $rows } row, { $encoding }, separator { $sign }
   *[other] { $name }, { $rows } rows, { $encoding }, separator { $sign }
}
import-sign-comma = “,”
import-sign-semicolon = “;”
import-sign-tab = tab
import-sign-bar = “|”
import-column-number = Column { $number }
import-col-column = Column in the file
import-col-values = First values
import-col-target = Import as
import-target-of = Import “{ $name }” as
import-required = Required
import-to-nothing = Do not import
import-to-email = E-mail
import-to-full-name = Full name
import-to-comment = Comment
import-to-recipient-state = State
import-to-recipient-attributes = Attributes as JSON
import-to-attribute = Attribute “{ $key }”
import-reading = The letters or columns look wrong?
import-reading-hint = Say in what the file is written and what separates its columns.
import-delimiter-comma = Comma
import-delimiter-semicolon = Semicolon
import-delimiter-tab = Tab
import-delimiter-bar = Vertical bar
import-look = Read again
import-mode = If an address is already there
import-mode-skip = Skip the row
import-mode-update = Update name and attributes
import-mode-update-note = Unsubscribes and suppressions never change.
import-list = Add everyone to a list
import-no-list = No list
import-new-list = Or to a new list
import-check = Check
import-another = Another file
import-checking-title = Checking the rows
import-importing-title = Importing
import-progress = { $read } of { $rows } rows
import-goes-on = You may leave this page: the import goes on by itself.
import-checked-title = Check and import
import-checked-lead = { $rows ->
    [one] { $rows } row checked: { $added } new, { $known } already there, { $rejected } with errors.
   *[other] { $rows } rows checked: { $added } new, { $known } already there, { $rejected } with errors.
}
import-done-title = Imported
import-done-lead = { $name }: { $added } new, { $known } already there, { $rejected } with errors.
import-is-undone = This import was undone.
import-failed-title = This file cannot be imported
import-numbers = Rows
import-will-be-added = Will be added
import-will-be-updated = Will be updated
import-will-be-skipped = Stay as they are
import-will-be-rejected = With errors
import-were-added = Added
import-were-updated = Updated
import-were-skipped = Stayed as they were
import-were-rejected = With errors
import-rejects = Rows with errors
import-col-line = Line
import-col-reason = What is wrong
import-col-raw = The row
import-more-rejects = And { $n } more.
import-rejects-file = Download all rows with errors (CSV)
import-rejects-first = Download the first { $n } rows with errors (CSV)
import-rejects-left-out = { $n ->
    [one] { $n } more row with errors is not kept.
   *[other] { $n } more rows with errors are not kept.
}
import-start = Import { $n }
import-change = Change the columns
import-nothing-new = There is nothing to import.
import-to-recipients = To the recipients
import-earlier = This very file was imported before, { $when }.
import-undo = Undo the import
import-undo-link = Undo the import…
import-undo-ask = Undo the import of { $when }?
import-undo-added = { $n ->
    [one] { $n } recipient that it added goes into the trash.
   *[other] { $n } recipients that it added go into the trash.
}
import-undo-updated = { $n ->
    [one] { $n } recipient that it changed becomes what it was.
   *[other] { $n } recipients that it changed become what they were.
}
import-undo-list = Whoever it put into the list “{ $list }” leaves it.
import-undo-kept = Recipients that were changed since stay as they are. An import that was undone does not come back: import the file again.
import-undo-until = Possible until { $when }.
import-undone = The import is undone: { $removed } removed, { $restored } as before, { $kept } changed since and kept.
import-undoing = The import is being undone. This takes a while for so many recipients.
