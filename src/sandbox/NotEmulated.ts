/**
 * Operations that the sandbox does not emulate: they say so (501).
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Refusal } from "./Refusal.js"
import { SandboxApi } from "./SandboxApi.js"

interface Handling {
  readonly handle: (operation: string, handler: () => Effect.Effect<never, Refusal>) => Handling
}

const refuse = (operation: string) => () =>
  Effect.fail(
    new Refusal({ status: 501, code: "NOT_IMPLEMENTED", message: `The sandbox does not emulate ${operation} yet` })
  )

/**
 * Answers a whole group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <const Name extends keyof typeof SandboxApi.groups & string>(
  name: Name
): Layer.Layer<HttpApiGroup.ApiGroup<"HabuApi", Name>> =>
  HttpApiBuilder.group(
    SandboxApi,
    name as "Health",
    (handlers) =>
      Object.keys(SandboxApi.groups[name]?.endpoints ?? {}).reduce<Handling>(
        (done, operation) => done.handle(operation, refuse(operation)),
        handlers as unknown as Handling
      ) as never
  ) as never
