# Basin for many visitors: docker build -t basin . && docker run -p 8000:8000 -v basin:/data basin
# It writes to /data, /tmp and /dev/shm alone, and needs no capability:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges …
FROM python:3.13-slim-trixie@sha256:ffb752e139c0a19692a43af8d8523b274222dd68eebad5d583b45c2201c6e30a

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

WORKDIR /basin
# The optional parts that the image holds: those of requirements-….txt that WITH names.
ARG WITH="redis"
COPY requirements.txt requirements-dask.txt requirements-metrics.txt requirements-redis.txt ./
RUN set -- -r requirements.txt \
    && for name in $WITH; do set -- "$@" -r "requirements-$name.txt"; done \
    && pip install --require-hashes --only-binary=:all: "$@"

RUN useradd --system --home-dir /data --shell /usr/sbin/nologin basin \
    && install --directory --owner=basin --group=basin /data
COPY app/ app/
COPY static/ static/
COPY templates/ templates/

# PORT and WEB_CONCURRENCY (processes) are read by gunicorn; numpy is to use one core in each.
ENV PORT=8000 \
    WEB_CONCURRENCY=2 \
    OPENBLAS_NUM_THREADS=1 \
    GUNICORN_CMD_ARGS=--worker-tmp-dir=/dev/shm \
    PLAYGROUND_STORE=sqlite:////data/basin.db \
    PLAYGROUND_THIS_PYTHON=1
# By name: the volumes of earlier images belong to whatever number it was given there.
# hadolint ignore=DL3066
USER basin
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]

CMD ["gunicorn", "--worker-class=app.web.worker.Worker", "--threads=64", "--worker-connections=1000", "--keep-alive=30", "--graceful-timeout=5", "--worker-tmp-dir=/dev/shm", "--no-control-socket", "app:create_app()"]
