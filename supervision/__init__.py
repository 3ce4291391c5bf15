"""The application: who is supervised, the doors to the outside, and what joins the rooms."""
