import { describe, expect, it } from "vitest";
import { fileServer, imageRuntime, isProxy } from "./runtimes.ts";
import { imageStore } from "./stores.ts";

describe("runtime of an image", () => {
  const rows: [image: string, runtime: string | undefined][] = [
    ["node:20-alpine", "node 20"],
    ["docker.io/library/node:20.11.1-bookworm-slim", "node 20.11.1"],
    ["node:lts-alpine", "node null"],
    ["node", "node null"],
    ["node:18@sha256:abcdef0123", "node 18"],
    ["public.ecr.aws/docker/library/node:22", "node 22"],
    ["public.ecr.aws/lambda/nodejs:20", "node 20"],
    ["gcr.io/distroless/nodejs20-debian12", "node 20"],
    ["registry.access.redhat.com/ubi9/nodejs-18:latest", "node 18"],
    ["cimg/node:18.17", "node 18.17"],
    ["python:3.12-slim-bookworm", "python 3.12"],
    ["tiangolo/uvicorn-gunicorn-fastapi:python3.11", "python 3.11"],
    ["ghcr.io/astral-sh/uv:python3.13-bookworm-slim", "python 3.13"],
    ["registry.access.redhat.com/ubi8/python-39", "python 3.9"],
    ["golang:1.22-alpine", "go 1.22"],
    ["rust:1.75-slim", "rust 1.75"],
    ["lukemathwalker/cargo-chef:latest-rust-1.80", "rust 1.80"],
    ["eclipse-temurin:21-jre-alpine", "java 21"],
    ["openjdk:11-jre-slim", "java 11"],
    ["maven:3.9.6-eclipse-temurin-17", "java 17"],
    ["gradle:8.5-jdk21", "java 21"],
    ["gcr.io/distroless/java17-debian12", "java 17"],
    ["ruby:3.3.0-slim", "ruby 3.3.0"],
    ["php:8.3-fpm-alpine", "php 8.3"],
    ["dunglas/frankenphp:1-php8.3", "php 8.3"],
    ["mcr.microsoft.com/dotnet/aspnet:8.0", "dotnet 8.0"],
    ["hexpm/elixir:1.16.0-erlang-26.2.1-debian-bookworm-20231009-slim", "elixir 1.16.0"],
    ["oven/bun:1.1-alpine", "bun 1.1"],
    ["denoland/deno:alpine-1.40.2", "deno 1.40.2"],
    ["alpine:3.19", undefined],
    ["nginx:1.25", undefined],
    ["${IMAGE}", undefined],
    ["mynode:20", undefined],
  ];
  it.each(rows)("%s", (image, expected) => {
    const found = imageRuntime(image);
    expect(found && `${found.name} ${found.version}`).toBe(expected);
  });
});

describe("store of an image", () => {
  const rows: [image: string, store: string | undefined][] = [
    ["postgres:16-alpine", "postgres 16"],
    ["bitnami/postgresql:15.4.0", "postgres 15.4.0"],
    ["postgis/postgis:15-3.4", "postgres 15 postgis"],
    ["pgvector/pgvector:pg16", "postgres 16 vector"],
    ["timescale/timescaledb:2.14.2-pg16", "postgres 16 timescaledb"],
    ["mysql:8.0", "mysql 8.0"],
    ["mariadb:11", "mariadb 11"],
    ["mongo:7", "mongodb 7"],
    ["redis:7.2-alpine", "redis 7.2"],
    ["redis/redis-stack:latest", "redis null"],
    ["rabbitmq:3.12-management", "rabbitmq 3.12"],
    ["confluentinc/cp-kafka:7.5.0", "kafka 7.5.0"],
    ["docker.elastic.co/elasticsearch/elasticsearch:8.11.1", "elasticsearch 8.11.1"],
    ["minio/minio:RELEASE.2024-01-01", "s3 null"],
    ["mcr.microsoft.com/mssql/server:2022-latest", "sqlserver 2022"],
    ["adminer", undefined],
    ["dpage/pgadmin4", undefined],
    ["prometheuscommunity/postgres-exporter", undefined],
    ["rediscommander/redis-commander", undefined],
  ];
  it.each(rows)("%s", (image, expected) => {
    const found = imageStore(image);
    expect(found && [found.kind, String(found.version), ...found.extensions].join(" ")).toBe(expected);
  });
});

describe("servers of files and proxies", () => {
  it.each([
    ["nginx:alpine", 80],
    ["nginxinc/nginx-unprivileged:1.25", 8080],
    ["caddy:2", 80],
    ["httpd:2.4", 80],
    ["node:20", undefined],
  ] as const)("%s", (image, port) => {
    expect(fileServer(image)?.port).toBe(port);
  });
  it.each([
    ["traefik:v3", true],
    ["haproxy:2.8", true],
    ["nginx:alpine", false],
  ] as const)("%s", (image, expected) => {
    expect(isProxy(image)).toBe(expected);
  });
});
