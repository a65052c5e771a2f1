# Блог: для всех и для тех, кто его пишет.
menu-blog = Блог
menu-posts = Статьи
menu-site = Сайт
blog-title = Блог
blog-lead = Новости и статьи
blog-empty-title = Статей пока нет
blog-empty-text = Первая появится здесь, как только её опубликуют.
blog-older = Более ранние
blog-feed = Подписаться через RSS
blog-all = Все статьи
blog-search = Слово из заголовка или текста
blog-nothing-found = Проверьте написание или попробуйте другое слово.
blog-missing-title = Такой статьи нет
blog-missing-text = Возможно, её сняли с публикации, или в адресе опечатка.
blog-share = Поделиться ссылкой
blog-share-address = Адрес статьи
blog-share-mail = Письмом
blog-share-telegram = В Telegram
blog-share-vk = ВКонтакте
blog-others = Другие статьи
blog-previous = Предыдущая
blog-next = Следующая
home-posts = Из блога
count-posts = { $n ->
    [one] { $n } статья
    [few] { $n } статьи
   *[many] { $n } статей
}
count-views = { $n ->
    [one] { $n } просмотр
    [few] { $n } просмотра
   *[many] { $n } просмотров
}

field-title = Заголовок
field-slug = Адрес страницы
field-lead = Вступление
field-content = Текст
field-picture = Картинка
field-alt = Что на картинке
field-when = Когда опубликовать
field-at = Дата и время

posts-new = Новая статья
posts-tabs = Какие статьи показать
posts-shelf-drafts = Черновики
posts-shelf-planned = Запланированные
posts-shelf-published = Опубликованные
posts-shelf-trash = Корзина
posts-col-title = Статья
posts-col-views = Просмотров
posts-dated-drafts = Изменена
posts-dated-planned = Выйдет
posts-dated-published = Опубликована
posts-dated-trash = Удалена
posts-none-drafts = Черновиков нет
posts-none-drafts-text = Новая статья сначала ложится сюда: пока она не опубликована, читатели её не видят.
posts-none-planned = Ничего не запланировано
posts-none-planned-text = Здесь ждут статьи, которые выйдут в назначенное время.
posts-none-published = Опубликованных статей нет
posts-none-published-text = Здесь будут статьи, которые видят все, и число их просмотров.
posts-none-trash = Корзина пуста
posts-none-trash-text = Удалённые статьи лежат здесь 30 дней, и их можно вернуть.
post-slug-hint = Последняя часть ссылки: латинские буквы, цифры, дефисы. Если пусто, получится из заголовка.
post-lead-hint = Одна-две фразы для списка статей и для поиска. Если пусто, возьмём первый абзац.
post-content-hint = Markdown: ## подзаголовок, **важное**, [ссылка](https://example.com).
post-alt-hint = Одной фразой, для тех, кто картинку не видит.
post-saved = Статья сохранена.
post-save-and-publish = Сохранить и опубликовать…
post-save-and-move = Сохранить и изменить дату…
post-preview-show = Показать набранное
post-open = Открыть в блоге
post-unpublish = Снять с публикации
post-delete = Удалить статью
post-is-draft = Черновик, изменён { $when }. Читатели его не видят.
post-is-planned = Выйдет { $when }.
post-is-published = Опубликована { $when }, { $views }.
post-conflict = Статью изменили в другом окне ({ $when }). Ваш текст ниже, ничего не потеряно. Если сохранить, он заменит то, что показано здесь.
post-publish-title = Опубликовать «{ $title }»
post-publish-happens = Статья появится в блоге: { $url }
post-move-happens = Статья останется по адресу { $url }. Если назначить время, до него читатели её не увидят.
post-publish-no-picture = У статьи нет картинки: в списке она будет без неё.
post-publish-now = Сейчас
post-publish-later = В назначенное время
post-publish = Опубликовать
post-publish-not = Не публиковать
post-published = Статья опубликована.
post-planned = Статья выйдет { $when }.
post-unpublished = Статья снята с публикации и снова черновик.
post-deleted = Статья «{ $title }» удалена. Она лежит в корзине 30 дней.
post-undeleted = Статья возвращена.
post-picture-title = Картинка статьи
post-picture-add = Сохранить и добавить картинку…
post-picture-change = Сохранить и изменить картинку…
post-picture-hint = PNG, JPEG или WebP, до { $max } и { $pixels } млн точек. Для списка статей мы обрежем её до 16:9.
post-picture-back = Вернуться к статье
post-picture-saved = Картинка сохранена.
post-picture-remove-ask = Убрать картинку…
post-picture-ask = Убрать картинку из статьи «{ $title }»?
post-picture-happens = Статья останется без картинки. Чтобы вернуть её, файл придётся загрузить снова.
post-picture-remove = Убрать картинку
post-picture-removed = Картинка убрана.
