"""What people do in a real browser, against the product as `clubassist demo` starts it."""
