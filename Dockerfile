# syntax=docker/dockerfile:1
# One image per service: docker build --build-arg SERVICE=seat-service .
# All nine in one process: docker build --target one-process .
# Everything up to the last stages is the same for all, so it is built once and shared.

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
COPY one-process/package.json one-process/
COPY e2e/package.json e2e/
COPY bench/package.json bench/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN npx tsc -b packages/platform packages/contracts api-gateway auth-service flight-search-service seat-service \
      booking-service payment-service discount-service ticket-service notification-service one-process \
 && find . -path ./node_modules -prune -o \( -name '*.tsbuildinfo' -o -name '*.d.ts' -o -name '*.map' -o -name '.tsbuildinfo' \) -type f -exec rm {} +

# What the nine services need at run time, in one layer that all their images share.
FROM manifests AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=peer --no-audit --no-fund \
      -w api-gateway -w auth-service -w flight-search-service -w seat-service -w booking-service \
      -w payment-service -w discount-service -w ticket-service -w notification-service

FROM node:24.11.1-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/packages/platform packages/platform
COPY --from=build /app/packages/contracts packages/contracts
COPY --from=build /app/docs/openapi docs/openapi

FROM runtime AS one-process
COPY --from=build /app/api-gateway api-gateway
COPY --from=build /app/auth-service auth-service
COPY --from=build /app/flight-search-service flight-search-service
COPY --from=build /app/seat-service seat-service
COPY --from=build /app/booking-service booking-service
COPY --from=build /app/payment-service payment-service
COPY --from=build /app/discount-service discount-service
COPY --from=build /app/ticket-service ticket-service
COPY --from=build /app/notification-service notification-service
COPY --from=build /app/one-process one-process
WORKDIR /app/one-process
USER node
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "/app/packages/platform/dist/health/probe.js", \
       "8080", "3000", "4000", "5000", "6000", "7000", "8000", "9000", "9100"]
CMD ["node", "dist/main.js"]

FROM runtime
ARG SERVICE
COPY --from=build /app/${SERVICE} ${SERVICE}
WORKDIR /app/${SERVICE}
USER node
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "/app/packages/platform/dist/health/probe.js"]
CMD ["node", "dist/main.js"]
