# syntax=docker/dockerfile:1
# One image per service: docker build --build-arg SERVICE=seat-service .
# Everything up to the last stage is the same for all nine, so it is built once and shared.

FROM node:24.11.1-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/platform/package.json packages/platform/
COPY packages/contracts/package.json packages/contracts/
COPY packages/local-stack/package.json packages/local-stack/
COPY api-gateway/package.json api-gateway/
COPY auth-service/package.json auth-service/
COPY flight-search-service/package.json flight-search-service/
COPY seat-service/package.json seat-service/
COPY booking-service/package.json booking-service/
COPY payment-service/package.json payment-service/
COPY discount-service/package.json discount-service/
COPY ticket-service/package.json ticket-service/
COPY notification-service/package.json notification-service/
COPY e2e/package.json e2e/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN npx tsc -b packages/platform packages/contracts api-gateway auth-service flight-search-service seat-service \
      booking-service payment-service discount-service ticket-service notification-service \
 && find . -path ./node_modules -prune -o \( -name '*.tsbuildinfo' -o -name '*.d.ts' -o -name '*.map' -o -name '.tsbuildinfo' \) -type f -exec rm {} +

# What the nine services need at run time, in one layer that all their images share.
FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=peer --no-audit --no-fund \
      -w api-gateway -w auth-service -w flight-search-service -w seat-service -w booking-service \
      -w payment-service -w discount-service -w ticket-service -w notification-service

FROM node:24.11.1-bookworm-slim
ARG SERVICE
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/packages/platform packages/platform
COPY --from=build /app/packages/contracts packages/contracts
COPY --from=build /app/docs/openapi docs/openapi
COPY --from=build /app/${SERVICE} ${SERVICE}
WORKDIR /app/${SERVICE}
USER node
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "/app/packages/platform/dist/health/probe.js"]
CMD ["node", "dist/main.js"]
