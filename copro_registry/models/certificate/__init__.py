from . import copro_certificate, copro_certificate_policy, copro_certificate_request
