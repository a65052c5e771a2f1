mailings-tabs-label = Mailings by state
mailings-tab-all = All
mailings-tab-running = Running
mailings-tab-created = Created
mailings-tab-draft = Drafts
mailings-tab-paused = Paused
mailings-tab-disabled = Disabled
mailings-tab-finished = Finished
mailings-col-name = Mailing
mailings-col-state = State
mailings-col-next = Next send
mailings-none-here = There are no mailings in this state.
mailings-empty-title = No mailings yet
mailings-empty-text = Your mailings will stand here: what they are doing, when they send next, what came of each run.

mailing-disabled = A manager disabled this mailing on { $when }: { $reason } Nothing more is sent. If you disagree, write to the administrator.
mailing-runs = Runs
mailing-no-runs = Nothing sent yet. Every run will stand here with its numbers.
runs-col-when = When
runs-col-state = Outcome
runs-col-delivered = Delivered
runs-col-failed = Failed

forecast-title = Forecast
forecast-none = Nothing more is planned.
forecast-held = The calendar says so, but nothing is sent while the mailing is held.
forecast-more = And so on.
forecast-note-gap = clocks go forward
forecast-note-fold = clocks go back
forecast-note-month-end = last day of the month
forecast-note-merged = several at once

mailings-new = Create mailing
mailings-col-last = Last run
mailing-back = To the mailing
mailing-message = Message
mailing-edit = Edit
mailing-review = Review
mailing-launch = Launch mailing
mailing-keep-draft = Save draft
mailing-pause = Pause
mailing-resume = Resume
mailing-ask-send = Send now…
mailing-finish = Finish early…
mailing-reopen = Reopen
mailing-duplicate = Duplicate
mailing-delete = Delete…
mailing-copy-name = { $name } (copy)
mailing-finished-early = You finished this mailing early on { $when }. What was not sent by then stays unsent.
mailing-kept = The draft is saved. Nothing is sent before you launch it.
mailing-changed = The mailing is changed. It counts from the next send on.
mailing-launched = The mailing is launched. First send { $when }.
mailing-launched-now = The mailing is launched and begins to send now.
mailing-sending = Sending has begun.
mailing-paused = The mailing is paused. Nothing is sent until you resume it.
mailing-resumed = The mailing goes on.
mailing-reopened = The mailing is open again.
mailing-finished = The mailing is finished. Nothing more is sent.
mailing-deleted = “{ $name }” is deleted. It stays in the trash for 30 days.
mailing-undeleted = The mailing is back.
mailing-undeleted-held = The mailing is back and paused. Resume it when it is to send again.
mailing-duplicated = This is a draft like the other mailing. Check message, recipients and time.
mailing-conflict = The mailing was changed in another window. Your changes are below, nothing is lost. Saving replaces what is there now.
ask-send-title = Send “{ $name }” now?
ask-send-happens = It goes out at once, besides its plan. What has left cannot be called back.
ask-send-do = Send now
ask-send-keep = Do not send
ask-finish-title = Finish “{ $name }” early?
ask-finish-happens = What is being sent stops within 5 seconds. Messages that were not sent by then stay unsent.
ask-finish-do = Finish mailing
ask-finish-keep = Keep it
ask-delete-title = Delete “{ $name }”?
ask-delete-happens = What is being sent stops. The history of its runs stays, and the mailing lies in the trash for 30 days.
ask-delete-do = Delete mailing
ask-delete-keep = Keep it
ask-next = The next send would be { $when }.

mailing-what = Message and recipients
mailing-no-message = There is no message yet. Write one first: the mailing sends it.
mailing-look = View
mailing-rare = Name and rare settings
mailing-name-hint = Empty: the subject of the message.
to-all = To all active
to-lists = To lists
to-chosen = To chosen recipients
to-kept = To those chosen before, as they are
picker-search = Find recipients
picker-add = Add ticked
picker-remove = Remove
picker-remove-named = Remove { $name }
when-label = When
when-now = As soon as it is launched
when-planned = At a time, or several
window-legend = When: window { $n }
window-remove = Remove window { $n }
window-add = Add a window
window-more = More about repeating
window-end-hint = Empty: without end. Nothing is sent at or after it.
window-every-hint = Every N days, weeks, months or years.
window-weekdays-hint = For a weekly repeat; none: the day of the first send.
window-monthly-hint = For a monthly repeat.
window-cron-hint = Five fields: minute hour day month weekday.
window-exclude-hint = With a semicolon between them; nothing is sent on these.
rule-once = Once
rule-daily = Every day
rule-weekly = Every week
rule-monthly = Every month
rule-yearly = Every year
rule-cron = By a cron expression
monthly-day = On the same day
monthly-last-day = On the last day
monthly-nth = On the same weekday, counted from the start
monthly-last = On the same weekday, the last one
monthly-on = As it is: { $day }
zone-said = Local time: { $zone }.
zone-another = Another time zone
zone-hint = By its name, such as Europe/Berlin or Asia/Tokyo.
missed-run-once = Send the latest missed one
missed-run-each = Send each missed one
missed-skip = Skip them
lateness-hint = In hours; what is later is not sent.
ambiguous-leave = Leave them for me to decide
ambiguous-retry = Send them once more

forecast-again = Recalculate
forecast-unclear = Fill in the times, and the planned sends will stand here.
forecast-and = and { $n } more
plan-at-launch = As soon as it is launched, once.
plan-at-once = The first send is over and the window is open: it sends as soon as it is launched.
plan-over = Nothing is left to send: the time has passed.
plan-count = { $n ->
    [one] { $n } send.
   *[other] { $n } sends.
}
audience-each = { $recipients } each time.
audience-barred = { $recipients }; { $n } unsubscribed or suppressed, they get nothing.
audience-at-most = { $n ->
    [one] up to { $n } recipient
   *[other] up to { $n } recipients
}
audience-barred-some = { $recipients } each time; those on the suppression list get nothing.
audience-all = All recipients
audience-lists = { $n ->
    [one] List { $names }
   *[other] Lists { $names }
}
audience-chosen = Chosen recipients
quoted = “{ $name }”

review-title = Ready to launch?
review-sentence-now = “{ $name }” goes to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
} as soon as you launch it.
review-sentence-once = “{ $name }” goes to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
} { $when }. { $zone }.
review-sentence-rule = “{ $name }” goes to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
} { $when }, then { $rule }, { $more ->
    [one] { $more } more time
   *[other] { $more } more times
}. { $zone }.
review-sentence-more = “{ $name }” goes to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
} { $when }, then { $more ->
    [one] { $more } more time
   *[other] { $more } more times
}. { $zone }.
review-sentence-endless = “{ $name }” goes to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
} { $when }, then { $rule }, without end. { $zone }.
review-sentence-on = “{ $name }” goes to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
} { $when }, then on and on. { $zone }.
review-sentence-never = “{ $name }” would go to { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
}, but no send is left.
review-checks = Checks
review-message = Message
review-from = From
review-to = To whom
review-when = When
review-change = Change
review-passed = { $when } has passed.
review-send-now = Send now
review-pick-time = Pick another time
review-blocked = Correct the marked items to launch.
review-account-blocks = Your address is not verified yet: nothing can be sent
review-account-do = How to verify it
review-sender-passed = The sender's address is verified
review-sender-blocks = The sender's address is not verified
review-sender-do = How to confirm it
review-unsubscribe-passed = The message has a link to unsubscribe
review-tested-passed = A test message was sent
review-tested-warns = No test message of this version was sent
review-tested-do = Send to me
review-saved-warns = The message has changes that are not saved; the saved version goes out
review-saved-do = Look at them
review-recipients-blocks = Nobody would get it
review-recipients-do = Choose recipients
review-schedule-blocks = Nothing is left to send
review-schedule-do = Change the time
review-disabled-blocks = A manager disabled this mailing
