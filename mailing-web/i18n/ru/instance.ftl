# Контакты, обратная связь, настройки сервиса.
deed-edit-settings = Изменены настройки сервиса
deed-answer-feedback = Сообщение отмечено как отвеченное
deed-reopen-feedback = С сообщения снята отметка об ответе
deed-delete-feedback = Сообщение удалено
deed-undelete-feedback = Сообщение возвращено из корзины

menu-contacts = Контакты
menu-feedback = Обратная связь
menu-instance = Настройки сервиса
menu-service = Сервис

field-writer = Ваше имя
field-phone = Телефон
field-feedback = Сообщение
field-blog-writers = Кто пишет в блог
field-contact-address = Адрес для обратной связи
field-contact-text-ru = Текст страницы контактов по-русски
field-contact-text-en = Текст страницы контактов по-английски

contacts-address = Электронная почта:
contacts-write = Написать нам
contacts-email-hint = По этому адресу мы ответим.
contacts-feedback-hint = Вопрос, ошибка или пожелание. До 5 000 знаков.
contacts-website = Оставьте это поле пустым
contacts-sent = Сообщение отправлено. Ответим по адресу { $email }.
contacts-send = Отправить

feedback-lead = Всё, что написали на странице контактов.
feedback-tabs = Какие сообщения показать
feedback-tab-new = Без ответа
feedback-tab-answered = Отвеченные
feedback-tab-all = Все
feedback-search = Имя, адрес или текст
feedback-col-who = Кто написал
feedback-col-text = Сообщение
feedback-col-when = Когда
feedback-is-new = Без ответа
feedback-is-answered = Отвечено
feedback-none-found = Таких сообщений нет.
feedback-none-title = Здесь пусто
feedback-none-text = Остальные сообщения на соседних вкладках.
feedback-empty-title = Сообщений пока нет
feedback-empty-text = Здесь появится всё, что напишут на странице контактов.
feedback-to-contacts = Открыть страницу контактов
feedback-reply = Ответить письмом
feedback-answer = Отметить как отвеченное
feedback-reopen = Снять отметку об ответе
feedback-language = Язык страницы
feedback-answered = Сообщение отмечено как отвеченное.
feedback-reopened = Отметка об ответе снята.
feedback-deleted = Сообщение удалено. Оно лежит в корзине 30 дней.
feedback-undeleted = Сообщение возвращено.

instance-title = Настройки сервиса
instance-lead = Действуют для всех, кто им пользуется.
instance-address-hint = Показывается на странице контактов; туда же уходят сообщения с неё. Без адреса они видны только в обратной связи.
instance-text-hint = Markdown. Где текста на языке читателя нет, показывается другой.
instance-look = Посмотреть тексты
instance-saved = Настройки сохранены.
instance-changed = Пока страница была открыта, настройки изменил кто-то ещё. Ваш текст ниже; если сохранить его, он заменит то, что сохранили без вас.
instance-registration = Регистрация
instance-registration-open = Аккаунт может создать кто угодно.
instance-registration-invitation = Аккаунт создаёт тот, кого пригласил администратор.
instance-registration-closed = Аккаунты создаются только командой mailing users create.
instance-registration-where = Меняется в конфигурации: accounts.registration. Новое значение действует после перезапуска.

writers-content-managers = Редакторы блога
writers-every-owner = Редакторы блога и каждый владелец: свои статьи
