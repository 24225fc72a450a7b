//! The derive of `souk-sdk`: a struct that is a form. Documented where it is used, at
//! `souk_sdk::card::Form`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Lit, Meta, Token};

/// Makes a struct with named fields a form: each field is an input, its doc comment the label, and
/// `#[input(…)]` lists methods of the input to call, like `#[input(range(1, 9), value(1))]`.
#[proc_macro_derive(Form, attributes(input))]
pub fn derive_form(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let item = syn::parse_macro_input!(item as DeriveInput);
    form(&item).unwrap_or_else(Error::into_compile_error).into()
}

fn form(item: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(syn::DataStruct {
        fields: Fields::Named(fields),
        ..
    }) = &item.data
    else {
        return Err(Error::new_spanned(
            &item.ident,
            "a form is a struct with named fields",
        ));
    };
    let inputs = fields
        .named
        .iter()
        .map(input)
        .collect::<syn::Result<Vec<_>>>()?;
    let name = &item.ident;
    let (generics, arguments, bounds) = item.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #generics ::souk_sdk::card::Form for #name #arguments #bounds {
            fn inputs() -> ::std::vec::Vec<::souk_sdk::card::Element> {
                #[allow(unused_imports)]
                use ::souk_sdk::card::Input as _;
                ::std::vec![#(#inputs),*]
            }
        }
    })
}

/// One field as an expression that makes its input.
fn input(field: &Field) -> syn::Result<TokenStream> {
    let (label, kind) = (label(field)?, &field.ty);
    let id = field
        .ident
        .as_ref()
        .map(|name| name.to_string().replace("r#", ""));
    let calls = calls(field)?;
    Ok(quote_spanned! { kind.span() =>
        ::souk_sdk::card::Element::from(
            <#kind as ::souk_sdk::card::Field>::input(#id, #label) #(.#calls)*
        )
    })
}

/// The field's doc comment in one line: what people read.
fn label(field: &Field) -> syn::Result<String> {
    let lines = field
        .attrs
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(line),
                    ..
                }) => Some(line.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        });
    let label = lines.collect::<Vec<_>>().join(" ").trim().to_owned();
    if label.is_empty() {
        let why = "an input needs a label: write a doc comment, people read it above the input";
        return Err(Error::new_spanned(field, why));
    }
    Ok(label)
}

/// The methods `#[input(…)]` lists: `on` is a call without arguments.
fn calls(field: &Field) -> syn::Result<Vec<TokenStream>> {
    let mut calls = Vec::new();
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("input"))
    {
        let listed = attribute.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)?;
        for call in listed {
            calls.push(match call {
                Expr::Path(name) => quote!(#name()),
                Expr::Call(call) => quote!(#call),
                other => {
                    let why = "write methods of the input here, like range(1, 9)";
                    return Err(Error::new_spanned(other, why));
                }
            });
        }
    }
    Ok(calls)
}
