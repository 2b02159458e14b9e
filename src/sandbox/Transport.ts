/**
 * What lies between a client and the sandbox, as far as it can break: a socket, or nothing but a function call.
 *
 * @since 0.1.0
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/**
 * The ways in which an answer fails to arrive. Where none is sent, the request's effect ends interrupted.
 *
 * @since 0.1.0
 * @category models
 */
export interface Transport {
  /** Closes the connection without an answer. */
  readonly drop: (request: Request) => Effect.Effect<never>
  /** Resets it. */
  readonly reset: (request: Request) => Effect.Effect<never>
  /** Sends the status and half of the body, then closes it. */
  readonly half: (request: Request, response: Response) => Effect.Effect<Response>
}

/**
 * The text of an answer that is JSON.
 *
 * @since 0.1.0
 * @category getters
 */
export const bodyOf = (response: Response): string | undefined =>
  response.body._tag === "Uint8Array" ? new TextDecoder().decode(response.body.body) : undefined

const firstHalf = (body: string) => body.slice(0, Math.ceil(body.length / 2))

const drop = (request: Request) =>
  Effect.zipRight(
    Effect.sync(() => NodeHttpServerRequest.toServerResponse(request).destroy()),
    Effect.interrupt
  )

const writeHalf = (request: Request, response: Response) =>
  Effect.async<void>((resume) => {
    const body = bodyOf(response) ?? ""
    const out = NodeHttpServerRequest.toServerResponse(request)
    const length = String(Buffer.byteLength(body))
    out.writeHead(response.status, { "content-type": "application/json", "content-length": length })
    out.write(firstHalf(body), () => resume(Effect.void))
  })

/**
 * Node's HTTP server.
 *
 * @since 0.1.0
 * @category constructors
 */
export const sockets: Transport = {
  drop,
  reset: (request) =>
    Effect.zipRight(
      Effect.sync(() => NodeHttpServerRequest.toServerResponse(request).socket?.resetAndDestroy()),
      Effect.interrupt
    ),
  half: (request, response) => Effect.zipRight(writeHalf(request, response), drop(request))
}

/**
 * No connection at all: what is interrupted here becomes a failed `fetch`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inProcess: Transport = {
  drop: () => Effect.interrupt,
  reset: () => Effect.interrupt,
  half: (_request, response) => {
    const begun = Stream.encodeText(Stream.make(firstHalf(bodyOf(response) ?? "")))
    const body = Stream.concat(begun, Stream.fail(new TypeError("The sandbox closed the connection")))
    return Effect.succeed(
      HttpServerResponse.stream(body, { status: response.status, contentType: "application/json" })
    )
  }
}
