# docker build -t tagger .   then   docker run -p 8000:8000 -v tagger:/data -e TAGGER_ALLOWED_HOSTS=tags.example.org -e TAGGER_TRUST_PROXY=1 tagger
# (behind a proxy with TLS; in your own network alone -e TAGGER_TLS=0 in place of TAGGER_TRUST_PROXY)
FROM python:3.11.15-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    TAGGER_DATA_DIR=/data

WORKDIR /app

# First what changes seldom, so that a new version of the code builds in seconds
COPY requirements.txt requirements-server.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --compile -r requirements-server.txt

COPY manage.py ./
COPY tagger_site ./tagger_site
COPY tagging ./tagging
COPY templates ./templates
COPY static ./static
RUN python -m compileall -q tagger_site tagging \
 && useradd --uid 10001 --no-create-home --home-dir /data tagger \
 && mkdir /data \
 && chown tagger:tagger /data

USER tagger
VOLUME /data
EXPOSE 8000

# As a visitor asks: by a host name that the site answers to
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as u; host = os.environ.get('TAGGER_ALLOWED_HOSTS', '').split(',')[0].strip(' .') or 'localhost'; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]

# `start` itself is the server, so that `docker stop` lets it tell open pages and end in good order.
CMD ["python", "manage.py", "start", "--host", "0.0.0.0", "--no-browser"]
