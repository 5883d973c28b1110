"""From a message to an acknowledgement: link, intake, receiver, proof. Must not make a report."""
