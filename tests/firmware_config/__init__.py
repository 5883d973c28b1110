"""What is put on a device beside Roundsman, by the checkers of the programs that read it."""
