"""What every program on an instance needs of AWS, in the standard library of Python 3.9.

No pip at boot and no aws-cli on the way to a takeover: the one may not answer while a zone is down, the other takes
half a second a call.
"""
