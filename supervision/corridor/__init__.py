"""How the rooms are joined: whose a ping is, and what alert a finding becomes."""
