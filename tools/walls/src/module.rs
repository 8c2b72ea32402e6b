//! What one module defines, imports and mentions.

use std::collections::{HashMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Lit, UseTree, Visibility};

/// A path as it stands in a source: `["super", "Song"]`.
pub type Names = Vec<String>;

/// A path that the code of a module mentions.
#[derive(Debug)]
pub struct Mention {
    pub names: Names,
    pub line: usize,
}

/// What a `use` brings in.
#[derive(Debug)]
pub struct Import {
    /// Name here; `None` for all names of a module (`*`).
    pub name: Option<String>,
    pub names: Names,
    pub line: usize,
    /// Whether others see it too (`pub use`).
    pub passed_on: bool,
}

/// A method that a type has from an `impl` block.
#[derive(Debug)]
pub struct Method {
    pub of: Names,
    pub name: String,
}

/// A module, in a file of its own or within one.
#[derive(Debug, Default)]
pub struct Module {
    /// Index in [`Tree::files`].
    pub file: usize,
    pub parent: Option<usize>,
    pub children: HashMap<String, usize>,
    pub items: HashSet<String>,
    pub imports: Vec<Import>,
    pub mentions: Vec<Mention>,
    pub methods: Vec<Method>,
    /// Names of methods that are called, with a line.
    pub calls: Vec<(String, usize)>,
}

impl Module {
    /// Reads the items of a module, but for the modules within it.
    pub fn read(items: &[Item], file: usize, parent: Option<usize>) -> Self {
        let mut reader = Reader::default();
        for item in items {
            reader.visit_item(item);
        }
        Self {
            file,
            parent,
            items: items.iter().filter_map(defined).collect(),
            ..reader.module
        }
    }
}

/// Whether only tests see what has these attributes.
pub fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|one| {
        let cfg = one.path().is_ident("cfg")
            && one
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.to_string() == "test");
        cfg || one.path().is_ident("test")
    })
}

/// The name of what an item defines.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Gathers what one module mentions.
#[derive(Default)]
struct Reader {
    module: Module,
    /// Names of variables in the function that is being read: they hide items.
    variables: HashSet<String>,
}

impl Reader {
    fn mention(&mut self, names: Names, line: usize) {
        let hidden = names.len() == 1 && self.variables.contains(&names[0]);
        if !names.is_empty() && !hidden {
            self.module.mentions.push(Mention { names, line });
        }
    }

    fn import(&mut self, tree: &UseTree, before: &[String], passed_on: bool) {
        let joined = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        let (name, names, ident) = match tree {
            UseTree::Path(path) => {
                return self.import(&path.tree, &joined(&path.ident), passed_on);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, passed_on);
                }
                return;
            }
            UseTree::Name(name) if name.ident == "self" => {
                (before.last().cloned(), before.to_vec(), name.ident.span())
            }
            UseTree::Name(name) => {
                let own = Some(name.ident.to_string());
                (own, joined(&name.ident), name.ident.span())
            }
            UseTree::Rename(renamed) => {
                let own = Some(renamed.rename.to_string());
                (own, joined(&renamed.ident), renamed.ident.span())
            }
            UseTree::Glob(star) => (None, before.to_vec(), star.star_token.spans[0]),
        };
        let line = ident.start().line;
        self.module.imports.push(Import {
            name,
            names,
            line,
            passed_on,
        });
    }
}

/// The names of variables in a function.
struct Variables<'a>(&'a mut HashSet<String>);

impl<'ast> Visit<'ast> for Variables<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.0.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        // Modules are read one by one.
        if !for_tests(attributes(item)) && !matches!(item, Item::Mod(_)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let outer = self.variables.clone();
        Variables(&mut self.variables).visit_item_fn(item);
        visit::visit_item_fn(self, item);
        self.variables = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if for_tests(&item.attrs) {
            return;
        }
        Variables(&mut self.variables).visit_impl_item_fn(item);
        visit::visit_impl_item_fn(self, item);
        self.variables.clear();
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let (None, syn::Type::Path(of)) = (&item.trait_, &*item.self_ty) {
            let of: Names = names(&of.path);
            let functions = item.items.iter().filter_map(|one| match one {
                syn::ImplItem::Fn(one) if !for_tests(&one.attrs) => Some(one.sig.ident.to_string()),
                _ => None,
            });
            self.module.methods.extend(functions.map(|name| Method {
                of: of.clone(),
                name,
            }));
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            let passed_on = !matches!(item.vis, Visibility::Inherited);
            self.import(&item.tree, &[], passed_on);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let line = call.method.span().start().line;
        self.module.calls.push((call.method.to_string(), line));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none()
            && let Some(first) = path.segments.first()
        {
            let line = first.ident.span().start().line;
            self.mention(names(path), line);
        }
        visit::visit_path(self, path);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if !attribute.path().is_ident("doc") {
            visit::visit_attribute(self, attribute);
        }
    }

    /// What stands in macros and attributes.
    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.read_tokens(tokens.clone());
    }
}

impl Reader {
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(one)) if one.as_char() == sign);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Literal(literal) => self.read_literal(literal),
                TokenTree::Ident(first) => {
                    // What follows one full stop is a field or a method.
                    if at >= 2 && is(at - 2, '.') && !(at >= 3 && is(at - 3, '.')) {
                        continue;
                    }
                    let mut path = vec![first.to_string()];
                    while is(at, ':')
                        && is(at + 1, ':')
                        && let Some(TokenTree::Ident(next)) = tokens.get(at + 2)
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    self.mention(path, first.span().start().line);
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Serde names functions and modules in strings.
    fn read_literal(&mut self, literal: &proc_macro2::Literal) {
        if let Lit::Str(text) = Lit::new(literal.clone())
            && let Ok(path) = syn::parse_str::<syn::Path>(&text.value())
            && path.segments.len() > 1
        {
            self.mention(names(&path), literal.span().start().line);
        }
    }
}

fn names(path: &syn::Path) -> Names {
    let segments = path.segments.iter();
    segments.map(|one| one.ident.to_string()).collect()
}
