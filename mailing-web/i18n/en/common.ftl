# Words of the frame around every page.
brand = Mailing
skip-to-content = Skip to content
menu-label = Main menu
menu-open = Menu
menu-close = Close
menu-overview = Overview
menu-recipients = Recipients
menu-mailings = Mailings
menu-log = Log
menu-users = Users
menu-all-mailings = All mailings
menu-deeds = Audit
menu-audit = Audit log
menu-mine = Mine
sign-in = Sign in
sign-out = Sign out
theme-dark = Dark theme
theme-light = Light theme
footer = Runs on your own server. No third-party scripts, no tracking.
demo-label = Demo
demo-banner = This is a demo: nothing is sent outside.
demo-outbox = Read the mail it sends

title-with-error = Error: { $title }
check-fields = { $n ->
    [one] Check one field
   *[other] Check { $n } fields
}
save = Save
saved = Saved.
edit = Edit
delete = Delete
cancel = Cancel
keep = Keep it
undo = Undo
optional = (optional)
pair-date = Date
pair-time = Time
filters-apply = Search
bulk-apply = Apply
bulk-row = Select { $name }
steps-label = Steps
question-happens = What will happen:
nothing-found = Nothing found
clear-filters = Clear filters
refresh = Refresh
live-lost = The connection to the service is lost. This is how it stood at { $at }. We keep trying.
live-back = The connection is back.
forecast-lost = The service does not answer: the forecast does not know your last change. “Recalculate” asks again.
autosave-lost = The service does not answer: your last changes are on this page only. Leave it open; we keep trying.
autosave-refused = Your last changes could not be kept and are on this page only. “Save” says why.
server-reply = Server reply
saved-version = The saved version

pager-label = Pages
pager-shown = { $n ->
    [one] { $n } row shown
   *[other] { $n } rows shown
}
pager-first = To the start
pager-next = Next { $n }

count-recipients = { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
}
erased-address = erased address
erased-user = deleted account
