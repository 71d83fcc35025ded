"""The least that Django can do: one commit of five rows behind a JSON view, and a list page of fifty rows."""
