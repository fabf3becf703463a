"""Find and open any file as pictures and a sound."""
