"""django-helpdesk from PyPI, in its own environment, set up as its documentation says and favoured where in doubt."""
