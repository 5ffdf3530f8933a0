"""What a person gets to see: landing, decay, ranking and the trending list."""
