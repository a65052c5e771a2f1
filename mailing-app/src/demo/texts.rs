//! What the demo's owners write, and to whom.

/// An owner's demo: lists with people, and messages.
pub(super) struct Texts {
    /// Names of the lists; recipients are dealt out to them in turn.
    pub(super) lists: [&'static str; 2],
    /// First names.
    pub(super) first: &'static [&'static str],
    /// Family names.
    pub(super) last: &'static [&'static str],
    /// Comment of every tenth recipient.
    pub(super) comment: &'static str,
    /// Weekly news, a season's letter, an invitation, a draft, and the one that goes out soon.
    pub(super) messages: [Text; 5],
    /// Names of the mailings: the weekly one, the one that is over, the disabled one, the paused one,
    /// the one that is to come, the draft, and the one that goes out soon.
    pub(super) mailings: [&'static str; 7],
    /// Why the manager stopped a mailing.
    pub(super) reason: &'static str,
}

/// A message.
pub(super) struct Text {
    /// Subject.
    pub(super) subject: &'static str,
    /// Body in Markdown.
    pub(super) body: &'static str,
}

pub(super) const RUSSIAN: Texts = Texts {
    lists: ["Клиенты", "Партнёры"],
    first: &[
        "Анна",
        "Борис",
        "Вера",
        "Глеб",
        "Дарья",
        "Егор",
        "Жанна",
        "Захар",
        "Инна",
        "Кирилл",
        "Лидия",
        "Максим",
    ],
    last: &["Орлова", "Соколова", "Лебедева", "Воробьёва", "Зимина"],
    comment: "Просили писать по вторникам",
    messages: [
        Text {
            subject: "Новости недели для вас, {{ recipient.full_name | default(\"друг\") }}",
            body: "# Здравствуйте, {{ recipient.full_name | default(\"друг\") }}!\n\n\
                   На этой неделе мы открыли новый зал и привезли книги, которых давно ждали.\n\n\
                   * **Понедельник**: чтение вслух для детей.\n\
                   * **Среда**: встреча с переводчицей.\n\
                   * **Суббота**: обмен книгами.\n\n\
                   Приходите, чай за нами.",
        },
        Text {
            subject: "Зимняя коллекция",
            body: "# Пальто, которые пережили десять зим\n\n\
                   {{ recipient.full_name | default(\"Здравствуйте\") }}, мы собрали вещи, которые \
                   не выбрасывают. Посмотрите их в мастерской до конца месяца.",
        },
        Text {
            subject: "Приглашение на открытие",
            body: "Мы открываемся **в субботу в полдень**. Будем рады вас видеть.\n\n\
                   Если не сможете прийти, просто ответьте на это письмо.",
        },
        Text {
            subject: "Весенняя распродажа начинается",
            body: "Текст ещё пишется.",
        },
        Text {
            subject: "Письмо, которое ушло само",
            body: "# {{ recipient.full_name | default(\"Здравствуйте\") }}!\n\n\
                   Эту рассылку никто не запускал руками: она ждала своего времени и ушла сама.\n\n\
                   Журнал запуска покажет, кому письмо доставлено, кому нет и почему.",
        },
    ],
    mailings: [
        "Новости недели",
        "Зимняя коллекция",
        "Скидки каждую неделю",
        "Встречи по средам",
        "Приглашение на открытие",
        "Весенняя распродажа",
        "Письмо, которое ушло само",
    ],
    reason: "Получатели жалуются: они не подписывались на эту рассылку.",
};

pub(super) const ENGLISH: Texts = Texts {
    lists: ["Customers", "Partners"],
    first: &[
        "Alice", "Brian", "Clara", "Daniel", "Emma", "Frank", "Grace", "Henry", "Ivy", "Jack",
        "Karen", "Liam",
    ],
    last: &["Adams", "Brooks", "Collins", "Dawson", "Ellis"],
    comment: "Asked to be written to on Tuesdays",
    messages: [
        Text {
            subject: "This week's news, {{ recipient.full_name | default(\"friend\") }}",
            body: "# Hello {{ recipient.full_name | default(\"friend\") }},\n\n\
                   The garden is open again, and the first apples are in.\n\n\
                   * **Monday**: pruning for beginners.\n\
                   * **Wednesday**: the beekeeper comes by.\n\
                   * **Saturday**: seed swap.\n\n\
                   See you under the old pear tree.",
        },
        Text {
            subject: "Winter collection",
            body: "# Coats that outlived ten winters\n\n\
                   {{ recipient.full_name | default(\"Hello\") }}, we have put together what people \
                   keep. Come and see it in the workshop until the end of the month.",
        },
        Text {
            subject: "You are invited",
            body: "We open **on Saturday at noon** and would love to see you.\n\n\
                   If you cannot come, just answer this message.",
        },
        Text {
            subject: "The spring sale begins",
            body: "Still being written.",
        },
        Text {
            subject: "The message that sent itself",
            body: "# Hello {{ recipient.full_name | default(\"there\") }},\n\n\
                   Nobody pressed a button for this mailing: it waited for its time and went out \
                   by itself.\n\n\
                   The run's log shows who got it, who did not, and why.",
        },
    ],
    mailings: [
        "Weekly news",
        "Winter collection",
        "Discounts every week",
        "Wednesday meetings",
        "Invitation to the opening",
        "Spring sale",
        "The message that sent itself",
    ],
    reason: "Recipients complain that they never signed up for this.",
};
