count-recipients = { $n ->
    [one] { $n } recipient
   *[other] { $n } recipients
}
