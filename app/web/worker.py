"""A worker of gunicorn that serves as `python -m app` does: gunicorn's are kept busy by silence.

Gunicorn's own worker with threads (gthread) reads each request in a thread: as many half-sent ones
as there are threads, and nobody is answered. Here gunicorn keeps the processes, and `Server`
the connections.
"""

import os

from gunicorn.workers.base import Worker as BaseWorker

from app.web.server import Server, end_soon


class Worker(BaseWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers in `--threads` threads, on up to `--worker-connections` connections."""

    server: Server | None = None

    def run(self) -> None:
        """Answer until the master or its end says so."""
        server = self.server = Server(
            self.wsgi,
            [listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            connections=self.cfg.worker_connections,
            idle_seconds=self.cfg.keepalive,
            body_bytes=self.wsgi.config["MAX_CONTENT_LENGTH"],
        )
        server.serve(lambda: not self.alive or self.ppid != os.getppid(), self.notify)
        end_soon()
        server.close()

    def handle_exit(self, sig: int, frame: object) -> None:
        """End, and begin with it now."""
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.wake()
