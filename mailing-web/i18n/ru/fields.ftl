# Названия полей по последней части пути, "_" заменён на "-".
field-email = Электронная почта
field-password = Пароль
field-subject = Тема
field-body = Текст
field-name = Название
field-full-name = Полное имя
field-message = Письмо
field-start = Первая отправка
field-end = Окончание
field-zone = Часовой пояс
field-audience = Кому
field-one-of-windows = Окно { $n }
