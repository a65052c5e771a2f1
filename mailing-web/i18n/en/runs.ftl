run-numbers = Numbers of the run
run-progress = { $done } of { $planned }
run-title = Run of { $when }
run-lead-planned = Scheduled, { $zone }
run-lead-by-hand = Sent by hand, { $zone }
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
run-deliveries = Messages
run-no-deliveries = No messages here yet.
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
