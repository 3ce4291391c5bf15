# One image for every part of ours; the database and the broker have their own.
FROM debian:12.12-slim

WORKDIR /app

# The same steps as on a bare machine, without the servers. The code comes after them, so that
# changing it does not fetch the packages again.
COPY pyproject.toml README.md requirements.lock requirements-assets.lock ./
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup scripts/vendor-assets scripts/
RUN scripts/setup image \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* "$HOME/.cache" "$HOME/.npm"

COPY alerts alerts
COPY geofence geofence
COPY ingest ingest
COPY supervision supervision

# Docker gives a new volume the owner of the folder it is first mounted on.
RUN .venv/bin/python -m compileall -q alerts geofence ingest supervision \
    && install -d -o 10001 -g 10001 -m 0755 \
        /secrets /secrets/app /secrets/simulate /secrets/db /secrets/broker /demo

ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["supervision"]
CMD ["--help"]
