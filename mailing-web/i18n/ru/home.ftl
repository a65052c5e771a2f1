home-title = Каждое письмо на счету
home-say = Добавьте получателей, напишите письмо, выберите время. Рассылка уйдёт сама, один раз или по расписанию, а вы увидите, кому письмо доставлено, кому нет и почему.
home-to-overview = Открыть обзор
home-example-label = Пример завершённого запуска
home-example-name = Зимняя коллекция
home-example-lead = { $n ->
    [one] Понедельник, 09:00. { $n } получатель
    [few] Понедельник, 09:00. { $n } получателя
   *[many] Понедельник, 09:00. { $n } получателей
}
home-counts-label = Сервис в числах
home-count-mailings = Рассылок
home-count-active = Активных
home-count-recipients = Уникальных получателей
home-as-of = Посчитано { $when }, обновляется раз в минуту
home-no-counts = Сейчас посчитать не удаётся. Остальное работает.

login-title = Вход
login-first = Войдите, чтобы открыть эту страницу.
login-demo = Адреса и пароли показаны в терминале, где запущена демонстрация, например для anna@example.com.

overview-greeting = { $n ->
    [0] Здравствуйте, { $name }. Всё готово.
    [1] Здравствуйте, { $name }. До первой рассылки остался один шаг.
    [2] Здравствуйте, { $name }. До первой рассылки осталось два шага.
    [3] Здравствуйте, { $name }. До первой рассылки осталось три шага.
    [one] Здравствуйте, { $name }. До первой рассылки остался { $n } шаг.
    [few] Здравствуйте, { $name }. До первой рассылки осталось { $n } шага.
   *[many] Здравствуйте, { $name }. До первой рассылки осталось { $n } шагов.
}
overview-count-recipients = Получателей
overview-running = Сейчас отправляется
overview-next = Ближайшие отправки
overview-next-empty = Пока ничего не запланировано. Здесь появятся ближайшие отправки ваших рассылок.
step-address = Подтвердить адрес
step-recipients = Добавить получателей
step-message = Написать письмо
step-mailing = Создать рассылку
step-address-do = Открыть настройки
step-recipients-do = Добавить
step-message-do = Написать
step-mailing-do = Создать
overview-attention = Требует внимания
overview-running-all = Сейчас отправляется во всём сервисе
overview-conspicuous = Много отказов за 30 дней
overview-conspicuous-none = Рассылок, где отказов 10 % и больше, нет.
overview-disabled-none = Отключённых рассылок нет.
overview-all = Показать все
overview-sent = писем: { $count }
attention-show = Показать
attention-decide = Решить
attention-server = Почтовый сервер не отвечает
attention-server-note = Письма ждут, повторим в { $when }.
attention-disabled = Менеджер отключил рассылку «{ $name }»
attention-paused = Рассылка «{ $name }» на паузе
attention-held = Рассылка «{ $name }» не отправляется
attention-failed = { $n ->
    [one] { $n } отказ за 7 дней
    [few] { $n } отказа за 7 дней
   *[many] { $n } отказов за 7 дней
}
attention-failed-note = Причины показаны в последнем таком запуске. Несуществующие адреса мы уже внесли в стоп-лист.
attention-unknown = { $n ->
    [one] { $n } письмо с неясным исходом
    [few] { $n } письма с неясным исходом
   *[many] { $n } писем с неясным исходом
}
attention-unknown-note = Связь прервалась после передачи. Отправить ещё раз или оставить?
attention-sender = Отправитель { $address } не подтверждён
attention-sender-note = Пока он не подтверждён, от него ничего не уйдёт.
overview-lately = Последние 30 дней
