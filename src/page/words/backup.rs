//! Backups in words, and what the browser has promised.

use crate::page::library::backup::BackupFault;
use crate::page::state::{BackupNews, Persistence, Restored};
use crate::text::{Language, Text, backup as say, trouble};

/// What came of a backup.
#[must_use]
pub fn news(language: Language, news: &BackupNews) -> String {
    match news {
        BackupNews::Reading => say::READING_BACKUP.of(language).to_owned(),
        BackupNews::Restored(restored) => self::restored(language, *restored),
        BackupNews::Interrupted => say::RESTORE_INTERRUPTED.of(language).to_owned(),
        BackupNews::Refused(fault) => refused(language, fault),
    }
}

fn restored(language: Language, restored: Restored) -> String {
    let count = |one: Text, many: Text, count: usize| match count {
        1 => one.of(language).to_owned(),
        count => many.fill(language, &[("count", &count.to_string())]),
    };
    let new = count(say::RESTORED_ONE, say::RESTORED_MANY, restored.new);
    if restored.known == 0 {
        return new;
    }
    let known = count(say::KNOWN_ONE, say::KNOWN_MANY, restored.known);
    if restored.new == 0 {
        return known;
    }
    say::RESTORED.fill(language, &[("restored", &new), ("known", &known)])
}

/// Why a backup is not put back.
fn refused(language: Language, fault: &BackupFault) -> String {
    let text = match fault {
        BackupFault::Unreadable(detail) => {
            let detail = trouble::detail(language, detail);
            return say::BACKUP_UNREADABLE.fill(language, &[("detail", &detail)]);
        }
        BackupFault::Foreign => say::BACKUP_FOREIGN,
        BackupFault::Newer(_) => say::BACKUP_NEWER,
        BackupFault::Damaged => say::BACKUP_DAMAGED,
    };
    text.of(language).to_owned()
}

/// Whether the browser clears by itself what is kept; `None` where that is not known.
#[must_use]
pub const fn persistence(persistence: Persistence) -> Option<Text> {
    match persistence {
        Persistence::Unknown | Persistence::Asked => None,
        Persistence::Granted => Some(say::PERSISTENCE_GRANTED),
        Persistence::Denied => Some(say::PERSISTENCE_DENIED),
        Persistence::Unsupported => Some(say::PERSISTENCE_UNSUPPORTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_back_is_counted() {
        let said = |new, known| {
            let restored = BackupNews::Restored(Restored { new, known });
            news(Language::English, &restored)
        };
        assert_eq!(said(1, 0), "1 song came out of the backup.");
        assert_eq!(
            said(0, 1),
            "1 song was here already; what you said of it here stays."
        );
        assert_eq!(
            said(20, 3),
            "20 songs came out of the backup. 3 songs were here already; what you said of them here stays."
        );
    }

    #[test]
    fn each_refusal_has_words_of_its_own() {
        let faults = [
            BackupFault::Unreadable("gone".to_owned()),
            BackupFault::Foreign,
            BackupFault::Newer(2),
            BackupFault::Damaged,
        ];
        for language in Language::ALL {
            let said: std::collections::HashSet<_> = faults
                .iter()
                .map(|fault| news(language, &BackupNews::Refused(fault.clone())))
                .collect();
            assert_eq!(said.len(), faults.len());
        }
    }
}
