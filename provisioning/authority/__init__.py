"""The fleet's certificate authority: an offline root, issuing keys below it, certificates, what was revoked."""
