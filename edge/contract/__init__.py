"""What crosses the wire or a USB stick: messages, documents, signatures. Both ends import it; it imports neither."""
