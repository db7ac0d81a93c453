# One static binary in an image that holds nothing else but the certificates of well-known authorities:
#
#   docker build --build-arg VERSION="$(git describe --tags --always)" -t renkei .
#
# It runs as nobody in particular and on a read-only root; only /data is written to, where uploads lie while they are
# looked at. `make image` tries all of that without Docker.
FROM node:22-bookworm AS console
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=console /src/web/dist/console web/dist/console
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/renkei ./cmd/renkei
RUN mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/renkei /renkei
COPY --from=build --chown=65532:65532 --chmod=0700 /out/data /data
ENV RENKEI_LISTEN=0.0.0.0:8080 RENKEI_DATA_DIR=/data RENKEI_LOG_FORMAT=json
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/renkei"]
CMD ["serve"]
