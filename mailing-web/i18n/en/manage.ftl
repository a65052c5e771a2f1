# What managers and administrators see and do.
manage-any = Any
manage-any-role = Any
manage-mixed-alphabets = { $address } (mixes alphabets)
manage-mailings-title = All mailings
manage-mailings-lead = { $n ->
    [one] { $n } mailing, { $active } active. Only its owner can change it.
   *[other] { $n } mailings, { $active } active. Only their owners can change them.
}
manage-mailings-of = Only the mailings of { $email }.
manage-mailings-search = Name or the owner's address
manage-mailings-none = There are no such mailings.
manage-mailings-empty-title = No mailings yet
manage-mailings-empty-text = Every mailing of every owner will stand here: how much it sent, the share of failures, when it is sent next.
manage-col-mailing = Mailing and owner
manage-col-sent = Sent in 30 days
manage-col-failures = Failures
manage-col-next = Next send
manage-col-do = What to do
manage-col-planned = In all
manage-col-waiting = Waiting
manage-owner-blocked = Owner is blocked
manage-preview-made-up = This is what a made-up recipient would see. Managers do not see the real ones.
manage-audience-all = All active recipients of the owner
manage-audience-lists = { $n ->
    [one] { $n } list
   *[other] { $n } lists
}
manage-disabled-since = The mailing was disabled on { $when }. Reason: { $reason }

manage-disable-ask = Disable…
manage-disable-title = Disable “{ $name }”?
manage-disable-told = The owner, { $email }, gets an e-mail with the reason and sees it on the mailing's page.
manage-disable-back = Any manager can enable the mailing again.
manage-disable-do = Disable mailing
manage-disable-keep = Keep running
manage-disabled = “{ $name }” is disabled. The owner was sent an e-mail with the reason.
manage-disabled-already = This mailing is disabled already.
manage-stops = { $n ->
    [0] Sending stops within 5 seconds, no new run begins.
    [one] Sending stops within 5 seconds, { $n } message stays unsent.
   *[other] Sending stops within 5 seconds, { $n } messages stay unsent.
}
manage-enable-ask = Enable…
manage-enable-title = Enable “{ $name }”?
manage-enable-told = The owner, { $email }, gets an e-mail that the mailing is enabled.
manage-enable-do = Enable mailing
manage-enable-keep = Keep it disabled
manage-enabled = “{ $name }” is enabled. The owner was sent an e-mail.
manage-enabled-already = This mailing is enabled already.
manage-goes-on = A stopped run goes on if its window is still open. The next ones follow the schedule.

manage-users-title = Users
manage-users-lead = Everybody who has an account.
manage-users-search = Address or name
manage-users-none = There are no such users.
manage-col-user = User
manage-col-roles = Roles
manage-col-created = Account made
manage-not-verified = Not yet
manage-user-verified = Address confirmed
manage-user-mailings = { $n ->
    [one] { $n } mailing, { $active } active
   *[other] { $n } mailings, { $active } active
}
manage-user-audit = What they did, and what was done with their things
manage-user-report = What was sent in 30 days
manage-blocked-since = The account was blocked on { $when }. Reason: { $reason }

manage-block-ask = Block…
manage-block-title = Block { $email }?
manage-block-sessions = All sessions end at once. Whoever tries to sign in sees the reason and whom to ask.
manage-block-told = We write to them about the block and its reason.
manage-block-do = Block
manage-block-keep = Do not block
manage-blocked = { $email } is blocked and was sent an e-mail with the reason.
manage-blocked-already = This user is blocked already.
manage-unblock-ask = Unblock…
manage-unblock-title = Unblock { $email }?
manage-unblock-goes-on = They can sign in again. Stopped runs go on if their windows are still open.
manage-unblock-told = We write to them that the account is unblocked.
manage-unblock-do = Unblock
manage-unblock-keep = Keep blocked
manage-unblocked = { $email } is unblocked and was sent an e-mail.
manage-unblocked-already = This user is not blocked.
reason-hint = Whoever it concerns will read it. Up to 500 characters.

manage-invite-ask = Invite…
manage-invite-title = Invite a user
manage-invite-lead = We make the account and send a letter with a link at which they choose a password.
manage-invite-language = The language of the letter and of the screens.
manage-invite-do = Send invitation
manage-invited = The invitation to { $email } is sent. The link works for 7 days.

manage-roles-ask = Roles…
manage-roles-title = Roles of { $email }
manage-roles-hint = Everybody owns their own mailings. When roles change, all sessions of this person end: the new rights apply at once.
manage-roles-changed = The roles of { $email } are changed.
manage-roles-same = The roles are as they were.
role-owner = Owner
role-manager = Manager
role-content-manager = Content manager
role-administrator = Administrator
role-may-manager = sees all users and mailings, blocks and disables
role-may-content-manager = writes the blog
role-may-administrator = gives roles, sees the state of the service

manage-audit-lead = Who did what, to what, and why. Entries are never changed or deleted.
manage-audit-when = When
manage-audit-who = Who
manage-audit-what = What
manage-audit-code = Code
manage-audit-whom = To what or whom
manage-audit-about = Id
manage-audit-why = Reason
manage-audit-csv = Download CSV
manage-audit-none = Nothing like that has happened.
