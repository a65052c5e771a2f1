# Слова вокруг каждой страницы.
brand = Рассылки
skip-to-content = К содержанию
menu-label = Главное меню
menu-open = Меню
menu-close = Закрыть
menu-overview = Обзор
menu-recipients = Получатели
menu-mailings = Рассылки
menu-log = Журнал
menu-users = Пользователи
menu-all-mailings = Все рассылки
menu-deeds = Действия
menu-audit = Журнал действий
menu-mine = Моё
sign-in = Войти
sign-out = Выйти
theme-dark = Тёмная тема
theme-light = Светлая тема
footer = Работает на вашем сервере. Без посторонних скриптов и слежки.
demo-label = Демонстрация
demo-banner = Это демонстрация: наружу ничего не уходит.
demo-outbox = Прочитать отправленные письма

title-with-error = Ошибка: { $title }
check-fields = { $n ->
    [1] Проверьте одно поле
    [one] Проверьте { $n } поле
    [few] Проверьте { $n } поля
   *[many] Проверьте { $n } полей
}
save = Сохранить
saved = Сохранено.
edit = Изменить
delete = Удалить
cancel = Отменить
keep = Оставить
undo = Вернуть
optional = (необязательно)
pair-date = Дата
pair-time = Время
filters-apply = Найти
bulk-apply = Применить
bulk-row = Отметить { $name }
steps-label = Шаги
question-happens = Что произойдёт:
nothing-found = Ничего не нашлось
clear-filters = Сбросить фильтры
refresh = Обновить
live-lost = Связь с сервисом потеряна. Здесь видно, как всё было в { $at }. Мы пробуем снова.
live-back = Связь восстановлена.
forecast-lost = Сервис не отвечает: план отправок не знает о последней правке. Чтобы спросить снова, нажмите «Пересчитать».
autosave-lost = Сервис не отвечает: последние правки есть только на этой странице. Не закрывайте её, мы пробуем снова.
autosave-refused = Последние правки сохранить не удалось, они есть только на этой странице. Нажмите «Сохранить», и станет видно почему.
server-reply = Ответ сервера
saved-version = Сохранённая версия

pager-label = Страницы
pager-shown = { $n ->
    [one] Показана { $n } строка
    [few] Показаны { $n } строки
   *[many] Показано { $n } строк
}
pager-first = В начало
pager-next = { $n ->
    [one] Следующая { $n }
    [few] Следующие { $n }
   *[many] Следующие { $n }
}

count-recipients = { $n ->
    [one] { $n } получатель
    [few] { $n } получателя
   *[many] { $n } получателей
}
erased-address = стёртый адрес
erased-user = удалённый аккаунт
