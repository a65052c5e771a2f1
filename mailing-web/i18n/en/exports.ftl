# Export: recipients become a file that is prepared beside the page.
export-progress-title = Preparing the export
export-ready-title = The export is ready
export-gone-title = There is no such export
export-gone-text = Exported files are deleted after { $hours } hours. Export the recipients again to get a new one.
export-of-all = All recipients
export-of-search = Search: “{ $text }”
export-of-list = List: “{ $name }”
export-of-no-list = deleted
export-of-state = State: { $state }
export-counted = { $n ->
    [one] { $n } recipient found so far
   *[other] { $n } recipients found so far
}
export-written = { $written } of { $all } recipients written
export-goes-on = You may leave this page: the export goes on by itself.
export-cancel = Cancel export
export-what = { $n ->
    [one] { $n } recipient, { $size }
   *[other] { $n } recipients, { $size }
}
export-kept = The file is kept until { $when }.
export-download = Download CSV
export-discard = Delete file
export-discarded = The export is deleted.
export-one-at-a-time = One export at a time: this one is still being prepared.
export-is-running = An export is being prepared: { $share }
export-is-ready = Exported file, kept until { $when }
