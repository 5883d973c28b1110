"""The vehicle's end of the wire: publishes the ledger in order, takes what headquarters and the fleet say."""
