mailings-tabs-label = Рассылки по состоянию
mailings-tab-all = Все
mailings-tab-running = Запущенные
mailings-tab-created = Созданные
mailings-tab-draft = Черновики
mailings-tab-paused = На паузе
mailings-tab-disabled = Отключённые
mailings-tab-finished = Завершённые
mailings-col-name = Рассылка
mailings-col-state = Состояние
mailings-col-next = Следующая отправка
mailings-col-made = Создана
mailings-none-here = В этом состоянии рассылок нет.
mailings-empty-title = Рассылок пока нет
mailings-empty-text = Здесь появятся ваши рассылки: что с ними сейчас, когда следующая отправка, чем кончился каждый запуск.

mailing-disabled = Менеджер отключил эту рассылку { $when }: { $reason } Больше ничего не отправляется. Если вы не согласны, напишите администратору.
mailing-runs = Запуски
mailing-no-runs = Пока ничего не отправлено. Здесь появится каждый запуск с его числами.
runs-col-when = Когда
runs-col-state = Итог
runs-col-delivered = Доставлено
runs-col-failed = Отказ

forecast-title = План отправок
forecast-none = Больше ничего не запланировано.
forecast-lead = { $n ->
    [one] { $n } получатель каждый раз.
    [few] { $n } получателя каждый раз.
   *[many] { $n } получателей каждый раз.
}
forecast-held = Так выходит по календарю, но пока рассылка удерживается, ничего не отправляется.
forecast-more = И так далее.
forecast-note-gap = часы переводят вперёд
forecast-note-fold = часы переводят назад
forecast-note-month-end = последний день месяца
forecast-note-merged = несколько сразу
