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
forecast-held = Так выходит по календарю, но пока рассылка удерживается, ничего не отправляется.
forecast-more = И так далее.
forecast-note-gap = часы переводят вперёд
forecast-note-fold = часы переводят назад
forecast-note-month-end = последний день месяца
forecast-note-merged = несколько сразу

mailings-new = Создать рассылку
mailings-col-last = Последний запуск
mailing-back = К рассылке
mailing-message = Письмо
mailing-edit = Изменить
mailing-review = Проверить перед запуском
mailing-launch = Запустить рассылку
mailing-keep-draft = Сохранить черновик
mailing-pause = Поставить на паузу
mailing-resume = Продолжить
mailing-ask-send = Отправить сейчас…
mailing-finish = Завершить досрочно…
mailing-reopen = Открыть снова
mailing-duplicate = Дублировать
mailing-delete = Удалить…
mailing-copy-name = { $name } (копия)
mailing-finished-early = Вы завершили рассылку досрочно { $when }. Что не успело уйти, не отправится.
mailing-kept = Черновик сохранён. Пока вы не запустите рассылку, ничего не отправится.
mailing-changed = Рассылка изменена. Изменения действуют со следующей отправки.
mailing-launched = Рассылка запущена. Первая отправка { $when }.
mailing-launched-now = Рассылка запущена, отправка начинается.
mailing-sending = Отправка началась.
mailing-paused = Рассылка на паузе. Пока вы её не продолжите, ничего не отправится.
mailing-resumed = Рассылка продолжается.
mailing-reopened = Рассылка снова открыта.
mailing-finished = Рассылка завершена. Больше ничего не отправится.
mailing-deleted = Рассылка «{ $name }» удалена. Она лежит в корзине 30 дней.
mailing-undeleted = Рассылка возвращена.
mailing-undeleted-held = Рассылка возвращена и стоит на паузе. Продолжите её, когда она снова должна отправлять.
mailing-duplicated = Это черновик, такой же, как та рассылка. Проверьте письмо, получателей и время.
mailing-conflict = Рассылку изменили в другом окне. Ваши изменения ниже, ничего не потеряно. Если сохранить, они заменят то, что есть сейчас.
ask-send-title = Отправить «{ $name }» сейчас?
ask-send-happens = Письма уйдут сразу, помимо плана. Отправленное вернуть нельзя.
ask-send-do = Отправить сейчас
ask-send-keep = Не отправлять
ask-finish-title = Завершить «{ $name }» досрочно?
ask-finish-happens = Отправка остановится в течение 5 секунд. Письма, которые не успеют уйти, не отправятся.
ask-finish-do = Завершить рассылку
ask-finish-keep = Не завершать
ask-delete-title = Удалить «{ $name }»?
ask-delete-happens = Отправка остановится. История запусков останется, а сама рассылка 30 дней пролежит в корзине.
ask-delete-do = Удалить рассылку
ask-delete-keep = Оставить
ask-next = Следующая отправка была бы { $when }.

mailing-what = Письмо и получатели
mailing-no-message = Писем пока нет. Сначала напишите письмо: его и отправит рассылка.
mailing-look = Посмотреть
mailing-rare = Название и редкие настройки
mailing-name-hint = Если пусто, то тема письма.
to-all = Всем активным
to-lists = Спискам
to-chosen = Выбранным получателям
to-kept = Тем, кто выбран раньше, без изменений
picker-search = Найти получателей
picker-add = Добавить отмеченных
picker-remove = Убрать
picker-remove-named = Убрать: { $name }
when-label = Когда
when-now = Сразу после запуска
when-planned = В назначенное время
window-legend = Когда: окно { $n }
window-remove = Убрать окно { $n }
window-add = Добавить окно
window-more = Ещё о повторе
window-end-hint = Если пусто, то без окончания. Начиная с этого времени ничего не отправляется.
window-every-hint = Раз в N дней, недель, месяцев или лет.
window-weekdays-hint = Для повтора каждую неделю; если не отмечены, то день первой отправки.
window-monthly-hint = Для повтора каждый месяц.
window-cron-hint = Пять полей: минута, час, день, месяц, день недели.
window-exclude-hint = Через точку с запятой; в эти дни ничего не отправится.
rule-once = Один раз
rule-daily = Каждый день
rule-weekly = Каждую неделю
rule-monthly = Каждый месяц
rule-yearly = Каждый год
rule-cron = По выражению cron
monthly-day = В тот же день
monthly-last-day = В последний день
monthly-nth = В тот же день недели, считая с начала
monthly-last = В тот же день недели, последний в месяце
monthly-on = Как есть: { $day }
zone-said = Время местное: { $zone }.
zone-another = Другой часовой пояс
zone-hint = По названию, например Europe/Moscow или Asia/Yekaterinburg.
missed-run-once = Отправить последний из пропущенных
missed-run-each = Отправить каждый пропущенный
missed-skip = Пропустить
lateness-hint = В часах; что опоздало сильнее, не отправится.
ambiguous-leave = Оставить, решу сам
ambiguous-retry = Отправить ещё раз

forecast-again = Пересчитать
forecast-unclear = Укажите время, и здесь появятся будущие отправки.
forecast-and = и ещё { $n }
plan-at-launch = Сразу после запуска, один раз.
plan-at-once = Первая отправка прошла, но окно открыто: письма уйдут сразу после запуска.
plan-over = Отправлять больше нечего: время прошло.
plan-count = { $n ->
    [one] { $n } отправка.
    [few] { $n } отправки.
   *[many] { $n } отправок.
}
audience-each = { $recipients } каждый раз.
audience-barred = { $recipients }; ещё { $n } отписались или в стоп-листе, им не отправим.
audience-at-most = { $n ->
    [one] до { $n } получателя
   *[many] до { $n } получателей
}
audience-barred-some = { $recipients } каждый раз; тем из них, кто в стоп-листе, не отправим.
audience-all = Все получатели
audience-lists = { $n ->
    [one] Список { $names }
   *[other] Списки { $names }
}
audience-chosen = Выбранные получатели
quoted = «{ $name }»

review-title = Всё верно?
review-sentence-now = Письмо «{ $name }» уйдёт { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
} сразу после запуска.
review-sentence-once = Письмо «{ $name }» уйдёт { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
} { $when }. { $zone }.
review-sentence-rule = Письмо «{ $name }» уйдёт { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
} { $when }, затем { $rule }, ещё { $more ->
    [one] { $more } раз
    [few] { $more } раза
   *[many] { $more } раз
}. { $zone }.
review-sentence-more = Письмо «{ $name }» уйдёт { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
} { $when }, затем ещё { $more ->
    [one] { $more } раз
    [few] { $more } раза
   *[many] { $more } раз
}. { $zone }.
review-sentence-endless = Письмо «{ $name }» уйдёт { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
} { $when }, затем { $rule }, без окончания. { $zone }.
review-sentence-on = Письмо «{ $name }» уйдёт { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
} { $when }, затем снова и снова. { $zone }.
review-sentence-never = Письмо «{ $name }» ушло бы { $n ->
    [one] { $n } получателю
   *[other] { $n } получателям
}, но отправок не осталось.
review-checks = Проверки
review-message = Письмо
review-from = От кого
review-to = Кому
review-when = Когда
review-change = Изменить
review-passed = { $when } – это время уже прошло.
review-send-now = Отправить сейчас
review-pick-time = Выбрать другое время
review-blocked = Чтобы запустить, исправьте отмеченное.
review-account-blocks = Ваш адрес ещё не подтверждён: отправлять нельзя
review-account-do = Как подтвердить
review-sender-passed = Адрес отправителя подтверждён
review-sender-blocks = Адрес отправителя не подтверждён
review-sender-do = Как подтвердить
review-unsubscribe-passed = В письме есть ссылка отписки
review-tested-passed = Пробное письмо отправлено
review-tested-warns = Пробное письмо этой версии не отправлено
review-tested-do = Отправить себе
review-saved-warns = В письме есть несохранённые изменения; уйдёт сохранённая версия
review-saved-do = Посмотреть
review-recipients-blocks = Некому отправлять
review-recipients-do = Выбрать получателей
review-schedule-blocks = Отправок не осталось
review-schedule-do = Изменить время
review-disabled-blocks = Менеджер отключил рассылку
