/**
 * The sandbox without a socket: a `fetch` that answers in this process.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"

/** What an HTTP client adds to a request as it sends it. */
const asSent = (request: Request) => {
  const { host } = new URL(request.url)
  const framing = request.body === null ? {} : { "transfer-encoding": "chunked" }
  const serverRequest = HttpServerRequest.fromWeb(request)
  return serverRequest.modify({ headers: Headers.setAll(serverRequest.headers, { host, ...framing }) })
}

const answerTo = (app: HttpApp.Default, request: Request) =>
  app.pipe(
    Effect.map((response) => HttpServerResponse.toWeb(response, { withoutBody: request.method === "HEAD" })),
    Effect.provideService(HttpServerRequest.HttpServerRequest, asSent(request)),
    Effect.uninterruptible
  )

/**
 * Makes a `fetch` that sends every request to the app, whatever its host. It fails as `fetch` does where the app ends
 * without an answer, and when the scope closes. Who gives up interrupts the app as a closed socket would.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (app: HttpApp.Default): Effect.Effect<typeof globalThis.fetch, never, Scope.Scope> =>
  Effect.map(FiberSet.makeRuntime(), (run) => (input, init) =>
    new Promise((resolve, reject) => {
      const request = new Request(input, init)
      if (request.signal.aborted) return reject(request.signal.reason)
      const fiber = run(answerTo(app, request))
      const giveUp = () => {
        reject(request.signal.reason)
        fiber.unsafeInterruptAsFork(FiberId.none)
      }
      request.signal.addEventListener("abort", giveUp, { once: true })
      fiber.addObserver((exit) => {
        request.signal.removeEventListener("abort", giveUp)
        if (Exit.isSuccess(exit)) resolve(exit.value)
        else reject(new TypeError("fetch failed", { cause: new Error("The sandbox closed the connection") }))
      })
    }))
