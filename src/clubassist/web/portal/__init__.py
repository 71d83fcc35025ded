"""The member portal: phone pages that need no JavaScript, no app and no password."""
