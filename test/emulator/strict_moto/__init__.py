"""moto behind a strict CloudFormation.

moto's own CloudFormation answers CREATE_COMPLETE for types, properties and
attributes it has never heard of.  This package replaces it: every resource is made
through the service's own API and read back through the service's own Describe call,
or the stack is refused with the reason.  moto remains the model of the services.
"""
