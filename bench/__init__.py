"""How fast the product is, beside a bare Django app and django-helpdesk, on one PostgreSQL; run by hand."""
