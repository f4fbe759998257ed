//! Where a person goes after they signed in.

/// The path if it stays on this server, otherwise nothing. One slash at the start: browsers read `//host` and `/\host`
/// as another site, and drop tabs and line breaks before they look.
pub fn local(path: &str) -> Option<&str> {
    let stays = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    (stays && path.len() <= 2_000 && path.bytes().all(|b| b.is_ascii_graphic())).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_ours_is_taken() {
        for path in ["/", "/c/conv_1?before=m#end", "/share/3bXk/continue"] {
            assert_eq!(local(path), Some(path));
        }
    }

    #[test]
    fn everything_that_could_leave_is_not() {
        for path in ["", "c", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "\\\\evil", "/a\nb", "/é"] {
            assert_eq!(local(path), None, "{path:?}");
        }
    }
}
