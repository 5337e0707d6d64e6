"""What every program on an instance is beside its task: how it starts and ends, reads its configuration, and says that it is well."""
