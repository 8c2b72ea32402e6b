//! Smart lists: songs that meet rules, whenever they came.

use serde::{Deserialize, Serialize};

use crate::rule::Rule;

/// Most lists, and most letters of a name: so that a damaged file stays small.
const MOST: usize = 200;
const MOST_LETTERS: usize = 80;

/// A list that songs are on by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmartList {
    /// Its name, which no other has.
    pub name: String,
    /// Its rules, as [`Rule`] reads them: a song must meet all.
    pub rules: Vec<String>,
}

impl SmartList {
    /// A list of that name, without spaces around it; `None` where it has no name, or a rule
    /// is none.
    #[must_use]
    pub fn new(name: &str, rules: Vec<String>) -> Option<Self> {
        let name: String = name.trim().chars().take(MOST_LETTERS).collect();
        let list = Self { name, rules };
        (!list.name.is_empty() && list.read().is_some()).then_some(list)
    }

    /// Its rules; `None` where one of them is none, as a newer page may have written it.
    #[must_use]
    pub fn read(&self) -> Option<Vec<Rule>> {
        self.rules.iter().map(|rule| rule.parse().ok()).collect()
    }
}

/// All smart lists, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmartLists(Vec<SmartList>);

impl SmartLists {
    /// These lists; of two of one name the first.
    #[must_use]
    pub fn of(lists: impl IntoIterator<Item = SmartList>) -> Self {
        let mut all = Self::default();
        for list in lists {
            if all.get(&list.name).is_none() {
                all.put(list);
            }
        }
        all
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lists, by name.
    pub fn iter(&self) -> impl Iterator<Item = &SmartList> {
        self.0.iter()
    }

    /// The list of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SmartList> {
        self.iter().find(|list| list.name == name)
    }

    /// Puts a list in, in the place of one of its name.
    pub fn put(&mut self, list: SmartList) {
        self.remove(&list.name);
        if self.0.len() < MOST {
            self.0.push(list);
            self.0.sort_by(|a, b| super::natural(&a.name, &b.name));
        }
    }

    /// Takes out the list of that name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|list| list.name != name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, rule: &str) -> SmartList {
        SmartList::new(name, vec![rule.to_owned()]).unwrap()
    }

    #[test]
    fn lists_stand_by_name_and_each_name_once() {
        let mut lists = SmartLists::of([
            list("Run 10", "tempo~160..180"),
            list("Run 9", "mood=happy"),
            list("Run 9", "mood=sad"),
        ]);
        let names: Vec<_> = lists.iter().map(|list| list.name.as_str()).collect();
        assert_eq!(names, ["Run 9", "Run 10"]);
        assert_eq!(lists.get("Run 9").unwrap().rules, ["mood=happy"]);
        lists.put(list("Run 9", "mood=calm"));
        assert_eq!(lists.get("Run 9").unwrap().rules, ["mood=calm"]);
        lists.remove("Run 9");
        assert_eq!(lists.iter().count(), 1);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(SmartList::new("  ", vec![]), None);
        assert_eq!(SmartList::new("a", vec!["mood".to_owned()]), None);
        assert!(SmartList::new(" all ", vec![]).is_some_and(|list| list.name == "all"));
    }
}
