"""The faces: pages for staff and members, and the machines' API. No models, no migrations."""
