# Что показала проверка сервиса: команда doctor и страница системы.
doctor-configuration = Настройки прочитаны без ошибок.
doctor-public-url = Получатели видят сервис по адресу { $url }.
doctor-public-url-plain = Получатели видят сервис по адресу { $url } без https: почтовые программы не предложат отписку в один щелчок. Поставьте перед сервисом прокси с https и задайте server.public_url.
doctor-database = База данных отвечает, обновлена и цела.
doctor-outbox = Письма складываются в { $server } и никому не отправляются. Чтобы отправлять, укажите почтовый сервер в mail.url.
doctor-mail = { $server } отвечает. Соединение не шифруется.
doctor-mail-encrypted = { $server } отвечает, соединение шифруется.
doctor-mail-signed-in = { $server } отвечает, соединение шифруется, имя и пароль приняты.
doctor-mail-no-name = Имени сервера из { $server } не существует ({ $said }). Исправьте mail.url.
doctor-mail-no-answer = { $server } не отвечает ({ $said }). Проверьте, что он запущен, и адрес с портом в mail.url.
doctor-mail-encryption = Не удалось установить шифрованное соединение с { $server } ({ $said }). Проверьте его сертификат или настройки mail.tls и mail.ca_file.
doctor-mail-password = { $server } не принимает имя или пароль ({ $said }). Исправьте их в mail.url.
doctor-mail-refuses = { $server } отказывает нам ({ $said }). Обратитесь к его администратору или выберите другой сервер в mail.url.

menu-system = Система
system-lead = Mailing { $version }, { $store }, схема { $schema }, кеш: { $cache }.
system-check-again = Проверить ещё раз
system-findings = Проверка
system-examined = { $when }. То же показывает команда mailing doctor.
system-server = Почтовый сервер
system-server-used = Работает
system-server-used-told = { $n ->
    [one] { $n } соединение, писем в передаче: { $dialogues }.
    [few] { $n } соединения, писем в передаче: { $dialogues }.
   *[many] { $n } соединений, писем в передаче: { $dialogues }.
}
system-server-probing = Пробуем
system-server-probing-told = Одно письмо покажет, работает ли он; остальные ждут.
system-server-away = Не отвечает
system-server-away-told = Письма ждут. Следующая попытка в { $until }. Причина: { $why }
system-server-elsewhere = Не здесь
system-server-elsewhere-told = Этот процесс показывает только страницы. Отправляет другой: mailing worker или mailing serve.
system-store-trouble = База данных не отвечает: { $why }
system-journal-trouble = Журнал не пишется, новые письма не начинаются: { $why }
system-clock-skew = { $seconds ->
    [one] Часы этой машины расходятся с часами базы данных на { $seconds } секунду. При расхождении больше минуты запуски не планируются.
    [few] Часы этой машины расходятся с часами базы данных на { $seconds } секунды. При расхождении больше минуты запуски не планируются.
   *[many] Часы этой машины расходятся с часами базы данных на { $seconds } секунд. При расхождении больше минуты запуски не планируются.
}
system-domain-paused = { $domain } отказывает нам, повторим в { $until }: { $why }
system-domain-limited = { $domain } просит отправлять меньше, писем одновременно: { $n }. Ответ: { $why }
system-queue = Очередь
system-queue-deliveries = Письма рассылок
system-queue-letters = Письма самого сервиса
system-queue-waits = { $n ->
    [one] { $n } письмо, ждёт с { $since }
    [few] { $n } письма, первое ждёт с { $since }
   *[many] { $n } писем, первое ждёт с { $since }
}
system-queue-empty = Ничего не ждёт
system-no-store = База данных не отвечает, поэтому очередь и обработчики не видны.
system-cache = Кеш
system-cache-hits = Отвечает на { $share } обращений этого процесса.
system-cache-idle = Обращений ещё не было.
system-cache-away = Общий кеш не отвечает: пока каждый процесс хранит данные сам. Страницы работают, только медленнее.
system-workers = Обработчики
system-col-worker = Машина и процесс
system-col-since = Работает с
system-col-seen = Последний сигнал
system-this = Этот процесс
worker-works = Работает
worker-silent = Молчит
worker-left = Остановлен
system-limits = Ограничения скорости
system-col-target = Для чего
system-col-rate = Скорость
system-col-source = Откуда
system-limit-server = Почтовый сервер
system-limit-configured = Конфигурация
system-limit-set = Команда mailing rates
system-limits-how = Меняются командой mailing rates, действуют через несколько секунд.
rate-per-second = { $n } в секунду
rate-per-minute = { $n } в минуту
rate-per-hour = { $n } в час
rate-per-day = { $n } в сутки
rate-unlimited = Без ограничения

first-title = Остался один шаг
first-say = Сервис работает, но аккаунтов в нём ещё нет. Создайте администратора: он пригласит остальных и раздаст роли.
first-place = На машине, где работает сервис, в папке { $folder } выполните:
first-command = Команда
first-hint = Вместо you@example.org укажите свой адрес. Команда спросит пароль; подтверждать адрес не нужно.
first-environment = Задайте ей те же переменные MAILING_…, с которыми запущен сервис.
first-then = Войдите с этим адресом и паролем. Обзор проведёт до первой рассылки.
first-done = Готово, войти
