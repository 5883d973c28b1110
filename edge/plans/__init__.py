"""Plans: the file an analyst writes, the draw from risk, drafts, their words. Car and headquarters both call it."""
