run-numbers = Numbers of the run
run-progress = { $done } of { $planned }
run-rate = About { $rate } a minute, done around { $when }
run-took-minutes = { $n ->
    [0] Took less than a minute
    [one] Took { $n } minute
   *[other] Took { $n } minutes
}
run-took-hours = { $n ->
    [one] Took { $n } hour
   *[other] Took { $n } hours
}
run-took-days = { $n ->
    [one] Took { $n } day
   *[other] Took { $n } days
}
run-parent = The mailing and its runs
run-lead-planned = Scheduled run, { $when }, { $zone }
run-lead-by-hand = Run by hand, { $when }, { $zone }
run-updated = Updated at { $when }.
run-heartbeat = The sending service was heard from at { $when }.
run-stalled = Nothing is being sent: the sending service was last heard from at { $when }. Messages wait; write to the administrator if this lasts.
run-no-worker = Nothing is being sent: no sending service runs. Messages wait; write to the administrator.
run-server-away = The mail server does not answer. Messages wait, next try at { $when }.
run-pause = Pause
run-retry-failed = Retry failed…
run-failed-in-log = { $n ->
    [one] The failed one in the log
   *[other] All { $n } failed in the log
}
run-doubts = { $n ->
    [one] { $n } recipient: the connection broke after the hand-over. They may or may not have the message.
   *[other] { $n } recipients: the connection broke after the hand-over. They may or may not have the message.
}
run-send-again = Send again…
run-count-delivered = Count as delivered…
run-show-doubts = Show them
run-log = Log of this run
run-causes = What gets in the way
run-no-causes = Nothing: no message was refused.
causes-col-cause = Cause
causes-col-count = Messages
causes-col-next = What happens next
run-timeline = What happened
run-last-reply = Last reply of the mail server
run-event-ended = The run has ended
run-event-frozen = Recipients and message frozen: { $n }
run-event-due = Its time came
deliveries-tabs-label = Messages by state
deliveries-tab-all = All
deliveries-col-time = Time
deliveries-col-state = State
deliveries-col-address = Address and what happened

run-missed-too-late = This run did not take place: it would have been later than the mailing allows.
run-missed-superseded = This run did not take place: a later one of the same time was sent instead.
run-missed-skipped = This run did not take place: the service was down, and the mailing skips what it missed.
run-missed-too-many = This run did not take place: more were missed than are made up for at once.
run-missed-paused = This run did not take place: the mailing was paused.
run-missed-disabled = This run did not take place: the mailing was disabled.
run-missed-owner-blocked = This run did not take place: the account was blocked.
run-missed-window-over = This run did not take place: its window was over when the service could send again.
run-missed-previous-run = This run did not take place: the one before it was still being sent.
run-paused-owner = You paused the mailing. Resume it to go on.
run-paused-manager = A manager disabled the mailing. Messages wait.
run-paused-blocked = The account is blocked. Messages wait.
run-paused-authentication = The mail server refuses our name and password. Messages wait until the administrator corrects them.
run-paused-sender = The mail server refuses the sender address. Messages wait; check the sender or write to the administrator.
run-paused-too-large = The message is larger than the mail server takes. Make it smaller and send again.
run-paused-encryption = The mail server offers no safe encryption. Messages wait until the administrator corrects it.
run-paused-relay = The mail server does not pass our mail on. Messages wait until the administrator corrects it.
run-stopped-finished-early = You finished the mailing early. What was not sent by then is cancelled.
run-stopped-deleted = The mailing was deleted. What was not sent by then is cancelled.
run-stopped-window-closed = The window closed while the run was held. What was not sent by then is cancelled.
run-stopped-bad-content = No message could be made of this text. Correct the text and send again.
run-stopped-missing-file = A file of the message is gone or damaged. Attach it again and send again.

delivery-pending = Waits for its turn.
delivery-sending = Is being handed over to the mail server.
delivery-delivered = Taken by the mail server.
delivery-cancelled = Not sent: the run was stopped.
delivery-unknown = The connection broke after the hand-over. It may or may not have arrived.
delivery-deferred = Next try at { $when } ({ $try } of { $tries }).

suppressed-unsubscribed = Not sent: the recipient unsubscribed.
suppressed-hard-bounce = Not sent: the address does not exist, as an earlier message showed.
suppressed-complaint = Not sent: the recipient reported an earlier message as spam.
suppressed-manual = Not sent: the address is on your suppression list.
suppressed-recipient-state = Not sent: the recipient is not active any more.
suppressed-deleted = Not sent: the recipient was deleted.

ask-retry-keep = Leave it
ask-retry-barred = { $n ->
    [one] { $n } recipient is on the suppression list, unsubscribed or deleted and gets nothing.
   *[other] { $n } recipients are on the suppression list, unsubscribed or deleted and get nothing.
}
ask-retry-failed-title = { $n ->
    [0] Try again, though nobody would get the message?
    [one] Try the failed message again?
   *[other] Try { $n } failed messages again?
}
ask-retry-failed-happens = { $n ->
    [one] The message goes out again in this run, as it was frozen. Whoever is on the suppression list or unsubscribed gets nothing.
   *[other] The messages go out again in this run, as they were frozen. Whoever is on the suppression list or unsubscribed gets nothing.
}
ask-retry-failed-do = Try again
ask-retry-again-title = { $n ->
    [0] Send again, though nobody would get the message?
    [one] Send the message again?
   *[other] Send { $n } messages again?
}
ask-retry-again-happens = { $n ->
    [one] Whether the first one has arrived is not known: the recipient may get the message twice.
   *[other] Whether the first ones have arrived is not known: recipients may get the message twice.
}
ask-retry-again-do = Send again
ask-retry-delivered-title = { $n ->
    [one] Count the message as delivered?
   *[other] Count { $n } messages as delivered?
}
ask-retry-delivered-happens = Nothing is sent. The run counts them as delivered from then on, and this cannot be taken back.
ask-retry-delivered-do = Count as delivered
retried-failed = { $n ->
    [0] Nothing goes out: all of these recipients are on the suppression list, unsubscribed or deleted.
    [one] The failed message goes out again.
   *[other] { $n } failed messages go out again.
}
retried-again = { $n ->
    [0] Nothing goes out: all of these recipients are on the suppression list, unsubscribed or deleted.
    [one] The message goes out again.
   *[other] { $n } messages go out again.
}
retried-delivered = { $n ->
    [one] Counted as delivered.
   *[other] { $n } messages are counted as delivered.
}

delivery-lead = Message of the run of { $when }, { $zone }
delivery-attempts = Attempts
delivery-no-attempts = Not tried yet.
delivery-planned = Next try ({ $try } of { $tries })
delivery-retry = Try again…
delivery-suppress = Stop mailing this address
delivery-links = What it belongs to
delivery-recipient = Recipient
delivery-run = Run
