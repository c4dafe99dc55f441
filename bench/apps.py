import os

from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "bench"

    def ready(self):
        """On demand nothing is logged, to see what the log costs."""
        if os.environ.get("BENCH_UNLOGGED"):
            from audit.capture.registry import registered_models, unregister

            for model in registered_models():
                unregister(model)
