# What the command line says.
cli-error = error:
cli-more = There is more: --after { $cursor }
cli-migrations = { $applied ->
    [one] { $applied } migration is applied
   *[other] { $applied } migrations are applied
}, { $pending } pending.
cli-config-ok = The configuration can be used.
cli-config-written = { $path } is written. Change what you need, then: mailing config check
cli-user-created = { $email } can sign in now.
cli-password-prompt = Password:
cli-sender-added = { $address } can be sent from.
cli-sender-unverified = { $address } is added. It must be verified before anything is sent from it.
cli-rate-set = { $target }: { $rate }. Workers go by it within seconds.
cli-rate-cleared = { $target }: as the configuration says.
cli-test-taken = { $to }: the mail server took it ({ $said }).
cli-test-not-taken = { $to }: not sent ({ $said }).
cli-message-created =
    The message is saved: { $id }
    Next: mailing mailings create --message { $id } --all --now
cli-mailing =
    “{ $name }”: { $status }. Next send: { $next }
    { $id }
cli-mailing-audience = { $count ->
    [one] { $count } recipient would get it now.
   *[other] { $count } recipients would get it now.
}
cli-mailing-audience-at-most = { $count ->
    [one] At most { $count } recipient would get it now.
   *[other] At most { $count } recipients would get it now.
}
cli-recipient-added = { $email } is added.
cli-imported = { $added } added, { $updated } updated, { $skipped } already there, { $rejected } rejected.
cli-import-file = { $path }: { $rows } rows, { $encoding }, delimiter “{ $delimiter }”.
cli-import-left-out = (not imported)
cli-import-checked = Checked: { $added } to add, { $updated } to update, { $skipped } already there, { $rejected } with errors. Nothing is imported yet.
cli-import-resumed = It was interrupted before and went on after line { $line }.
cli-import-earlier = This very file was imported before, at { $at } ({ $id }).
cli-import-undo-hint = To take it back within 24 hours: mailing recipients import --undo { $id }
cli-import-undone = { $removed } removed, { $restored } restored, { $kept } changed since and kept.
cli-exported = { $count } recipients written to { $path }.
cli-file-shared = Other users of this machine may open { $path } (mode { $mode }). “chmod 600” makes it yours alone.
cli-col-column = Column
cli-col-first-values = First values
cli-col-becomes = Becomes
cli-col-began = Began
cli-col-added = Added
cli-col-updated = Updated
cli-col-skipped = Already there
cli-col-rejected = With errors
import-state-running = running or interrupted
import-state-finished = finished
import-state-undoing = being undone
import-state-undone = undone
cli-import-rejects = The rejected rows are in { $path }.
cli-import-confirm = Without --yes nothing is imported from a terminal-less run. Add --yes.
cli-loaded = { $count ->
    [one] { $count } recipient is added.
   *[other] { $count } recipients are added.
}
cli-doctor-ok = ok
cli-doctor-warning = look at
cli-doctor-broken = broken
cli-doctor-subject = Mailing can send
cli-doctor-body = This is the message that you asked for with “mailing doctor --send-to”. The mail server of { $url } works.
cli-ledger-ok = The ledger is whole, counted again: { $runs ->
    [one] { $runs } run
   *[other] { $runs } runs
}, { $deliveries ->
    [one] { $deliveries } delivery
   *[other] { $deliveries } deliveries
}.
cli-ledger-broken = The ledger is broken: { $faults } differences in { $runs } runs.
cli-nothing-due = Nothing is due now.
cli-server-away = The mail server is away ({ $why }). Everything not sent stays pending.
cli-serving = Serving { $url }
cli-working = Sending what is due.
cli-draining = Stopping: messages in dialogue may end. Press again to stop at once.
cli-cutting = Stopped at once.
cli-demo =
    The demo is ready: { $url }
    Mail goes into the outbox page only. Sign in as:
cli-seeded = Demo data are made. Sign in as:
cli-col-local = Local time
cli-col-instant = UTC
cli-col-note = Note
cli-col-setting = Setting
cli-col-value = Value
cli-col-email = E-mail
cli-col-name = Name
cli-col-target = For
cli-col-rate = Rate
cli-col-roles = Roles
cli-col-verified = Verified
cli-col-id = Id
cli-col-subject = Subject
cli-col-version = Version
cli-col-used-in = Used in
cli-col-status = State
cli-col-state = State
cli-col-next = Next send
cli-col-mailing = Mailing
cli-col-planned-time = Planned for
cli-col-planned = Planned
cli-col-delivered = Delivered
cli-col-failed = Failed
cli-col-suppressed = Suppressed
cli-col-unknown = Unknown
cli-col-pending = Waiting
cli-col-number = No.
cli-col-cause = Cause
cli-col-reply = Server reply
cli-import-question = Import { $path }? [y/N]
cli-demo-seeding = Making three weeks of demo history…
cli-dry-run = Nothing is changed: this was a dry run.
cli-user-roles = { $email }: { $roles }
cli-user-block-question = Block { $email }? Sessions end and nothing more is sent. [y/N]
cli-user-blocked =
    { $email } is blocked. What this account sends stops within 5 seconds.
    To undo: mailing users unblock { $email }
cli-user-unblocked = { $email } may go on.
cli-user-password-reset = The password of { $email } is set anew. All sessions have ended.
cli-mailing-disable-question = Stop mailing { $id }? Nothing more of it is sent. [y/N]
cli-retry-failed-question = Try what failed in run { $id } again? [y/N]
cli-send-again-question = Send what ended in doubt in run { $id } again? The recipients may get it twice. [y/N]
cli-count-delivered-question = Take what ended in doubt in run { $id } for delivered? [y/N]
cli-retried-failed = { $count ->
    [one] { $count } failed delivery is tried again.
   *[other] { $count } failed deliveries are tried again.
} Next: mailing runs watch { $id }
cli-sent-again = { $count ->
    [one] { $count } delivery is sent again after a doubt, a duplicate is possible.
   *[other] { $count } deliveries are sent again after a doubt, duplicates are possible.
} Next: mailing runs watch { $id }
cli-counted-delivered = { $count ->
    [one] { $count } delivery in doubt counts as delivered.
   *[other] { $count } deliveries in doubt count as delivered.
} See it: mailing runs show { $id }
cli-send-progress = { $mailing }: { $progress }
cli-run-progress = { $state }: { $delivered } of { $planned } delivered, { $failed } failed, { $unknown } unknown, { $pending } waiting
cli-suppressed = Nothing is sent to { $target } any more.
cli-unsuppressed = { $target } is off the suppression list.
cli-explanation = { $address }, “{ $mailing }”: { $sentence }
cli-col-members = Members
cli-col-since = Since
cli-col-saved = Saved
cli-list-created = The list “{ $name }” is there.
cli-list-renamed = The list is called “{ $name }” now.
cli-list-added = { $n ->
    [one] { $n } recipient put into “{ $name }”.
   *[other] { $n } recipients put into “{ $name }”.
}
cli-list-removed = { $n ->
    [one] { $n } recipient taken out of “{ $name }”.
   *[other] { $n } recipients taken out of “{ $name }”.
}
cli-list-delete-question = Delete the list “{ $name }”? Its members stay recipients. [y/N]
cli-list-deleted = The list “{ $name }” is deleted.
cli-message-version = “{ $subject }” is saved as version { $n }.
cli-message-delete-question = Delete the message “{ $subject }”? It stays in the trash for 30 days. [y/N]
cli-message-deleted = “{ $subject }” is in the trash for 30 days.
cli-message-undeleted = The message is back.
cli-mailing-delete-question = Delete the mailing “{ $name }”? What is being sent stops. [y/N]
cli-mailing-deleted = “{ $name }” is in the trash for 30 days. Its runs stay.
cli-sender-resent = A new link is on its way to { $address }.
cli-sender-removed = { $address } is no longer a sender.
cli-user-code-question = Take sign-in by code off { $email }? The password alone will do then. [y/N]
cli-user-code-reset = { $email } signs in without a code now.
cli-col-title = Title
cli-col-slug = Address
cli-col-published = Published
cli-col-views = Views
cli-post-published = “{ $title }” is published: /blog/{ $slug }
cli-post-planned = “{ $title }” will appear by itself at { $at }: /blog/{ $slug }
cli-post-unpublish-question = Turn “{ $title }” into a draft? Readers will not find it any more. [y/N]
cli-post-unpublished = “{ $title }” is a draft.
