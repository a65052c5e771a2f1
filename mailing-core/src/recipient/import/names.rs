//! What columns are called in files that people have.

use super::mapping::Target;
use crate::recipient::attribute_key;

/// Names of the column with addresses, the surest first. Compared without case, blanks and signs.
const EMAIL: &[&str] = &[
    "email",
    "emailaddress",
    "mail",
    "mailaddress",
    "recipientemail",
    "почта",
    "электроннаяпочта",
    "электрпочта",
    "элпочта",
    "имейл",
    "емейл",
    "емайл",
    "мейл",
    "адресэлектроннойпочты",
    "адресэлпочты",
    "адреспочты",
    "address",
    "адрес",
];

/// Names of the column with whole names.
const FULL_NAME: &[&str] = &[
    "fullname",
    "recipientfullname",
    "recipientname",
    "displayname",
    "фио",
    "полноеимя",
    "фамилияимяотчество",
    "фамилияимя",
    "имяифамилия",
    "имяфамилия",
];

/// Names of columns that hold a name of some kind, where nothing better is there.
const ANY_NAME: &[&str] = &[
    "name",
    "имя",
    "firstname",
    "получатель",
    "контакт",
    "фамилия",
];

/// Names of the column with notes.
const COMMENT: &[&str] = &[
    "comment",
    "comments",
    "note",
    "notes",
    "remark",
    "комментарий",
    "комментарии",
    "примечание",
    "примечания",
    "заметка",
    "заметки",
];

/// Names of columns that are a full name together, in the order of a signature.
const NAME_PARTS: [&[&str]; 3] = [
    &["firstname", "givenname", "имя", "name"],
    &["middlename", "patronymic", "отчество"],
    &["lastname", "surname", "familyname", "фамилия"],
];

/// What the columns of a header probably hold. Each target is given to one column at most, but the
/// full name to as many as it has parts.
pub(super) fn guess(columns: &[String]) -> Vec<(usize, Target)> {
    let plain: Vec<_> = columns.iter().map(|name| simplified(name)).collect();
    let first_of = |names: &[&str]| {
        let mut names = names.iter();
        names.find_map(|name| plain.iter().position(|plain| plain == name))
    };
    let mut targets = Vec::new();
    let mut give = |column: Option<usize>, target: Target| {
        if let Some(column) = column.filter(|column| !has(&targets, *column)) {
            targets.push((column, target));
        }
    };
    give(first_of(EMAIL), Target::Email);
    match (first_of(FULL_NAME), NAME_PARTS.map(first_of)) {
        (None, [Some(first), middle, Some(last)]) => {
            for part in [Some(first), middle, Some(last)] {
                give(part, Target::FullName);
            }
        }
        (whole, _) => give(whole.or_else(|| first_of(ANY_NAME)), Target::FullName),
    }
    give(first_of(COMMENT), Target::Comment);
    give(first_of(&["recipientstate"]), Target::State);
    give(first_of(&["recipientattributes"]), Target::Attributes);
    for (column, name) in columns.iter().enumerate() {
        let free = attribute(name).filter(|target| !targets.iter().any(|(_, t)| t == target));
        if let Some(target) = free.filter(|_| !has(&targets, column)) {
            targets.push((column, target));
        }
    }
    targets
}

fn has(targets: &[(usize, Target)], column: usize) -> bool {
    targets.iter().any(|(known, _)| *known == column)
}

fn attribute(name: &str) -> Option<Target> {
    let name = name.trim();
    let key = name
        .strip_prefix("recipient.attributes.")
        .or_else(|| name.strip_prefix("attributes."))
        .unwrap_or(name);
    let key = key.replace([' ', '-'], "_");
    attribute_key(&key).ok().map(Target::Attribute)
}

fn simplified(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(columns: &[&str]) -> Vec<String> {
        let columns: Vec<_> = columns.iter().map(|c| (*c).to_owned()).collect();
        let mut names = vec![String::new(); columns.len()];
        for (column, target) in guess(&columns) {
            names[column] = target.to_string();
        }
        names
    }

    #[test]
    fn columns_are_known_by_russian_and_english_names() {
        for (name, target) in [
            ("email", "email"),
            ("E-Mail", "email"),
            (" E mail ", "email"),
            ("Эл. почта", "email"),
            ("Электронная почта", "email"),
            ("ПОЧТА", "email"),
            ("Адрес", "email"),
            ("Ф.И.О.", "full_name"),
            ("ФИО", "full_name"),
            ("Имя", "full_name"),
            ("Full Name", "full_name"),
            ("full_name", "full_name"),
            ("Комментарий", "comment"),
            ("notes", "comment"),
            ("City", "attributes.city"),
            ("Birth date", "attributes.birth_date"),
            ("attributes.vip", "attributes.vip"),
            ("recipient_state", "recipient_state"),
            ("Recipient attributes", "recipient_attributes"),
            ("state", "attributes.state"),
            ("Фамилия", "full_name"),
            ("First name", "full_name"),
            ("Город", ""),
            ("", ""),
            ("2024", ""),
        ] {
            assert_eq!(guessed(&[name]), [target], "{name:?}");
        }
    }

    #[test]
    fn the_surest_column_wins_and_none_is_taken_twice() {
        assert_eq!(
            guessed(&["Адрес", "Почта", "Имя", "ФИО"]),
            ["", "email", "", "full_name"]
        );
        assert_eq!(
            guessed(&["email", "mail", "city", "City"]),
            ["email", "attributes.mail", "attributes.city", ""]
        );
    }

    #[test]
    fn parts_of_a_name_are_joined_in_the_order_of_a_signature() {
        let order = |columns: &[&str]| {
            let columns: Vec<_> = columns.iter().map(|c| (*c).to_owned()).collect();
            let names = guess(&columns).into_iter();
            let names = names.filter(|(_, target)| *target == Target::FullName);
            names.map(|(column, _)| column).collect::<Vec<_>>()
        };
        assert_eq!(order(&["Фамилия", "Имя", "почта"]), [1, 0]);
        assert_eq!(order(&["Фамилия", "Имя", "Отчество", "почта"]), [1, 2, 0]);
        assert_eq!(order(&["First name", "Last name", "email"]), [0, 1]);
        assert_eq!(order(&["Имя", "Фамилия", "ФИО", "почта"]), [2]);
        assert_eq!(order(&["name", "surname", "email"]), [0, 1]);
    }
}
