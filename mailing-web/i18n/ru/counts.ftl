count-recipients = { $n ->
    [one] { $n } получатель
    [few] { $n } получателя
   *[many] { $n } получателей
}
