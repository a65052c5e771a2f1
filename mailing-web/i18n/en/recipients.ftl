# Recipients, lists, trash.
recipients-parts = Recipients and lists
recipients-lead = { $n ->
    [one] { $n } recipient, active: { $active }
   *[other] { $n } recipients, { $active } of them active
}
recipients-add = Add recipient
recipients-new = New recipient
recipients-any-state = Any
recipients-any-list = All lists
recipients-search-hint = Address, name or comment
recipients-col-tick = Selection
recipients-col-address = Address and name
recipients-col-state = State
recipients-col-lists = Lists
recipients-col-comment = Comment
recipients-none-found = Change the search, or clear the filters.
recipients-tired = Nobody found so far. The rest have not been looked through yet.
recipients-look-on = Look further
recipients-empty-title = No recipients yet
recipients-empty-text = Add one, paste a list or upload a file. Everybody you write to will stand here, with state, lists and your notes.
recipients-deleted = { $n ->
    [one] { $n } recipient deleted. Kept in the trash for 30 days.
   *[other] { $n } recipients deleted. Kept in the trash for 30 days.
}
recipients-restored = { $n ->
    [0] There is nothing to bring back.
    [one] { $n } recipient is back.
   *[other] { $n } recipients are back.
}

recipient-no-name = no name
recipient-card = About the recipient
recipient-edit = Edit recipient
recipient-added = { $email } is a recipient now.
recipient-added-on = Added
recipient-changed-on = Changed
recipient-barred = We send nothing to this address: { $target } is on the suppression list since { $when } ({ $why }).
recipient-no-list = None
recipient-comment-hint = Only you see it.
recipient-attributes-hint = One a line: city = Perth. In a message it is the variable recipient.attributes.city.
recipient-open-other = Open the recipient with this address
recipient-conflict = The recipient was changed in another window. Your changes are below, nothing is lost. Save once more to keep them.
recipient-theirs = Saved at present:
suppression-reason-unsubscribed = unsubscribed
suppression-reason-hard-bounce = the address does not exist
suppression-reason-complaint = complaint
suppression-reason-manual = added by hand

trash-title = Trash
trash-lead = What is deleted stays here for 30 days and gets nothing.
trash-col-deleted = Deleted
trash-col-until = Kept until
trash-col-do = Action
trash-empty-title = The trash is empty
trash-empty-text = Deleted recipients will lie here, so that you can bring them back. An address that is added again comes back by itself.

lists-title = Lists
lists-add = Create list
lists-new = New list
lists-col-name = List
lists-col-members = Recipients
lists-col-made = Created
lists-col-do = Actions
lists-empty-title = No lists yet
lists-empty-text = A list gathers recipients under one name, so that you can write to all of them. Create the first one and add recipients to it.
list-made = The list “{ $name }” is created.
list-rename = Rename list
list-rename-link = Rename
list-delete-link = Delete…
list-delete-ask = Delete the list “{ $name }”?
list-delete-happens = { $n ->
    [0] Nobody is in the list.
    [one] { $n } recipient of this list stays a recipient.
   *[other] { $n } recipients of this list stay recipients.
}
list-delete-do = Delete list
list-deleted = The list “{ $name }” is deleted.

bulk-with = With recipients
bulk-ticked = Selected
bulk-all = { $n ->
    [one] All { $n }
   *[other] All { $n }
}
bulk-all-found = All that were found
bulk-nobody = Select recipients in the list first.
bulk-no-lists = Create a list first.
bulk-add = Add to list…
bulk-add-ask = { $n ->
    [one] Which list is { $n } recipient to go into?
   *[other] Which list are { $n } recipients to go into?
}
bulk-add-ask-all = Which list are all that were found to go into?
bulk-add-happens = Who is in the list already stays in it. Nobody leaves another list.
bulk-add-do = Add
bulk-added = { $n ->
    [0] All of them were in “{ $list }” already.
    [one] { $n } recipient added to “{ $list }”.
   *[other] { $n } recipients added to “{ $list }”.
}
bulk-take-out = Remove from list…
bulk-take-out-ask = { $n ->
    [one] Which list is { $n } recipient to leave?
   *[other] Which list are { $n } recipients to leave?
}
bulk-take-out-ask-all = Which list are all that were found to leave?
bulk-take-out-happens = They stay recipients, and in other lists.
bulk-take-out-do = Remove
bulk-taken-out = { $n ->
    [0] None of them was in “{ $list }”.
    [one] { $n } recipient removed from “{ $list }”.
   *[other] { $n } recipients removed from “{ $list }”.
}
bulk-delete = Delete
bulk-delete-ask = { $n ->
    [one] Delete { $n } recipient?
   *[other] Delete { $n } recipients?
}
bulk-delete-ask-all = Delete all that were found?
bulk-delete-happens = They go into the trash and can be brought back for 30 days. Messages that have not gone out to them will not.
bulk-delete-do = Delete

recipients-export = Export

suppressions-title = Suppression list
suppressions-lead = Nothing is sent here, whoever is among the recipients.
suppressions-hint = An address or a whole domain: eve@example.org or example.org.
suppressions-add = Add to suppression list
suppressions-search-hint = Whole address or domain
suppressions-col-target = Address or domain
suppressions-col-reason = Why
suppressions-col-since = Since
suppressions-col-do = Action
suppressions-remove = Remove
suppressions-none-found = Neither this address nor its domain is on the suppression list.
suppressions-empty-title = The suppression list is empty
suppressions-empty-text = Who unsubscribes or complains comes here by themselves, and so do addresses that no longer exist.
suppression-added = { $target } is on the suppression list now.
suppression-removed = { $target } is no longer on the suppression list.
suppression-of-recipient = { $target } stays on the suppression list: the recipient took leave.
