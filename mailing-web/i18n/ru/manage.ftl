# Что видят и делают менеджеры и администраторы.
manage-any = Любое
manage-any-role = Любая
manage-mixed-alphabets = { $address } (смешаны алфавиты)
manage-mailings-title = Все рассылки
manage-mailings-lead = { $n ->
    [one] { $n } рассылка, активных { $active }. Менять рассылку может только её владелец.
    [few] { $n } рассылки, активных { $active }. Менять рассылку может только её владелец.
   *[many] { $n } рассылок, активных { $active }. Менять рассылку может только её владелец.
}
manage-mailings-of = Только рассылки владельца { $email }.
manage-mailings-search = Название или адрес владельца
manage-mailings-none = Таких рассылок нет.
manage-mailings-empty-title = Рассылок пока нет
manage-mailings-empty-text = Здесь появится каждая рассылка каждого владельца: сколько писем ушло, какая доля отказов, когда следующая отправка.
manage-col-mailing = Рассылка и владелец
manage-col-sent = Писем за 30 дней
manage-col-failures = Отказы
manage-col-next = Следующая
manage-col-do = Что сделать
manage-col-planned = Всего
manage-col-waiting = Ожидает
manage-owner-blocked = Владелец заблокирован
manage-preview-made-up = Так письмо увидит вымышленный получатель. Настоящих получателей менеджер не видит.
manage-audience-all = Все активные получатели владельца
manage-audience-lists = { $n ->
    [one] { $n } список
    [few] { $n } списка
   *[many] { $n } списков
}
manage-disabled-since = Рассылка отключена { $when }. Причина: { $reason }

manage-disable-ask = Отключить…
manage-disable-title = Отключить рассылку «{ $name }»?
manage-disable-told = Владелец, { $email }, получит письмо с причиной и увидит её на странице рассылки.
manage-disable-back = Включить рассылку снова может любой менеджер.
manage-disable-do = Отключить рассылку
manage-disable-keep = Не отключать
manage-disabled = Рассылка «{ $name }» отключена. Владельцу отправлено письмо с причиной.
manage-disabled-already = Эта рассылка уже отключена.
manage-stops = { $n ->
    [0] Отправка остановится в течение 5 секунд, новые запуски не начнутся.
    [one] Отправка остановится в течение 5 секунд, { $n } письмо не уйдёт.
    [few] Отправка остановится в течение 5 секунд, { $n } письма не уйдут.
   *[many] Отправка остановится в течение 5 секунд, { $n } писем не уйдут.
}
manage-enable-ask = Включить…
manage-enable-title = Включить рассылку «{ $name }»?
manage-enable-told = Владелец, { $email }, получит письмо о том, что рассылка включена.
manage-enable-do = Включить рассылку
manage-enable-keep = Оставить отключённой
manage-enabled = Рассылка «{ $name }» включена. Владельцу отправлено письмо.
manage-enabled-already = Эта рассылка уже включена.
manage-goes-on = Остановленный запуск продолжится, если его окно ещё открыто. Следующие пойдут по расписанию.

manage-users-title = Пользователи
manage-users-lead = Все, у кого есть аккаунт.
manage-users-search = Адрес или имя
manage-users-none = Таких пользователей нет.
manage-col-user = Пользователь
manage-col-roles = Роли
manage-col-created = Аккаунт создан
manage-not-verified = Ещё нет
manage-user-verified = Адрес подтверждён
manage-user-mailings = { $n ->
    [one] { $n } рассылка, активных { $active }
    [few] { $n } рассылки, активных { $active }
   *[many] { $n } рассылок, активных { $active }
}
manage-user-audit = Что делал и что делали с его данными
manage-user-report = Что отправлено за 30 дней
manage-blocked-since = Аккаунт заблокирован { $when }. Причина: { $reason }

manage-block-ask = Заблокировать…
manage-block-title = Заблокировать { $email }?
manage-block-sessions = Все сеансы завершатся сразу. При попытке войти человек увидит причину и узнает, кому написать.
manage-block-told = Мы напишем ему о блокировке и её причине.
manage-block-do = Заблокировать
manage-block-keep = Не блокировать
manage-blocked = Пользователь { $email } заблокирован. Ему отправлено письмо с причиной.
manage-blocked-already = Этот пользователь уже заблокирован.
manage-unblock-ask = Разблокировать…
manage-unblock-title = Разблокировать { $email }?
manage-unblock-goes-on = Человек снова сможет войти. Остановленные запуски продолжатся, если их окна ещё открыты.
manage-unblock-told = Мы напишем ему, что аккаунт разблокирован.
manage-unblock-do = Разблокировать
manage-unblock-keep = Оставить заблокированным
manage-unblocked = Пользователь { $email } разблокирован. Ему отправлено письмо.
manage-unblocked-already = Этот пользователь не заблокирован.
reason-hint = Её прочитает тот, кого она касается. До 500 знаков.

manage-invite-ask = Пригласить…
manage-invite-title = Пригласить пользователя
manage-invite-lead = Мы создадим аккаунт и пришлём письмо со ссылкой, по которой человек придумает пароль.
manage-invite-language = На этом языке будут письмо и экраны.
manage-invite-do = Отправить приглашение
manage-invited = Приглашение для { $email } отправлено. Ссылка действует 7 дней.

manage-roles-ask = Роли…
manage-roles-title = Роли { $email }
manage-roles-hint = Своими рассылками владеет каждый. Когда роли меняются, все сеансы этого человека завершаются: новые права действуют сразу.
manage-roles-changed = Роли { $email } изменены.
manage-roles-same = Роли остались прежними.
role-owner = Владелец
role-manager = Менеджер
role-content-manager = Редактор блога
role-administrator = Администратор
role-may-manager = видит всех пользователей и все рассылки, блокирует и отключает
role-may-content-manager = пишет в блог
role-may-administrator = даёт роли, видит состояние сервиса

manage-audit-lead = Кто, что, с чем и почему сделал. Записи не меняются и не удаляются.
manage-audit-when = Когда
manage-audit-who = Кто
manage-audit-what = Что
manage-audit-code = Код действия
manage-audit-whom = С чем или с кем
manage-audit-about = Номер
manage-audit-why = Причина
manage-audit-csv = Скачать CSV
manage-audit-none = За это время ничего такого не было.
