"""What the faces share: base templates, styles, icons and the template tags."""
