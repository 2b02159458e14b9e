/**
 * A sandbox for one test, and the ways to talk to it: plain requests as any client sends them, and the typed client.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { HabuApi } from "../../src/habu/api/HabuApi.js"
import type { Entry } from "../../src/sandbox/RequestLog.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"

/** A Monday morning. */
export const monday = Date.UTC(2026, 2, 16, 9)

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body, parsed; undefined if it is no JSON. */
  readonly json: any
}

const parse = (text: string) => {
  const decode = Effect.try(() => JSON.parse(text) as unknown)
  return Effect.runSync(Effect.orElseSucceed(decode, () => undefined))
}

export const send = (url: string, init: RequestInit = {}): Effect.Effect<Answer, unknown> =>
  Effect.tryPromise(async (signal) => {
    const response = await fetch(url, { signal, ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  })

export const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`

export const requestToken = (sandbox: Sandbox.Service, secret = Redacted.value(sandbox.clientSecret)) =>
  send(`${sandbox.url}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: basic(sandbox.clientId, secret),
      "content-type": "application/x-www-form-urlencoded"
    },
    body: "grant_type=client_credentials"
  })

/** Waits, without a sleep, until the sandbox has noted a request of a kind. */
export const noted = (sandbox: Sandbox.Service, is: (entry: Entry) => boolean) =>
  Effect.repeat(Effect.promise(() => new Promise((resolve) => setImmediate(resolve))), {
    until: () => Effect.map(sandbox.requests, (entries) => entries.some(is))
  })

export const start = (options: Sandbox.Options = {}) =>
  Effect.gen(function*() {
    const sandbox = yield* Sandbox.make({ now: monday, rows: 3000, ...options })
    const token: string = (yield* requestToken(sandbox)).json.accessToken
    const authorization = `Bearer ${token}`
    const call = (method: string, path: string, body?: unknown) =>
      send(`${sandbox.url}${path}`, {
        method,
        headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
    const client = HttpApiClient.makeWith(HabuApi, {
      baseUrl: sandbox.url,
      httpClient: (yield* Effect.provide(HttpClient.HttpClient, FetchHttpClient.layer)).pipe(
        HttpClient.mapRequest(HttpClientRequest.setHeader("authorization", authorization))
      )
    })
    const get = (path: string) => call("GET", path)
    const cleanRoomId = (name: string) =>
      Effect.map(
        get("/cleanrooms"),
        ({ json }): string => json.find((room: { name: string }) => room.name.trim() === name).id
      )
    const questionId = (cleanRoom: string, name: string) =>
      Effect.gen(function*() {
        const id = yield* cleanRoomId(cleanRoom)
        const { json } = yield* get(`/cleanrooms/${id}/cleanroom-questions`)
        const found: string = json.find((question: { name: string }) => question.name === name).id
        return found
      })
    return { sandbox, token, call, get, client: yield* client, cleanRoomId, questionId }
  })
