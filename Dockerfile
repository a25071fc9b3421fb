# Stage 1: the wheels of the lock, in an environment that moves to the second stage as it is.
FROM python:3.12-slim-bookworm AS dependencies
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/portal-env \
    && /opt/portal-env/bin/pip install --no-cache-dir --only-binary=:all: --require-hashes \
        --requirement /tmp/requirements.lock

# Stage 2: the portal. The Japanese faces for PDFs lie in the source tree, so no font package.
FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --group=portal /srv/media /srv/run
COPY --from=dependencies /opt/portal-env /opt/portal-env
COPY . /srv/portal
WORKDIR /srv/portal
ENV PATH=/opt/portal-env/bin:$PATH \
    LC_ALL=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=career_portal.settings.production \
    PORTAL_STATIC_ROOT=/srv/static \
    PORTAL_MEDIA_ROOT=/srv/media
# Collecting static files reads the settings but uses none of these values.
RUN PORTAL_SECRET_KEY=unused PORTAL_ALLOWED_HOSTS=unused \
    PORTAL_MEMO_KEYS=unused:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    PORTAL_EMAIL_HOST=unused PORTAL_EMAIL_FROM=unused@unused \
    DATABASE_URL=postgres://unused@unused/unused REDIS_URL=redis://unused \
    python -m django collectstatic --no-input
USER portal
EXPOSE 8000
CMD ["gunicorn", "career_portal.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", \
     "--threads=4", "--timeout=60", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
