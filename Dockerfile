# Kimaki and the OpenCode it drives, for one user: docs/docker.md.
FROM node:24-trixie-slim AS build
WORKDIR /build
COPY . .
RUN mkdir /packed && npm install --no-audit --no-fund && npm pack --workspace kimaki --pack-destination /packed

FROM node:24-trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates curl git openssh-client procps ripgrep \
  && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=build,source=/packed,target=/packed \
  npm install --global --no-audit --no-fund /packed/kimaki-*.tgz && npm cache clean --force
# All that lasts is in the home folder of its user: the data folder, the projects, OpenCode's log-ins and sessions, keys for git.
RUN usermod --home /data node && install --directory --owner node --group node --mode 700 /data
USER node
ENV HOME=/data
WORKDIR /data
VOLUME /data
# The first process is the wrapper: it passes SIGTERM on to the bot, which ends within 5 seconds.
ENTRYPOINT ["kimaki"]
CMD ["--projects-dir", "/data/projects"]
HEALTHCHECK --interval=10m --timeout=1m --start-period=2m CMD ["kimaki", "doctor"]
