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
cli-rate-set = { $target }: { $rate }. Отправка перейдёт на неё за несколько секунд.
cli-rate-cleared = { $target }: как в настройках.
cli-test-taken = { $to }: почтовый сервер принял письмо ({ $said }).
cli-test-not-taken = { $to }: не отправлено ({ $said }).
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
cli-mailing-audience-at-most = { $count ->
    [one] Сейчас ушло бы не более чем { $count } получателю.
   *[other] Сейчас ушло бы не более чем { $count } получателям.
}
cli-recipient-added = { $email } теперь в получателях.
cli-imported = Добавлено { $added }, обновлено { $updated }, уже было { $skipped }, с ошибками { $rejected }.
cli-import-file = { $path }: строк { $rows }, { $encoding }, разделитель «{ $delimiter }».
cli-import-left-out = (не загружать)
cli-import-checked = Проверено: новых { $added }, обновить { $updated }, уже есть { $skipped }, с ошибками { $rejected }. Пока ничего не загружено.
cli-import-resumed = Загрузка была прервана и продолжена после строки { $line }.
cli-import-earlier = Этот самый файл уже загружали, { $at } ({ $id }).
cli-import-undo-hint = Отменить в течение 24 часов: mailing recipients import --undo { $id }
cli-import-undone = Убрано { $removed }, возвращено прежнее { $restored }, изменено с тех пор и оставлено { $kept }.
cli-exported = Получателей записано в { $path }: { $count }.
cli-file-shared = Файл { $path } могут открыть другие пользователи этого компьютера (права { $mode }). Команда «chmod 600» оставит его только вам.
cli-col-column = Столбец
cli-col-first-values = Первые значения
cli-col-becomes = Станет
cli-col-began = Начата
cli-col-added = Добавлено
cli-col-updated = Обновлено
cli-col-skipped = Уже было
cli-col-rejected = С ошибками
import-state-running = идёт или прервана
import-state-finished = завершена
import-state-undoing = отменяется
import-state-undone = отменена
cli-import-rejects = Строки с ошибками записаны в { $path }.
cli-import-confirm = Без --yes загрузка не начнётся. Добавьте --yes.
cli-loaded = { $count ->
    [one] Добавлен { $count } получатель.
    [few] Добавлены { $count } получателя.
   *[many] Добавлено { $count } получателей.
}
cli-doctor-ok = хорошо
cli-doctor-warning = внимание
cli-doctor-broken = сбой
cli-doctor-subject = Mailing может отправлять
cli-doctor-body = Это письмо вы запросили командой «mailing doctor --send-to». Почтовый сервер { $url } работает.
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
cli-col-target = Для чего
cli-col-rate = Скорость
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
cli-col-cause = Причина
cli-col-reply = Ответ сервера
cli-import-question = Загрузить { $path }? [д/Н]
cli-demo-seeding = Готовим три недели демо-истории…
cli-dry-run = Ничего не изменено: это была только проверка.
cli-user-roles = { $email }: { $roles }
cli-user-block-question = Заблокировать { $email }? Сеансы закончатся, отправка остановится. [y/N]
cli-user-blocked =
    { $email }: аккаунт заблокирован. Его отправка остановится в течение 5 секунд.
    Отменить: mailing users unblock { $email }
cli-user-unblocked = { $email }: аккаунт снова работает.
cli-user-password-reset = { $email }: задан новый пароль. Все сеансы закончены.
cli-mailing-disable-question = Остановить рассылку { $id }? Больше из неё ничего не уйдёт. [y/N]
cli-retry-failed-question = Повторить то, что не доставлено в запуске { $id }? [y/N]
cli-send-again-question = Отправить снова то, о чём в запуске { $id } неизвестно? Получатели могут получить письмо дважды. [y/N]
cli-count-delivered-question = Считать доставленным то, о чём в запуске { $id } неизвестно? [y/N]
cli-retried-failed = { $count ->
    [one] { $count } неудачная доставка повторяется.
    [few] { $count } неудачные доставки повторяются.
   *[many] { $count } неудачных доставок повторяются.
} Дальше: mailing runs watch { $id }
cli-sent-again = { $count ->
    [one] { $count } доставка отправляется снова, возможен повтор.
    [few] { $count } доставки отправляются снова, возможны повторы.
   *[many] { $count } доставок отправляются снова, возможны повторы.
} Дальше: mailing runs watch { $id }
cli-counted-delivered = { $count ->
    [one] { $count } доставка теперь считается доставленной.
    [few] { $count } доставки теперь считаются доставленными.
   *[many] { $count } доставок теперь считаются доставленными.
} Посмотреть: mailing runs show { $id }
cli-send-progress = { $mailing }: { $progress }
cli-run-progress = { $state }: доставлено { $delivered } из { $planned }, не доставлено { $failed }, неизвестно { $unknown }, ожидает { $pending }
cli-suppressed = На { $target } больше ничего не отправляется.
cli-unsuppressed = { $target } больше нет в стоп-листе.
cli-explanation = { $address }, «{ $mailing }»: { $sentence }
cli-col-members = Участников
cli-col-since = С какого времени
cli-col-saved = Сохранено
cli-list-created = Список «{ $name }» создан.
cli-list-renamed = Теперь список называется «{ $name }».
cli-list-added = { $n ->
    [one] В список «{ $name }» добавлен { $n } получатель.
    [few] В список «{ $name }» добавлено { $n } получателя.
   *[other] В список «{ $name }» добавлено { $n } получателей.
}
cli-list-removed = { $n ->
    [one] Из списка «{ $name }» убран { $n } получатель.
    [few] Из списка «{ $name }» убрано { $n } получателя.
   *[other] Из списка «{ $name }» убрано { $n } получателей.
}
cli-list-delete-question = Удалить список «{ $name }»? Получатели останутся. [y/N]
cli-list-deleted = Список «{ $name }» удалён.
cli-message-version = Письмо «{ $subject }» сохранено, версия { $n }.
cli-message-delete-question = Удалить письмо «{ $subject }»? Оно будет лежать в корзине 30 дней. [y/N]
cli-message-deleted = Письмо «{ $subject }» лежит в корзине 30 дней.
cli-message-undeleted = Письмо снова на месте.
cli-mailing-delete-question = Удалить рассылку «{ $name }»? То, что отправляется, остановится. [y/N]
cli-mailing-deleted = Рассылка «{ $name }» лежит в корзине 30 дней. Запуски остались.
cli-sender-resent = На { $address } отправлена новая ссылка.
cli-sender-removed = Адрес { $address } больше не отправитель.
cli-user-code-question = Отключить вход по коду у { $email }? Тогда хватит одного пароля. [y/N]
cli-user-code-reset = { $email } теперь входит без кода.
cli-col-title = Заголовок
cli-col-slug = Адрес
cli-col-published = Опубликована
cli-col-views = Просмотров
cli-post-published = Статья «{ $title }» опубликована: /blog/{ $slug }
cli-post-planned = Статья «{ $title }» появится сама в { $at }: /blog/{ $slug }
cli-post-unpublish-question = Снять статью «{ $title }» с публикации? Читатели её больше не найдут. [y/N]
cli-post-unpublished = Статья «{ $title }» теперь черновик.
