run-numbers = Числа запуска
run-progress = { $done } из { $planned }
run-title = Запуск { $when }
run-lead-planned = По расписанию, { $zone }
run-lead-by-hand = Вручную, { $zone }
run-rate = Около { $rate } в минуту, закончим около { $when }
run-took-minutes = { $n ->
    [0] Занял меньше минуты
    [one] Занял { $n } минуту
    [few] Занял { $n } минуты
   *[many] Занял { $n } минут
}
run-took-hours = { $n ->
    [one] Занял { $n } час
    [few] Занял { $n } часа
   *[many] Занял { $n } часов
}
run-took-days = { $n ->
    [one] Занял { $n } день
    [few] Занял { $n } дня
   *[many] Занял { $n } дней
}
run-causes = Что мешает доставке
run-no-causes = Ничего: отказов не было.
causes-col-cause = Причина
causes-col-count = Писем
causes-col-next = Что дальше
run-timeline = Ход запуска
run-last-reply = Последний ответ почтового сервера
run-event-ended = Запуск окончен
run-event-frozen = Получатели и письмо зафиксированы: { $n }
run-event-due = Наступило время отправки
run-deliveries = Письма
run-no-deliveries = Писем здесь пока нет.
deliveries-tabs-label = Письма по состоянию
deliveries-tab-all = Все
deliveries-col-time = Время
deliveries-col-state = Состояние
deliveries-col-address = Адрес и что произошло

run-missed-too-late = Запуск не состоялся: он опоздал бы больше, чем разрешает рассылка.
run-missed-superseded = Запуск не состоялся: вместо него отправлен более поздний.
run-missed-skipped = Запуск не состоялся: сервис не работал, а эта рассылка не навёрстывает пропущенное.
run-missed-too-many = Запуск не состоялся: пропущено больше, чем мы навёрстываем за один раз.
run-missed-paused = Запуск не состоялся: рассылка была на паузе.
run-missed-disabled = Запуск не состоялся: рассылка была отключена.
run-missed-owner-blocked = Запуск не состоялся: аккаунт был заблокирован.
run-missed-window-over = Запуск не состоялся: его окно закрылось раньше, чем сервис снова смог отправлять.
run-missed-previous-run = Запуск не состоялся: ещё шёл предыдущий.
run-paused-owner = Вы поставили рассылку на паузу. Чтобы отправка пошла дальше, продолжите её.
run-paused-manager = Менеджер отключил рассылку. Письма ждут.
run-paused-blocked = Аккаунт заблокирован. Письма ждут.
run-paused-authentication = Почтовый сервер не принимает наше имя и пароль. Письма ждут, пока администратор их не исправит.
run-paused-sender = Почтовый сервер не принимает адрес отправителя. Письма ждут; проверьте отправителя или напишите администратору.
run-paused-too-large = Письмо больше, чем принимает почтовый сервер. Уменьшите его и отправьте снова.
run-paused-encryption = Почтовый сервер не предлагает надёжного шифрования. Письма ждут, пока администратор это не исправит.
run-paused-relay = Почтовый сервер не пересылает нашу почту. Письма ждут, пока администратор это не исправит.
run-stopped-finished-early = Вы завершили рассылку досрочно. Что не успело уйти, отменено.
run-stopped-deleted = Рассылка удалена. Что не успело уйти, отменено.
run-stopped-window-closed = Окно закрылось, пока запуск удерживался. Что не успело уйти, отменено.
run-stopped-bad-content = Из этого текста не получается письмо. Исправьте текст и отправьте снова.

delivery-pending = Ждёт своей очереди.
delivery-sending = Передаём почтовому серверу.
delivery-delivered = Принято почтовым сервером.
delivery-cancelled = Не отправлено: запуск остановлен.
delivery-unknown = Связь прервалась после передачи письма. Дошло оно или нет, неизвестно.
delivery-deferred = Повторим в { $when } (попытка { $try } из { $tries }).

suppressed-unsubscribed = Не отправлено: получатель отписался.
suppressed-hard-bounce = Не отправлено: адрес не существует, это показало прежнее письмо.
suppressed-complaint = Не отправлено: получатель пометил прежнее письмо как спам.
suppressed-manual = Не отправлено: адрес в вашем стоп-листе.
suppressed-recipient-state = Не отправлено: получатель больше не активен.
suppressed-deleted = Не отправлено: получатель удалён.
