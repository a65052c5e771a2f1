# Состояния. Слово зависит от вещи, поэтому у каждой вещи свои ключи.
mailing-state-draft = Черновик
mailing-state-created = Создана
mailing-state-running = Запущена
mailing-state-paused = На паузе
mailing-state-disabled = Отключена
mailing-state-finished = Завершена

run-state-due = Ожидает
run-state-freezing = Готовится
run-state-running = Идёт
run-state-paused = На паузе
run-state-stopping = Останавливается
run-state-success = Успешно
run-state-partly = Частично
run-state-failure = Неудача
run-state-nothing-to-send = Некому отправлять
run-state-missed = Пропущен
run-state-stopped = Остановлен

delivery-state-waiting = Ожидает
delivery-state-sending = Отправляется
delivery-state-delivered = Доставлено
delivery-state-failed = Отказ
delivery-state-suppressed = Стоп-лист
delivery-state-cancelled = Отменено
delivery-state-unknown = Неизвестно

# Все числа полосы для тех, кто её не видит.
bar-label = Доставлено { $delivered }, отказ { $failed }, неизвестно { $unknown }, стоп-лист { $suppressed }, отменено { $cancelled }, ожидает { $waiting }

recipient-state-active = Активен
recipient-state-unsubscribed = Отписан
recipient-state-bounced = Недоступен
recipient-state-complained = Жалоба
recipient-state-suppressed = Стоп-лист

user-state-active = Активен
user-state-unverified = Адрес не подтверждён
user-state-blocked = Заблокирован
user-state-deleted = Удалён
