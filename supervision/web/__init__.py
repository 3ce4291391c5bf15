"""What officers reach with a browser or a program: the API, the console, the live feed."""
