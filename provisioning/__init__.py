"""A fleet: its certificates, the enrolment of its units, the files of each. What is not built, the README says."""
