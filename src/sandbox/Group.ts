/**
 * What every group of handlers gets: writes that a client who hangs up cannot cut short and that need the right to
 * write, and a mark when the handler itself is through, so that an answer of ours that does not fit the contract is told
 * from a bad request.
 *
 * @since 0.1.0
 */
import type * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as GlobalValue from "effect/GlobalValue"
import * as Operation from "../habu/api/Operation.js"
import * as Access from "./Access.js"

/**
 * The request that this fibre answers, as far as its handler has come.
 *
 * @since 0.1.0
 * @category models
 */
export const progress = GlobalValue.globalValue(
  "habu-mcp/sandbox/Group/progress",
  () => FiberRef.unsafeMake<{ handled: boolean }>({ handled: false })
)

const handled = Effect.map(FiberRef.get(progress), (exchange) => {
  exchange.handled = true
})

/**
 * Wraps a group's finished handlers.
 *
 * @since 0.1.0
 * @category combinators
 */
export const served = <E, Provides, R, Endpoints extends HttpApiEndpoint.HttpApiEndpoint.Any>(
  handlers: HttpApiBuilder.Handlers<E, Provides, R, Endpoints>
): HttpApiBuilder.Handlers<E, Provides, R, Endpoints> =>
  Object.assign(Object.create(Object.getPrototypeOf(handlers)), handlers, {
    handlers: Chunk.map(handlers.handlers, (item) => {
      const endpoint = handlers.group.endpoints[item.endpoint.name]
      const writes = endpoint === undefined || Operation.effectOf(endpoint) !== "read"
      return {
        ...item,
        handler: (request: Parameters<typeof item.handler>[0]) =>
          Effect.locally(Effect.zipLeft(item.handler(request), handled), Access.writes, writes),
        uninterruptible: writes
      }
    })
  })
