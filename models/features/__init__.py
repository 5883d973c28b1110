"""What a model may read: the tables that are no counts, which columns each type uses, and the world they make up."""
