# What the command line says.
cli-error = ошибка:
cli-more = Это не всё, дальше: --after { $cursor }
cli-migrations = { $applied ->
    [one] Применена { $applied } миграция
    [few] Применены { $applied } миграции
   *[many] Применено { $applied } миграций
}, ждут: { $pending }.
cli-config-ok = Конфигурация подходит.
cli-config-written = Файл { $path } записан. Измените нужное, затем: mailing config check
cli-user-created = Теперь { $email } может войти.
cli-password-prompt = Пароль:
cli-sender-added = Теперь можно отправлять от { $address }.
cli-sender-unverified = Адрес { $address } добавлен. Отправлять от него можно после подтверждения.
cli-message-created =
    Письмо сохранено: { $id }
    Дальше: mailing mailings create --message { $id } --all --now
cli-mailing =
    «{ $name }»: { $status }. Следующая отправка: { $next }
    { $id }
cli-mailing-audience = { $count ->
    [one] Сейчас ушло бы { $count } получателю.
   *[other] Сейчас ушло бы { $count } получателям.
}
cli-recipient-added = { $email } теперь в получателях.
cli-imported = Добавлено { $added }, обновлено { $updated }, уже было { $skipped }, с ошибками { $rejected }.
cli-import-rejects = Строки с ошибками записаны в { $path }.
cli-import-confirm = Без --yes загрузка не начнётся. Добавьте --yes.
cli-loaded = { $count ->
    [one] Добавлен { $count } получатель.
    [few] Добавлены { $count } получателя.
   *[many] Добавлено { $count } получателей.
}
cli-ledger-ok = Журнал сходится: запусков { $runs }, писем пересчитано { $deliveries }.
cli-ledger-broken = Журнал не сходится: расхождений { $faults }, запусков { $runs }.
cli-nothing-due = Сейчас отправлять нечего.
cli-server-away = Почтовый сервер недоступен ({ $why }). Неотправленное ждёт.
cli-serving = Страницы: { $url }
cli-working = Отправляем то, чему пришло время.
cli-draining = Останавливаемся: начатые письма закончатся. Нажмите ещё раз, чтобы прервать.
cli-cutting = Прервано.
cli-demo =
    Демо готово: { $url }
    Почта видна только на странице исходящих. Войти можно так:
cli-seeded = Демо-данные созданы. Войти можно так:
cli-col-local = Местное время
cli-col-instant = UTC
cli-col-note = Примечание
cli-col-setting = Настройка
cli-col-value = Значение
cli-col-email = Почта
cli-col-name = Имя
cli-col-roles = Роли
cli-col-verified = Подтверждён
cli-col-id = Номер
cli-col-subject = Тема
cli-col-version = Версия
cli-col-used-in = Рассылок
cli-col-status = Состояние
cli-col-state = Состояние
cli-col-next = Следующая отправка
cli-col-mailing = Рассылка
cli-col-planned-time = По плану
cli-col-planned = Всего
cli-col-delivered = Доставлено
cli-col-failed = Отказ
cli-col-suppressed = Стоп-лист
cli-col-unknown = Неизвестно
cli-col-pending = Ждёт
cli-col-number = №
cli-col-reply = Ответ сервера
cli-import-question = Загрузить { $path }? [д/Н]
cli-demo-seeding = Готовим три недели демо-истории…
