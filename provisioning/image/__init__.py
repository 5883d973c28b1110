"""What is put on a unit: the files rendered for it, and what its boot partition holds for the first boot."""
