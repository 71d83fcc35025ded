"""How we did: measures and the state of every clause; reads every room."""
