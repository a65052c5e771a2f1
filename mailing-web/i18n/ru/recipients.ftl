# Получатели, списки, корзина.
recipients-parts = Получатели и списки
recipients-lead = { $n ->
    [one] { $n } получатель, из них активных: { $active }
    [few] { $n } получателя, из них активных: { $active }
   *[many] { $n } получателей, из них активных: { $active }
}
recipients-add = Добавить получателя
recipients-new = Новый получатель
recipients-any-state = Любое
recipients-any-list = Все списки
recipients-search-hint = Адрес, имя или комментарий
recipients-col-tick = Отметка
recipients-col-address = Адрес и имя
recipients-col-state = Состояние
recipients-col-lists = Списки
recipients-col-comment = Комментарий
recipients-none-found = Измените запрос или сбросьте фильтры.
recipients-tired = Пока никого не нашлось. Остальные получатели ещё не просмотрены.
recipients-look-on = Искать дальше
recipients-empty-title = Получателей пока нет
recipients-empty-text = Добавьте одного, вставьте список или загрузите файл. Здесь появятся все, кому вы пишете: с состоянием, списками и вашими заметками.
recipients-deleted = { $n ->
    [one] Удалён { $n } получатель. Лежит в корзине 30 дней.
    [few] Удалены { $n } получателя. Лежат в корзине 30 дней.
   *[many] Удалено { $n } получателей. Лежат в корзине 30 дней.
}
recipients-restored = { $n ->
    [0] Возвращать нечего.
    [one] Возвращён { $n } получатель.
    [few] Возвращены { $n } получателя.
   *[many] Возвращено { $n } получателей.
}

recipient-no-name = без имени
recipient-card = О получателе
recipient-edit = Изменить получателя
recipient-added = { $email } теперь в получателях.
recipient-added-on = Добавлен
recipient-changed-on = Изменён
recipient-barred = На этот адрес мы не отправляем: { $target } в стоп-листе с { $when } ({ $why }).
recipient-no-list = Ни в какой
recipient-comment-hint = Видите только вы.
recipient-attributes-hint = По одному в строке: city = Пермь. В письме это переменная recipient.attributes.city.
recipient-open-other = Открыть получателя с этим адресом
recipient-conflict = Получателя изменили в другом окне. Ваши правки ниже, ничего не потеряно. Сохраните ещё раз, чтобы остались они.
recipient-theirs = Сейчас сохранено:
suppression-reason-unsubscribed = отписка
suppression-reason-hard-bounce = адрес не существует
suppression-reason-complaint = жалоба
suppression-reason-manual = добавлено вручную

trash-title = Корзина
trash-lead = Удалённое лежит здесь 30 дней и ничего не получает.
trash-col-deleted = Удалён
trash-col-until = Хранится до
trash-col-do = Действие
trash-empty-title = Корзина пуста
trash-empty-text = Здесь будут лежать удалённые получатели, чтобы их можно было вернуть. Если добавить адрес снова, он вернётся сам.

lists-title = Списки
lists-add = Создать список
lists-new = Новый список
lists-col-name = Список
lists-col-members = Получателей
lists-col-made = Создан
lists-col-do = Действия
lists-empty-title = Списков пока нет
lists-empty-text = Список собирает получателей под одним названием, чтобы писать им всем сразу. Создайте первый и добавьте в него получателей.
list-made = Список «{ $name }» создан.
list-rename = Переименовать список
list-rename-link = Переименовать
list-delete-link = Удалить…
list-delete-ask = Удалить список «{ $name }»?
list-delete-happens = { $n ->
    [0] В списке никого нет.
    [one] { $n } получатель из этого списка останется в получателях.
    [few] { $n } получателя из этого списка останутся в получателях.
   *[many] { $n } получателей из этого списка останутся в получателях.
}
list-delete-do = Удалить список
list-deleted = Список «{ $name }» удалён.

bulk-with = С получателями
bulk-ticked = Отмеченные
bulk-all = { $n ->
    [one] Все { $n }
   *[other] Все { $n }
}
bulk-all-found = Все найденные
bulk-nobody = Сначала отметьте получателей в списке.
bulk-no-lists = Сначала создайте список.
bulk-add = Добавить в список…
bulk-add-ask = { $n ->
    [one] В какой список добавить { $n } получателя?
   *[other] В какой список добавить { $n } получателей?
}
bulk-add-ask-all = В какой список добавить всех найденных?
bulk-add-happens = Кто уже в списке, останется в нём. Из других списков никто не выйдет.
bulk-add-do = Добавить
bulk-added = { $n ->
    [0] Все уже были в списке «{ $list }».
    [one] В список «{ $list }» добавлен { $n } получатель.
    [few] В список «{ $list }» добавлены { $n } получателя.
   *[many] В список «{ $list }» добавлено { $n } получателей.
}
bulk-take-out = Убрать из списка…
bulk-take-out-ask = { $n ->
    [one] Из какого списка убрать { $n } получателя?
   *[other] Из какого списка убрать { $n } получателей?
}
bulk-take-out-ask-all = Из какого списка убрать всех найденных?
bulk-take-out-happens = Убранные останутся в получателях и в других списках.
bulk-take-out-do = Убрать
bulk-taken-out = { $n ->
    [0] В списке «{ $list }» никого из них не было.
    [one] Из списка «{ $list }» убран { $n } получатель.
    [few] Из списка «{ $list }» убраны { $n } получателя.
   *[many] Из списка «{ $list }» убрано { $n } получателей.
}
bulk-delete = Удалить
bulk-delete-ask = { $n ->
    [one] Удалить { $n } получателя?
   *[other] Удалить { $n } получателей?
}
bulk-delete-ask-all = Удалить всех найденных?
bulk-delete-happens = Они попадут в корзину, и 30 дней их можно вернуть. Письма, которые им ещё не ушли, не уйдут.
bulk-delete-do = Удалить

recipients-export = Экспорт

suppressions-title = Стоп-лист
suppressions-lead = Сюда мы не отправляем ничего, кто бы ни был в получателях.
suppressions-hint = Адрес или целый домен: eve@example.org или example.org.
suppressions-add = Добавить в стоп-лист
suppressions-search-hint = Адрес или домен целиком
suppressions-col-target = Адрес или домен
suppressions-col-reason = Почему
suppressions-col-since = С какого дня
suppressions-col-do = Действие
suppressions-remove = Убрать
suppressions-none-found = Такого адреса и его домена в стоп-листе нет.
suppressions-empty-title = Стоп-лист пуст
suppressions-empty-text = Сюда сами попадают те, кто отписался или пожаловался, и адреса, которых больше нет.
suppression-added = { $target } теперь в стоп-листе.
suppression-removed = { $target } больше не в стоп-листе.
suppression-of-recipient = { $target } остаётся в стоп-листе: получатель сам отказался от писем.
