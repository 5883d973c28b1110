"""A fleet: certificates, enrolment, device files, doctor. Not built yet: see this folder's README."""
