from hypothesis import HealthCheck, settings

# The same examples each time; `--hypothesis-profile=long` looks for new ones.
settings.register_profile("short", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("short")
