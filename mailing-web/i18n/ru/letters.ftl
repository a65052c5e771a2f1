# Собственные письма сервиса.
letter-why-account = Вы получили это письмо, потому что у вас есть аккаунт на { $site }.
letter-why-anybody = Этот адрес указали на { $site }. Если это были не вы, ничего не делайте: без перехода по ссылке ничего не произойдёт.
letter-life-day = Ссылка действует 24 часа и срабатывает один раз.
letter-life-half-hour = Ссылка действует 30 минут и срабатывает один раз.
letter-life-week = Ссылка действует 7 дней и срабатывает один раз.

letter-verify-address-subject = Подтвердите адрес
letter-verify-address-preheader = После этого можно отправлять рассылки.
letter-verify-address-title = Подтвердите адрес
letter-verify-address-text = Вы создали аккаунт на { $site } с этим адресом. Нажмите кнопку, и можно будет отправлять рассылки.
letter-verify-address-button = Подтвердить адрес

letter-already-registered-subject = У вас уже есть аккаунт
letter-already-registered-preheader = Войдите или задайте новый пароль.
letter-already-registered-title = У вас уже есть аккаунт
letter-already-registered-text = Кто-то хотел создать аккаунт на { $site } с этим адресом. Он уже есть: войдите или задайте новый пароль, если забыли старый. Если это были не вы, ничего не делайте.
letter-already-registered-button = Войти

letter-reset-password-subject = Ссылка для нового пароля
letter-reset-password-preheader = Она действует 30 минут.
letter-reset-password-title = Новый пароль
letter-reset-password-text = Вы попросили новый пароль на { $site }. Нажмите кнопку и придумайте его. Если вы не просили, ничего не делайте: останется старый пароль.
letter-reset-password-button = Придумать пароль

letter-password-changed-subject = Ваш пароль изменён
letter-password-changed-preheader = Все остальные сеансы завершены.
letter-password-changed-title = Ваш пароль изменён
letter-password-changed-text = Пароль вашего аккаунта на { $site } изменён, все, кто входил в него, вышли. Если это были не вы, сразу задайте новый пароль.
letter-password-changed-button = Задать новый пароль

letter-new-address-subject = Подтвердите новый адрес
letter-new-address-preheader = До этого остаётся старый.
letter-new-address-title = Подтвердите новый адрес
letter-new-address-text = Вы хотите пользоваться этим адресом для аккаунта на { $site }. Нажмите кнопку, и дальше входите с ним.
letter-new-address-button = Перейти на этот адрес

letter-address-changed-subject = Ваш адрес изменён
letter-address-changed-preheader = Если это были не вы, верните прежний.
letter-address-changed-title = Ваш адрес изменён
letter-address-changed-text = Ваш аккаунт на { $site } теперь привязан к адресу { $address }. Если это были не вы, верните прежний адрес: все, кто вошёл в аккаунт, выйдут.
letter-address-changed-button = Вернуть прежний адрес

letter-verify-sender-subject = Подтвердите адрес отправителя
letter-verify-sender-preheader = С него смогут уходить рассылки.
letter-verify-sender-title = Можно писать с этого адреса?
letter-verify-sender-text = { $owner } хочет отправлять рассылки с этого адреса через { $site }. Если вы согласны, нажмите кнопку.
letter-verify-sender-button = Подтвердить отправителя

letter-second-factor-on-subject = Вход по коду включён
letter-second-factor-on-preheader = Сохраните запасные коды.
letter-second-factor-on-title = Вход по коду включён
letter-second-factor-on-text = Теперь { $site } после пароля спросит код из приложения. Храните запасные коды в надёжном месте. Если это были не вы, задайте новый пароль и напишите администратору.
letter-second-factor-on-button = Открыть настройки

letter-second-factor-off-subject = Вход по коду отключён
letter-second-factor-off-preheader = Теперь достаточно пароля.
letter-second-factor-off-title = Вход по коду отключён
letter-second-factor-off-text = Теперь для входа на { $site } достаточно пароля. Если это были не вы, задайте новый пароль и снова включите вход по коду.
letter-second-factor-off-button = Открыть настройки

letter-mailing-disabled-subject = Рассылка «{ $name }» отключена
letter-mailing-disabled-preheader = Больше ничего из неё не отправится.
letter-mailing-disabled-title = Ваша рассылка отключена
letter-mailing-disabled-text = Менеджер { $site } отключил рассылку «{ $name }». Неотправленные письма ждут. Причина:
letter-mailing-disabled-button = Открыть рассылку

letter-mailing-enabled-subject = Рассылка «{ $name }» включена
letter-mailing-enabled-preheader = Она пойдёт дальше по расписанию.
letter-mailing-enabled-title = Ваша рассылка продолжается
letter-mailing-enabled-text = Менеджер { $site } снова включил рассылку «{ $name }». Она пойдёт дальше по расписанию.
letter-mailing-enabled-button = Открыть рассылку

letter-invited-subject = Приглашение в сервис рассылок
letter-invited-preheader = Придумайте пароль, и можно начинать.
letter-invited-title = Для вас создан аккаунт
letter-invited-text = Администратор { $site } создал для вас аккаунт. Придумайте пароль, и можно будет отправлять рассылки.
letter-invited-button = Придумать пароль

letter-run-failures-subject = { $failed ->
    [0] «{ $name }»: есть письма с неясным исходом
    [one] «{ $name }»: { $failed } отказ из { $planned }
    [few] «{ $name }»: { $failed } отказа из { $planned }
   *[many] «{ $name }»: { $failed } отказов из { $planned }
}
letter-run-failures-preheader = Запуск окончен. Письма дошли не до всех.
letter-run-failures-title = Запуск окончен, дошло не всем
letter-run-failures-text = Рассылка «{ $name }»: всего { $planned }, отказов { $failed }, с неясным исходом { $unknown }. На странице запуска видно, кому письмо не доставлено и почему, и можно отправить ещё раз.
letter-run-failures-button = Открыть запуск

letter-run-stopped-subject = «{ $name }»: запуск остановлен
letter-run-stopped-preheader = Часть писем не отправлена.
letter-run-stopped-title = Запуск остановлен
letter-run-stopped-text = { $unsent ->
    [0] Рассылка «{ $name }»: запуск остановлен раньше времени. Почему, сказано на странице запуска.
    [one] Рассылка «{ $name }»: запуск остановлен раньше времени, { $unsent } письмо не отправлено. Почему, сказано на странице запуска.
    [few] Рассылка «{ $name }»: запуск остановлен раньше времени, { $unsent } письма не отправлено. Почему, сказано на странице запуска.
   *[many] Рассылка «{ $name }»: запуск остановлен раньше времени, { $unsent } писем не отправлено. Почему, сказано на странице запуска.
}
letter-run-stopped-button = Открыть запуск

letter-user-blocked-subject = Ваш аккаунт заблокирован
letter-user-blocked-preheader = Ваши рассылки остановлены.
letter-user-blocked-title = Ваш аккаунт заблокирован
letter-user-blocked-text = Менеджер заблокировал ваш аккаунт на { $site }. Войти нельзя, рассылки остановлены. Чтобы разобраться, напишите администратору. Причина:

letter-user-unblocked-subject = Ваш аккаунт разблокирован
letter-user-unblocked-preheader = Снова можно войти.
letter-user-unblocked-title = Снова можно войти
letter-user-unblocked-text = Менеджер разблокировал ваш аккаунт на { $site }. Рассылки, срок которых не вышел, продолжаются.
letter-user-unblocked-button = Войти

letter-account-deleted-subject = Ваш аккаунт удалён
letter-account-deleted-preheader = Рассылки остановлены.
letter-account-deleted-title = Ваш аккаунт удалён
letter-account-deleted-text = Вы удалили аккаунт на { $site }. Все сеансы завершены, от вашего имени больше ничего не отправится.

letter-why-contact = Вы получили это, потому что ваш адрес указан на странице контактов { $site }.

letter-feedback-subject = Сообщение со страницы контактов
letter-feedback-preheader = От { $name }, { $email }
letter-feedback-title = Вам написали
letter-feedback-text = { $phone ->
    [none] Пишет { $name } ({ $email }). Ответ на это письмо уйдёт по этому адресу.
   *[other] Пишет { $name } ({ $email }, телефон { $phone }). Ответ на это письмо уйдёт по этому адресу.
}
letter-feedback-button = Открыть сообщение
