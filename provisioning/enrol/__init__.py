"""The enrolment service: who has a token gets a certificate, who has a certificate gets the next one."""
