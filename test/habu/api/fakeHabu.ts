/** The typed client over an in-process Habu that records each request and gives one answer. */
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import { HabuApi } from "../../../src/habu/api/HabuApi.js"

export interface Seen {
  readonly method: string
  readonly url: URL
  readonly body: string
}

const bodyOf = (request: HttpClientRequest.HttpClientRequest) =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""

/** What the client reads when Habu answers with this text. */
export const answeringText = (answer: string, status = 200) => {
  const seen: Array<Seen> = []
  const httpClient = HttpClient.make((request, url) =>
    Effect.sync(() => {
      seen.push({ method: request.method, url, body: bodyOf(request) })
      return HttpClientResponse.fromWeb(request, new Response(answer, { status }))
    })
  )
  const client = HttpApiClient.makeWith(HabuApi, { httpClient, baseUrl: "https://habu.test/v1" })
  return Effect.map(client, (habu) => ({ habu, seen }))
}

/** What the client reads when Habu answers with this JSON. */
export const answering = (answer: unknown, status = 200) => answeringText(JSON.stringify(answer), status)
