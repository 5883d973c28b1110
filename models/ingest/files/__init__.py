"""Files of incidents as tables of texts: each kind of file a module, and every row of a file accounted for."""
